import type { ClusterFacts } from '../define.ts';
import type { Target } from '../readings/reading.ts';
import type { TargetLabels } from '../series/labels.ts';

/**
 * What rules find on every series of a target: `server_id` is its name; `job` and `instance`, which Prometheus adds to all it
 * scrapes, are `nats` and the host and port of its URL, unless settings' labels say otherwise.
 */
export const targetLabels = (
  { labels: ofCluster }: Pick<ClusterFacts, 'labels'>,
  { name, url, labels: own = {} }: Pick<Target, 'name' | 'url' | 'labels'>,
): TargetLabels => ({ job: 'nats', instance: new URL(url).host, ...ofCluster, ...own, server_id: name });
