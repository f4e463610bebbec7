import type { Check } from '../../lambdas/define.ts';
import { selectorsOf, type Edition } from '../../lambdas/promql/index.ts';
import { compile, nameOf, type CompiledAlert } from '../../lambdas/rules/compile.ts';
import { planFor, type PlannedGroup, type RulePlan } from '../../lambdas/rules/plan.ts';
import type { RecordingRule } from '../../lambdas/rules/rule.ts';
import { targetLabels } from '../../lambdas/rules/target-labels.ts';
import { spelled } from '../../lambdas/series/find.ts';
import type { TargetLabels } from '../../lambdas/series/labels.ts';
import type { DeploymentSettings } from '../deployment-settings.ts';
import { publisherOf } from './translate-alarms.ts';
import type { AlertEntry, Entry } from './translate-entries.ts';
import { joined, memoryRefusal, needsOf, type Needs } from './translate-memory.ts';
import type { Names } from './translate-names.ts';
import { refusalOf, refusedRecordings } from './translate-refusals.ts';
import { noTarget } from './translate-targets.ts';

export type Context = {
  readonly settings: DeploymentSettings;
  readonly checks: readonly Check[];
  readonly edition: Edition;
  readonly names: Names;
  /** Why an engine cannot hold an alert that can be read; null if it can. */
  readonly unfit: (entry: AlertEntry) => string | null;
};

/** An alert in the clusters where it selects servers, by their names. */
export type Compiled = ReadonlyMap<string, CompiledAlert>;

export type Planned = {
  readonly plan: Omit<RulePlan, 'covers'>;
  readonly compiled: ReadonlyMap<AlertEntry, Compiled>;
  /** Why each of the refused rules is. */
  readonly refused: ReadonlyMap<Entry, string>;
  /** Recording rules that no deployed alert reads. */
  readonly unused: ReadonlySet<Entry>;
};

/** What of the rules is deployed, and what is refused. */
export function planOf(entries: readonly Entry[], context: Context): Planned {
  const { settings, checks, edition, names, unfit } = context;
  const { engine } = settings.alarms;
  // A query gives each server's series; that there is one alarm for all of them changes nothing about its result.
  const per = engine === 'promql' ? 'server' : settings.alarms.per;
  const recordings = entries.flatMap((entry) => (entry.kind === 'record' ? [entry.rule] : []));
  const refusedNames = refusedRecordings(recordings, { engine, names });
  const refused = new Map<Entry, string>();
  const refuse = (entry: Entry, reason: string | null | undefined): void => {
    if (reason != null && !refused.has(entry)) refused.set(entry, reason);
  };
  for (const entry of entries) {
    if (entry.kind === 'record') refuse(entry, refusedNames.get(entry.rule.record));
    else refuse(entry, refusalOf(entry.rule, { engine, names, refused: refusedNames }) ?? unfit(entry));
  }

  const base = { engine, edition, per, prefixes: names.prefixes, series: [], covers: {} };
  const isLeft = (entry: Entry) => !refused.has(entry);
  const compiled = compiledBy({ ...base, groups: groupsOf(entries.filter(isLeft)) }, settings);
  const targets = settings.clusters.flatMap(labelsOf);
  const alerts = entries.filter((entry) => entry.kind === 'alert');
  for (const entry of alerts.filter(isLeft)) {
    const { ast } = names.read(entry.rule.expr);
    if (ast !== null && isWanted(entry) && compiled(entry).size === 0)
      refuse(entry, noTarget(ast, entry.rule.expr, targets, names, edition));
  }
  if (engine === 'classic') {
    const servers = Math.max(...settings.clusters.map((cluster) => cluster.targets.length));
    let needs: Needs = new Map();
    for (const entry of alerts.filter(isLeft)) {
      const [alert] = compiled(entry).values();
      if (alert === undefined || alert.shape.kind === 'plain') continue;
      const own = needsOf(alert.ast, context);
      refuse(entry, memoryRefusal(needs, own, servers));
      if (isLeft(entry)) needs = joined(needs, own);
    }
  }

  const deployed = alerts.filter((entry) => isLeft(entry) && isWanted(entry));
  const read = readNames(deployed, recordings, names);
  const isRead = (entry: Entry) => entry.kind === 'record' && isLeft(entry) && read.has(entry.rule.record);
  const kept = entries.filter((entry) =>
    entry.kind === 'alert' ? isLeft(entry) && isWanted(entry) : isRead(entry),
  );
  const firsts = deployed.flatMap((entry) => [...compiled(entry).values()].slice(0, 1));
  return {
    plan: {
      ...base,
      groups: groupsOf(kept),
      series: engine === 'classic' ? unpublishedSeries(firsts, checks) : [],
    },
    compiled: new Map(deployed.map((entry) => [entry, compiled(entry)])),
    refused,
    unused: new Set(entries.filter((entry) => entry.kind === 'record' && isLeft(entry) && !isRead(entry))),
  };
}

/** False where no cluster is to have it. */
const isWanted = ({ rule: { clusters } }: AlertEntry): boolean => clusters?.length !== 0;

const labelsOf = (cluster: DeploymentSettings['clusters'][number]): readonly TargetLabels[] =>
  cluster.targets.map((target) => targetLabels(cluster, target));

/** Compiles for each cluster; an alert is in those whose servers it selects. */
function compiledBy(plan: RulePlan, { clusters }: DeploymentSettings): (entry: AlertEntry) => Compiled {
  const byCluster = clusters.map((cluster) => {
    const { groups } = compile(planFor(plan, cluster.name), labelsOf(cluster));
    const alerts = groups.flatMap(({ rules }) => rules).filter((rule) => rule.kind === 'alert');
    return [cluster.name, new Map(alerts.map((alert) => [alert.rule.id, alert]))] as const;
  });
  return ({ rule: { id } }) =>
    new Map(
      byCluster.flatMap(([cluster, alerts]) => {
        const alert = alerts.get(id);
        return alert === undefined || alert.targets.length === 0 ? [] : [[cluster, alert] as const];
      }),
    );
}

/** The groups of these rules, in the order of their files. */
const groupsOf = (entries: readonly Entry[]): readonly PlannedGroup[] =>
  [...Map.groupBy(entries, ({ group }) => group)].map(([{ name }, some]) => ({
    name,
    rules: some.map(({ rule }) => rule),
  }));

/** The recorded names that these alerts read, those that recording rules read for them included. */
function readNames(
  alerts: readonly AlertEntry[],
  recordings: readonly RecordingRule[],
  names: Names,
): ReadonlySet<string> {
  const read = new Set<string>();
  const waiting = alerts.map(({ rule }) => rule.expr);
  for (let expr = waiting.pop(); expr !== undefined; expr = waiting.pop()) {
    const { ast } = names.read(expr);
    for (const name of ast === null ? [] : selectorsOf(ast).map(nameOf)) {
      if (name === undefined || read.has(name) || !names.isRecorded(name)) continue;
      read.add(name);
      waiting.push(...recordings.filter(({ record }) => record === name).map((rule) => rule.expr));
    }
  }
  return read;
}

/** Names that plain alarms compare and no check publishes anyway. */
const unpublishedSeries = (alerts: readonly CompiledAlert[], checks: readonly Check[]): readonly string[] => [
  ...new Set(
    alerts.flatMap((alert) =>
      alert.shape.kind === 'plain' && publisherOf(alert, checks) === null
        ? [spelled(alert.shape.series)]
        : [],
    ),
  ),
];
