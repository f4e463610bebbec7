import type { Check } from '../../../../lambdas/define.ts';
import type { Edition } from '../../../../lambdas/promql/index.ts';
import type { CompiledAlert } from '../../../../lambdas/rules/compile.ts';
import { labelsToCome, targetLabels } from '../../../../lambdas/rules/target-labels.ts';
import type { TargetLabels } from '../../../../lambdas/series/labels.ts';
import type { ClusterSettings } from '../../../../lambdas/settings.ts';
import type { DeploymentSettings } from '../../../settings/deployment.ts';
import { serversOf } from '../../../settings/servers.ts';
import type { AlertEntry, Entry } from '../entries.ts';
import { joined, memoryRefusal, needsOf, type Needs } from './memory.ts';
import type { Names } from '../names.ts';
import { refusalOf, refusedRecordings } from './refusals.ts';
import { noTarget } from './targets.ts';

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
export type CompiledOf = (entry: AlertEntry) => Compiled;

/** Entries that are refused, and why. */
export type Refused<E extends Entry = Entry> = ReadonlyMap<E, string>;

/** The entries for which there is a reason. */
const reasons = <E extends Entry>(entries: readonly E[], reasonOf: (entry: E) => string | null): Refused<E> =>
  new Map(
    entries.flatMap((entry) => {
      const reason = reasonOf(entry);
      return reason === null ? [] : [[entry, reason] as const];
    }),
  );

/** What the engine cannot hold, whatever servers there are. */
export function unreadableOf(entries: readonly Entry[], { settings, names, unfit }: Context): Refused {
  const { engine } = settings.alarms;
  const recordings = entries.filter((entry) => entry.kind === 'record').map(({ rule }) => rule);
  const refused = refusedRecordings(recordings, { engine, names });
  return reasons(entries, (entry) =>
    entry.kind === 'record'
      ? (refused.get(entry.rule.record) ?? null)
      : (refusalOf(entry.rule, { engine, names, refused }) ?? unfit(entry)),
  );
}

/** What selects no server of any cluster. */
export function idleOf(
  alerts: readonly AlertEntry[],
  compiled: CompiledOf,
  { settings, names, edition }: Context,
): Refused<AlertEntry> {
  const targets = settings.clusters.flatMap(labelsOf);
  return reasons(alerts, (entry) => {
    const { expr } = entry.rule;
    const { ast } = names.read(expr);
    return ast === null || compiled(entry).size > 0 ? null : noTarget(ast, expr, targets, names, edition);
  });
}

/** What finds no room in memory beside the rules before it; CloudWatch itself asks for none. */
export function tooLargeOf(
  alerts: readonly AlertEntry[],
  compiled: CompiledOf,
  context: Context,
): Refused<AlertEntry> {
  const { clusters, alarms } = context.settings;
  if (alarms.engine === 'promql') return new Map();
  const servers = Math.max(...clusters.map(serversOf));
  let needs: Needs = new Map();
  return reasons(alerts, (entry) => {
    const alert = [...compiled(entry).values()].find(({ shape }) => shape.kind !== 'plain');
    if (alert === undefined) return null;
    const own = needsOf(alert.ast, context);
    const reason = memoryRefusal(needs, own, servers);
    if (reason === null) needs = joined(needs, own);
    return reason;
  });
}

/** Of a cluster's servers; of those that a run finds by name, as far as settings tell. */
export const labelsOf = (
  cluster: Pick<ClusterSettings, 'labels' | 'targets' | 'dnsTargets'>,
): readonly TargetLabels[] => [
  ...cluster.targets.map((target) => targetLabels(cluster, target)),
  ...cluster.dnsTargets.map((dns) => labelsToCome(cluster, dns)),
];
