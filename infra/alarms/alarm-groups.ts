import { createHash } from 'node:crypto';
import { AlarmError, type AlarmSpec } from '../cloudwatch/alarm-spec.ts';

/**
 * A stack takes 500 resources, and a template of 1 MB; CDK adds one resource of its own, and a little room costs nothing.
 * With the longest descriptions the megabyte is full at about 330 alarms.
 */
const most = { alarms: 480, bytes: 900_000 } as const;
const mostStacks = 64;

export type AlarmGroup = { readonly id: string; readonly specs: readonly AlarmSpec[] };

/**
 * Alarms by stack: one a cluster, and where that is too large 2, 4, 8 of them, each server's alarms in the one that its
 * name's hash chooses, each alarm of the cluster by its own. So a server more or less moves no other's alarms, and a
 * doubling moves some to a later stack: deployed in this order, no stack creates an alarm that another still has, which
 * CloudFormation refuses. Queries over all clusters have stacks of their own.
 * @throws AlarmError if one server has more alarms than a stack holds
 */
export function alarmGroups(specs: readonly AlarmSpec[]): readonly AlarmGroup[] {
  const clusters = [...new Set(specs.flatMap(({ cluster }) => cluster ?? []))];
  return [
    ...clusters.flatMap((cluster) =>
      split(
        `alarms-${stackWord(cluster)}`,
        `cluster ${cluster}`,
        specs.filter((spec) => spec.cluster === cluster),
      ),
    ),
    ...split('rules', 'all clusters together', specs.filter(isOfAllClusters)),
  ];
}

/** A query that asks CloudWatch for the series of all clusters. */
export const isOfAllClusters = ({ cluster, compared }: AlarmSpec): boolean =>
  cluster === null && compared.kind === 'promql';

function split(first: string, whose: string, specs: readonly AlarmSpec[]): readonly AlarmGroup[] {
  for (let count = 1; count <= mostStacks; count *= 2) {
    const groups = Array.from({ length: count }, (_, part) => ({
      id: part === 0 ? first : `${first}-part-${part + 1}`,
      specs: specs.filter(({ target, name }) => hash(target ?? name) % count === part),
    }));
    if (groups.every((group) => fits(group.specs))) {
      return groups.filter((group) => group.specs.length > 0);
    }
  }
  throw new AlarmError(
    `${whose}: ${specs.length} alarms do not fit into ${mostStacks} stacks of ${most.alarms} alarms and 1 MB`,
  );
}

const fits = (specs: readonly AlarmSpec[]): boolean =>
  specs.length <= most.alarms && specs.reduce((sum, spec) => sum + templateBytes(spec), 0) <= most.bytes;

/**
 * About what an alarm takes in a template: its texts and numbers, and what goes around them line by line. Measured: 2.5 KB
 * where this says 2.65.
 */
const templateBytes = (spec: AlarmSpec): number =>
  1_000 + Buffer.byteLength(JSON.stringify(spec)) + 60 * Object.keys(spec.tags).length;

const digest = (text: string) => createHash('sha256').update(text).digest();
const hash = (text: string): number => digest(text).readUInt32BE();

/** A cluster's name as stack names have it; one that had to change keeps apart by a piece of its hash. */
function stackWord(cluster: string): string {
  const word = cluster.replace(/[^A-Za-z0-9-]/g, '-');
  return word === cluster ? word : `${word}-${digest(cluster).toString('hex').slice(0, 6)}`;
}
