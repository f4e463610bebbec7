import { metricName, without, type Labels, type Series } from '../../../lambdas/promql/index.ts';
import { hasLabel } from '../../../lambdas/series/definition.ts';
import { findSeries } from '../../../lambdas/series/find.ts';
import { inferPrefixes } from '../../../lambdas/series/resolve.ts';
import { isOnePerServer } from '../../../lambdas/rules/shape.ts';
import type { DeploymentSettings } from '../../settings/deployment.ts';

export type Target = DeploymentSettings['clusters'][number]['targets'][number];

/** What a test's series tell of the servers they are of. */
export type TestTargets = {
  readonly targets: readonly Target[];
  /** The test's series, each of one of the targets. */
  readonly series: readonly Series[];
  /** The labels as the test has them, of a result's labels. */
  readonly asWritten: (labels: Labels) => Labels;
  /** The label of the test's series that names a target; none where they name no server. */
  readonly identityOf: (target: string) => Labels;
};

/** The server of series that name none. */
const unnamed = 'server';

/**
 * The targets of a deployment that would have such series: one for each `server_id`, for each `instance` that has none,
 * and one for the series that have neither. Their labels are those that the exporter does not give itself.
 */
export function targetsOfSeries(given: readonly Series[]): TestTargets {
  const prefixes = inferPrefixes(given.map(({ labels }) => labels[metricName] ?? ''));
  const isNameless = ({ server_id: server, instance }: Labels) =>
    server === undefined && instance === undefined;
  const series = given.map((each) =>
    isNameless(each.labels) ? { ...each, labels: { ...each.labels, server_id: unnamed } } : each,
  );
  const byServer = new Map<string, Labels[]>();
  const ofInstance = new Map<string, string>();
  for (const { labels } of series) {
    const { server_id: server, instance } = labels;
    if (server === undefined) continue;
    if (instance !== undefined && !ofInstance.has(instance)) ofInstance.set(instance, server);
    byServer.set(server, [...(byServer.get(server) ?? []), labels]);
  }
  for (const { labels } of series) {
    const { server_id: server, instance } = labels;
    if (server !== undefined || instance === undefined) continue;
    const name = ofInstance.get(instance) ?? instance;
    byServer.set(name, [...(byServer.get(name) ?? []), labels]);
  }
  const named = byServer.size === 0 ? [[unnamed, []] as const] : [...byServer];
  const servers = new Set(given.map(({ labels }) => labels['server_id']));
  const isMadeUp = (server: string | undefined) => server === unnamed && !servers.has(unnamed);
  return {
    targets: named.map(([name, some], index) => ({
      name,
      url: `http://server-${index + 1}:8222`,
      labels: targetLabelsIn(some, prefixes),
    })),
    series,
    asWritten: (labels) => (isMadeUp(labels['server_id']) ? without(labels, ['server_id']) : labels),
    identityOf: (target) => {
      if (isMadeUp(target)) return {};
      return servers.has(target) ? { server_id: target } : { instance: target };
    },
  };
}

/**
 * Labels of a target's series that are not the exporter's, the first value of each. Those that settings give every target
 * are none where no series has them.
 */
function targetLabelsIn(series: readonly Labels[], prefixes: readonly string[]): Labels {
  const found: Record<string, string> = {};
  for (const labels of series) {
    const definitions = findSeries(labels[metricName] ?? '', prefixes);
    for (const [label, value] of Object.entries(labels)) {
      const isOwn =
        label === metricName || label === 'server_id' || definitions.some((each) => hasLabel(each, label));
      if (!isOwn) found[label] ??= value;
    }
  }
  return series.length === 0 ? found : { job: '', instance: '', ...found };
}

/** How many series of one name a server has at most. */
export function entitiesOf(series: readonly Series[]): number {
  const byServer = Map.groupBy(series, ({ labels }) =>
    [labels[metricName], labels['server_id'], labels['instance']].join('\0'),
  );
  return Math.max(1, ...[...byServer.values()].map((some) => some.length));
}

/** In words, series of single servers of which a test has several for one server: an alarm takes them all together. */
export function repeatedSeries(all: readonly Labels[]): readonly string[] {
  const names = all.map((labels) => labels[metricName] ?? '');
  const prefixes = inferPrefixes(names);
  const ofServers = new Set(names.filter((name) => findSeries(name, prefixes).some(isOnePerServer)));
  const named = all.filter((labels) => ofServers.has(labels[metricName] ?? ''));
  const groups = Map.groupBy(named, ({ server_id: server, instance = 'without a name', ...labels }) =>
    [labels[metricName], 'of the server', server ?? instance].join(' '),
  );
  return [...groups].flatMap(([what, some]) =>
    some.length > 1 ? [`${some.length} series ${what}, which has one in a deployment`] : [],
  );
}
