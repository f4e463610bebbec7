import type { Check } from '../../../lambdas/define.ts';
import { compile } from '../../../lambdas/rules/compile.ts';
import { planFor, type PlannedGroup, type RulePlan } from '../../../lambdas/rules/plan.ts';
import { exporterName } from '../../../lambdas/series/find.ts';
import type { DeploymentSettings } from '../../settings/deployment.ts';
import { comparesUp } from '../../../lambdas/rules/compares-up.ts';
import { serversOf } from '../../settings/servers.ts';
import { publisherOf } from './alarms/alarms.ts';
import type { AlertEntry, Entry } from './entries.ts';
import { labelAdvice, type LabelAdvice } from './label-advice.ts';
import {
  idleOf,
  labelsOf,
  tooLargeOf,
  unreadableOf,
  type Compiled,
  type CompiledOf,
  type Context,
  type Refused,
} from './refusal/refused.ts';

export type Planned = {
  readonly plan: Omit<RulePlan, 'covers' | 'published' | 'compared'>;
  readonly compiled: ReadonlyMap<AlertEntry, Compiled>;
  /** Why each of the refused rules is. */
  readonly refused: Refused;
  /** Recording rules that no deployed alert reads. */
  readonly unused: ReadonlySet<Entry>;
  /** What settings would have to give servers, where alerts select none. */
  readonly labels: LabelAdvice | null;
};

/** What of the rules is deployed, and what is refused. */
export function planOf(entries: readonly Entry[], context: Context): Planned {
  const { settings, checks, names } = context;
  const { engine } = settings.alarms;
  const base = {
    engine,
    edition: context.edition,
    // A query gives each server's series; that one alarm is for all of them changes nothing about its result.
    per: engine === 'promql' ? 'server' : settings.alarms.per,
    foundByName: engine === 'promql' ? [] : settings.clusters.filter(isFoundByName).map(({ name }) => name),
    downTogether: [],
    prefixes: names.prefixes,
    series: [],
    covers: {},
    published: null,
    compared: [],
  } as const;
  const unreadable = unreadableOf(entries, context);
  const readable = entries.filter((entry) => !unreadable.has(entry));
  const compiled = compiledBy({ ...base, groups: groupsOf(readable) }, settings);
  const assigned = readable.filter((entry) => entry.kind === 'alert').filter(isAssigned);
  const idle = idleOf(assigned, compiled, context);
  const selecting = assigned.filter((entry) => !idle.has(entry));
  const tooLarge = tooLargeOf(selecting, compiled, context);
  const deployed = selecting.filter((entry) => !tooLarge.has(entry));

  const recordings = readable.filter((entry) => entry.kind === 'record');
  const read = new Set(deployed.flatMap(({ rule }) => names.recordedNames(rule.expr)));
  const evaluated = new Set<Entry>([...deployed, ...recordings.filter(({ rule }) => read.has(rule.record))]);
  return {
    plan: {
      ...base,
      groups: groupsOf(entries.filter((entry) => evaluated.has(entry))),
      downTogether: engine === 'promql' ? pagedTogether(deployed, compiled, settings) : [],
      series: engine === 'classic' ? unpublishedSeries(deployed, compiled, checks) : [],
    },
    compiled: new Map(deployed.map((entry) => [entry, compiled(entry)])),
    refused: new Map([...unreadable, ...idle, ...tooLarge]),
    labels: idle.size === 0 ? null : labelAdvice(assigned, context),
    unused: new Set(recordings.filter((entry) => !evaluated.has(entry))),
  };
}

/** Clusters of several servers of which a rule pages for each that is down. */
function pagedTogether(
  deployed: readonly AlertEntry[],
  compiled: CompiledOf,
  { clusters }: DeploymentSettings,
): readonly string[] {
  const isPaged = ({ name }: DeploymentSettings['clusters'][number]): boolean =>
    deployed.some((entry) => {
      const alert = compiled(entry).get(name);
      return alert !== undefined && comparesUp(alert);
    });
  return clusters.filter((cluster) => serversOf(cluster) > 1 && isPaged(cluster)).map(({ name }) => name);
}

const isFoundByName = ({ dnsTargets }: DeploymentSettings['clusters'][number]): boolean =>
  dnsTargets.length > 0;

/** False where no cluster is to have it. */
const isAssigned = ({ rule: { clusters } }: AlertEntry): boolean => clusters?.length !== 0;

/** Compiles for each cluster; an alert is in those whose servers it selects. */
function compiledBy(plan: RulePlan, { clusters }: DeploymentSettings): CompiledOf {
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

/** Names that plain alarms compare and no check publishes anyway. */
function unpublishedSeries(
  alerts: readonly AlertEntry[],
  compiled: CompiledOf,
  checks: readonly Check[],
): readonly string[] {
  const names = alerts.flatMap((entry) => {
    const alert = [...compiled(entry).values()].find(({ shape }) => shape.kind === 'plain');
    return alert?.shape.kind === 'plain' && publisherOf(alert, checks) === null
      ? [exporterName(alert.shape.series)]
      : [];
  });
  return [...new Set(names)];
}
