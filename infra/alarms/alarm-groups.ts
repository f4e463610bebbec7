import { createHash } from 'node:crypto';
import { AlarmError, type AlarmSpec } from './alarm-spec.ts';

/** A stack takes 500 resources; CDK adds one of its own, and a little room costs nothing. */
const mostAlarms = 480;
const mostStacks = 64;

export type AlarmGroup = { readonly id: string; readonly specs: readonly AlarmSpec[] };

/**
 * Alarms by stack: one a cluster, and where that is too large 2, 4, 8 of them, each server's alarms in the one that its
 * name's hash chooses. So a server more or less moves no other's alarms, and a doubling moves some to a later stack:
 * deployed in this order, no stack creates an alarm that another still has, which CloudFormation refuses.
 * @throws AlarmError if one server or the cluster itself has more alarms than a stack holds
 */
export function alarmGroups(specs: readonly AlarmSpec[]): readonly AlarmGroup[] {
  const clusters = [...new Set(specs.flatMap(({ cluster }) => cluster ?? []))];
  return clusters.flatMap((cluster) =>
    split(
      cluster,
      specs.filter((spec) => spec.cluster === cluster),
    ),
  );
}

function split(cluster: string, specs: readonly AlarmSpec[]): readonly AlarmGroup[] {
  const first = `alarms-${stackWord(cluster)}`;
  for (let count = 1; count <= mostStacks; count *= 2) {
    const groups = Array.from({ length: count }, (_, part) => ({
      id: part === 0 ? first : `${first}-part-${part + 1}`,
      specs: specs.filter(({ target }) => (target === null ? 0 : hash(target)) % count === part),
    }));
    if (groups.every((group) => group.specs.length <= mostAlarms)) {
      return groups.filter((group) => group.specs.length > 0);
    }
  }
  throw new AlarmError(
    `cluster ${cluster} has ${specs.length} alarms, which do not fit into ${mostStacks} stacks of ${mostAlarms}`,
  );
}

const digest = (text: string) => createHash('sha256').update(text).digest();
const hash = (text: string): number => digest(text).readUInt32BE();

/** A cluster's name as stack names have it; one that had to change keeps apart by a piece of its hash. */
function stackWord(cluster: string): string {
  const word = cluster.replace(/[^A-Za-z0-9-]/g, '-');
  return word === cluster ? word : `${word}-${digest(cluster).toString('hex').slice(0, 6)}`;
}
