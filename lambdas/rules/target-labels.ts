import type { ClusterFacts } from '../define.ts';
import { matches, type Edition, type Matcher } from '../promql/index.ts';
import { keyOfDns, type DnsTarget } from '../readings/found-by-name.ts';
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

/** So begins what stands for a label's value that only a run knows; no value does. */
const toCome = '\0';
export const isToCome = (value: string): boolean => value.startsWith(toCome);

/** The labels of servers that a run finds by name: `server_id` and `instance` may be any. */
export function labelsToCome(
  { labels: ofCluster }: Pick<ClusterFacts, 'labels'>,
  dns: Pick<DnsTarget, 'dns' | 'port' | 'labels'>,
): TargetLabels {
  const any = `${toCome}${keyOfDns(dns)}`;
  return { job: 'nats', instance: any, ...ofCluster, ...dns.labels, server_id: any };
}

/** Whether a matcher takes a target's label, or may take what it will be. */
export function takesLabel(matcher: Matcher, target: TargetLabels, edition: Edition): boolean {
  const value = target[matcher.label] ?? '';
  return isToCome(value) || matches(matcher, value, edition);
}
