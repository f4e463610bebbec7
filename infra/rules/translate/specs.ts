import type { Check } from '../../../lambdas/define.ts';
import { nodesOf, type Expression, type Labels } from '../../../lambdas/promql/index.ts';
import type { Texts } from '../../../lambdas/rules/rule.ts';
import { targetLabels } from '../../../lambdas/rules/target-labels.ts';
import { reword } from '../../../lambdas/rules/template/template.ts';
import type { ClusterSettings } from '../../../lambdas/settings.ts';
import type { AlarmSpec } from '../../alarms/alarm-spec.ts';
import type { DeploymentSettings } from '../../deployment-settings.ts';
import { classicAlarms } from './alarms.ts';
import type { AlertEntry } from './entries.ts';
import type { Compiled } from './refused.ts';
import { promqlAlarm } from './promql.ts';
import { roomForTags, tagsOf } from './tags.ts';
import type { Warning } from './translated.ts';

type Context = { readonly settings: DeploymentSettings; readonly checks: readonly Check[] };

/** The alarms of an alert in the clusters whose servers it selects. */
export function specsOf(
  { rule, limited }: AlertEntry,
  compiled: Compiled,
  query: string,
  { settings, checks }: Context,
): { readonly specs: readonly AlarmSpec[]; readonly warnings: readonly Warning[] } {
  const { tags, warnings } = tagsOf(rule.labels, roomForTags(mostLabels(settings)), (text) =>
    reword(text, {}),
  );
  if (settings.alarms.engine === 'promql') {
    const annotations = plainTexts(rule.annotations, {});
    return {
      specs: [promqlAlarm({ rule, query, limited, tags, annotations }, settings, checks)],
      warnings: [...warnings, ...mixedClusters(compiled, settings)],
    };
  }
  const specs = settings.clusters.flatMap((cluster) => {
    const alert = compiled.get(cluster.name);
    if (alert === undefined) return [];
    const annotations = (target: string | null) => plainTexts(rule.annotations, knownOf(cluster, target));
    return classicAlarms({ alert, limited, tags, annotations }, { settings, checks, cluster });
  });
  return { specs, warnings };
}

/** A query asks for the series of all clusters: what it takes together is no longer that of one of them. */
function mixedClusters(compiled: Compiled, { clusters }: DeploymentSettings): readonly Warning[] {
  const isApart = [...compiled.values()].every(
    ({ scope, ast }) => scope === 'server' && [...nodesOf(ast)].every(keepsServers),
  );
  if (clusters.length === 1 || isApart) return [];
  const names = clusters.map(({ name }) => name).join(', ');
  const message = `word for word it takes the series of all clusters together (${names}): tell them apart in the expression, or deploy each by itself`;
  return [{ code: 'clusters', message }];
}

/** False for an aggregation that takes servers together. */
function keepsServers(node: Expression): boolean {
  if (node.kind !== 'aggregation') return true;
  const { without, labels } = node.grouping;
  const named = labels.includes('server_id') || labels.includes('instance');
  return without ? !named : named;
}

/** What an alarm of one server knows of the labels that texts show. */
function knownOf(cluster: ClusterSettings, name: string | null): Labels {
  const target = cluster.targets.find((each) => each.name === name);
  return target === undefined ? {} : targetLabels(cluster, target);
}

const plainTexts = (annotations: Texts, known: Labels): Texts =>
  Object.fromEntries(Object.entries(annotations).map(([name, text]) => [name, reword(text, known)]));

/** How many labels a cluster and a server of it have at most. */
const mostLabels = ({ clusters }: DeploymentSettings): number =>
  Math.max(
    ...clusters.flatMap(({ labels, targets }) =>
      targets.map((target) => new Set([...Object.keys(labels), ...Object.keys(target.labels)]).size),
    ),
  );
