import { createHash } from 'node:crypto';
import type { ClusterSettings } from '../../lambdas/settings.ts';
import { serversIn, serversOf } from './servers.ts';

/** Of a batch, which may hold several clusters; of a cluster, which has one of its own where it is larger than that. */
export const mostServers = { batch: 100, cluster: 500 } as const;

/** Clusters that one invocation of a check reads. */
export type Batch = {
  /** Tells it apart in the names of schedules; null where it is the only one of clusters that share a batch. */
  readonly id: string | null;
  readonly clusters: readonly string[];
  readonly servers: number;
};

type Cluster = Pick<ClusterSettings, 'name' | 'targets' | 'dnsTargets'>;

/**
 * Clusters by batch. Batches are the leaves of a tree: one with too many servers becomes two, and a bit of a cluster's hash
 * chooses which. So a cluster more or less touches no batch but its own, and what moves goes to a batch that is new, whose
 * schedule CloudFormation makes before it removes the old one: no minute is left out.
 */
export function batchesOf(clusters: readonly Cluster[]): readonly Batch[] {
  const isLarge = (cluster: Cluster) => serversOf(cluster) > mostServers.batch;
  return [
    ...leaves(clusters.filter((cluster) => !isLarge(cluster))),
    ...clusters.filter(isLarge).map((cluster) => batch(`big-${digest(cluster).slice(0, 6)}`, [cluster])),
  ];
}

/** Of a check's function and a batch. */
export const scheduleName = (functionName: string, batch: Batch['id']): string =>
  `${functionName}${batch === null ? '' : `-${batch}`}`;

/**
 * Of the stack that holds the schedules: it takes 500 resources, functions and topics among them, and a template of 1 MB. A
 * schedule takes about 1 KB beside its clusters' names.
 */
const most = { schedules: 400, bytes: 900_000 } as const;
const bytesOf = { schedule: 1_000, aroundName: 6, check: 7_000 } as const;

/** Why one stack cannot hold the schedules of so many checks for these clusters; null if it can. */
export function schedulesProblem(clusters: readonly Cluster[], checks: number): string | null {
  const batches = batchesOf(clusters).length;
  const names = clusters.reduce((sum, { name }) => sum + name.length + bytesOf.aroundName, 0);
  const bytes = checks * (bytesOf.check + batches * bytesOf.schedule + names);
  if (checks * batches <= most.schedules && bytes <= most.bytes) return null;
  return (
    `${clusters.length} clusters make ${batches} batches, with ${checks} checks ${checks * batches} schedules of ` +
    `${Math.ceil(bytes / 1_000)} KB: a stack takes ${most.schedules}, and ${most.bytes / 1_000} KB; divide the clusters among ` +
    'two settings files, each with a name of its own'
  );
}

/** @param path `1`, and a bit for each turn from the root on: read as a number it is the leaf's place in the tree */
function leaves(clusters: readonly Cluster[], path = '1'): readonly Batch[] {
  if (clusters.length === 0) return [];
  if (serversIn(clusters) <= mostServers.batch) {
    return [batch(path === '1' ? null : String(parseInt(path, 2)), clusters)];
  }
  const turn = (cluster: Cluster) => bitsOf(cluster)[path.length - 1];
  return ['0', '1'].flatMap((bit) =>
    leaves(
      clusters.filter((cluster) => turn(cluster) === bit),
      path + bit,
    ),
  );
}

const batch = (id: string | null, clusters: readonly Cluster[]): Batch => ({
  id,
  clusters: clusters.map(({ name }) => name),
  servers: serversIn(clusters),
});

const digest = ({ name }: Cluster): string => createHash('sha256').update(name).digest('hex');

const bitsOf = (cluster: Cluster): string =>
  BigInt(`0x${digest(cluster)}`)
    .toString(2)
    .padStart(256, '0');
