import { createHash } from 'node:crypto';
import { formatCount, plural } from '../../lambdas/engine/format.ts';
import { AlarmError, placeOf, type AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import { stackCounts, type StackCount } from '../settings/alarms.ts';

/**
 * What CloudFormation takes, by its user guide's page of quotas: a template has 500 resources and 1 MB, and one operation
 * creates, updates or deletes 2,500 resources of a stack and its nested stacks. A little room is left.
 */
const most = { inGroup: 480, bytesInGroup: 950_000, inStack: 2_400 } as const;

const mostStacks = Math.max(...stackCounts);
const groupsInStack = 16;
/** Of the alarms on a cluster as a whole. */
const groupsOfCluster = 4;

/** Alarms of one nested stack. */
export type AlarmGroup = { readonly id: string; readonly specs: readonly AlarmSpec[] };

/** Groups of one wave are deployed together, and have together no more alarms than one of them may have. */
export type AlarmStack = { readonly id: string; readonly waves: readonly (readonly AlarmGroup[])[] };

/**
 * Alarms by stack and group: a server's where the hash of its name says, those on a cluster as a whole where the hash of
 * their own says. No other alarm moves an alarm, so that none is in two stacks or changes its stack while CloudFormation,
 * which creates before it deletes, still has it in another.
 * @param stacks twice as many move alarms to later stacks only, which are deployed later
 * @throws AlarmError with the way out, if there are more than fit
 */
export function alarmStacks(specs: readonly AlarmSpec[], stacks: StackCount): readonly AlarmStack[] {
  const made = divided(specs, stacks);
  const problem = problemOf(made);
  if (problem !== null)
    throw new AlarmError(`${problem}. ${biggestCluster(specs)}. ${wayOut(specs, stacks)}`);
  return made.map(({ id, groups }) => ({ id, waves: wavesOf(groups) }));
}

/** An alarm on a check's own function is beside that function. */
export const isOfFunction = ({ cluster, compared }: AlarmSpec): boolean =>
  cluster === null && compared.kind !== 'promql';

type Divided = { readonly id: string; readonly groups: readonly AlarmGroup[] };

function divided(specs: readonly AlarmSpec[], stacks: StackCount): readonly Divided[] {
  const placed = specs.filter((spec) => !isOfFunction(spec)).map((spec) => ({ spec, hash: hashOf(spec) }));
  return Array.from({ length: stacks }, (_, stack) => {
    const own = placed.filter((each) => each.hash % stacks === stack);
    const groups = Map.groupBy(own, (each) => Math.floor(each.hash / mostStacks) % groupsInStack);
    return {
      id: stack === 0 ? 'alarms' : `alarms-${stack + 1}`,
      groups: [...groups]
        .sort(([a], [b]) => a - b)
        .map(([group, members]) => ({ id: `group-${group + 1}`, specs: members.map(({ spec }) => spec) })),
    };
  });
}

/** Where an alarm is hangs on this: the same for the same name, whatever else is in the settings. */
function hashOf(spec: AlarmSpec): number {
  if (spec.target !== null) return hash(`${placeOf(spec)}/${spec.target}`);
  const groupsApart = groupsInStack / groupsOfCluster;
  return hash(placeOf(spec)) + (hash(spec.name) % groupsOfCluster) * groupsApart * mostStacks;
}

const hash = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE();

function wavesOf(groups: readonly AlarmGroup[]): AlarmStack['waves'] {
  const waves: AlarmGroup[][] = [];
  let alarms = Infinity;
  for (const group of groups) {
    alarms += group.specs.length;
    if (alarms > most.inGroup) {
      waves.push([]);
      alarms = group.specs.length;
    }
    waves.at(-1)?.push(group);
  }
  return waves;
}

const alarmsIn = ({ groups }: Divided): number => groups.reduce((sum, { specs }) => sum + specs.length, 0);

/** What CloudFormation would refuse; null if nothing. */
function problemOf(stacks: readonly Divided[]): string | null {
  for (const stack of stacks) {
    const alarms = alarmsIn(stack);
    if (alarms > most.inStack)
      return `${formatCount(alarms)} alarms do not fit into the stack ${stack.id}: CloudFormation makes ${formatCount(most.inStack)} at once`;
    for (const { id, specs } of stack.groups) {
      const where = `${id} of the stack ${stack.id}`;
      if (specs.length > most.inGroup)
        return `${specs.length} alarms do not fit into ${where}, which holds ${most.inGroup}`;
      const bytes = specs.reduce((sum, spec) => sum + templateBytes(spec), 0);
      if (bytes > most.bytesInGroup)
        return `${specs.length} alarms with their texts do not fit into ${where}, whose template holds 1 MB`;
    }
  }
  return null;
}

function biggestCluster(specs: readonly AlarmSpec[]): string {
  const placed = specs.filter((spec) => !isOfFunction(spec));
  const byPlace = Map.groupBy(placed, placeOf);
  const [[place, alarms] = ['', []]] = [...byPlace].sort(([, a], [, b]) => b.length - a.length);
  const servers = new Set(alarms.flatMap(({ target }) => target ?? [])).size;
  const of = servers === 0 ? '' : `, ${plural(servers, 'server')}`;
  const part =
    alarms.length * 2 > placed.length ? 'Most are' : `The largest of ${byPlace.size} parts is that`;
  return `${part} of ${place}${of}: ${formatCount(alarms.length)}`;
}

function wayOut(specs: readonly AlarmSpec[], stacks: StackCount): string {
  const enough = stackCounts.find((more) => more > stacks && problemOf(divided(specs, more)) === null);
  const ways = [
    ...(enough === undefined ? [] : [`set alarms.stacks to ${enough}`]),
    ...(specs.some(({ target }) => target !== null) ? ['set alarms.per to cluster'] : []),
    'divide clusters or rules among deployments with a name each',
  ];
  return `Ways out: ${ways.join('; ')}`;
}

/** About what an alarm takes in a template, which has no indentation: its texts and numbers, and what goes around them. */
const templateBytes = (spec: AlarmSpec): number =>
  700 + Buffer.byteLength(JSON.stringify(spec)) + 30 * Object.keys(spec.tags).length;
