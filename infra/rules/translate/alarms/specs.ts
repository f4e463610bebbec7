import type { Check } from '../../../../lambdas/define.ts';
import { formatCount } from '../../../../lambdas/engine/format.ts';
import { metricName, nodesOf, type Expression, type Labels } from '../../../../lambdas/promql/index.ts';
import { comparesUp } from '../../../../lambdas/rules/compares-up.ts';
import type { RulePlan } from '../../../../lambdas/rules/plan.ts';
import { resultName } from '../../../../lambdas/rules/result-name.ts';
import type { Texts } from '../../../../lambdas/rules/rule.ts';
import { targetLabels } from '../../../../lambdas/rules/target-labels.ts';
import { reword, wording } from '../../../../lambdas/rules/template/template.ts';
import type { ClusterSettings } from '../../../../lambdas/settings.ts';
import type { AlarmSpec } from '../../../cloudwatch/alarm-spec.ts';
import { mostCharacters } from '../../../cloudwatch/description.ts';
import { mostLabelsOf, type DeploymentSettings } from '../../../settings/deployment.ts';
import { roomBeside } from '../../../settings/tags.ts';
import { classicAlarms } from './alarms.ts';
import type { AlertEntry } from '../entries.ts';
import type { Compiled } from '../refusal/refused.ts';
import { promqlAlarm } from './promql.ts';
import { plainTexts } from './words.ts';
import { tagsOf } from './tags.ts';
import { templateWarnings } from './template-notes.ts';
import type { Warning } from '../../warning.ts';

type Context = {
  readonly settings: DeploymentSettings;
  readonly checks: readonly Check[];
  readonly plan: Pick<RulePlan, 'downTogether'>;
};

/** The alarms of an alert in the clusters whose servers it selects. */
export function specsOf(
  { rule, limited, group }: AlertEntry,
  compiled: Compiled,
  query: string,
  { settings, checks, plan }: Context,
): { readonly specs: readonly AlarmSpec[]; readonly warnings: readonly Warning[] } {
  const isBuiltIn = group.isBuiltIn === true;
  const room = roomBeside(mostLabelsOf(settings.clusters) + Object.keys(settings.tags).length);
  const found: Warning[] = [...templateWarnings(rule)];
  const taggedFor = (known: Labels): Texts => {
    const { tags, warnings } = tagsOf(filledIn(rule.labels, known), room, (text) => reword(text, known));
    found.push(...warnings);
    return tags;
  };
  const [any] = compiled.values();
  const name = any === undefined ? {} : nameIn(any.ast);
  const specs =
    settings.alarms.engine === 'promql'
      ? [
          promqlAlarm(
            {
              rule,
              limited,
              isBuiltIn,
              query,
              isSilentOfTogether: plan.downTogether.length > 0 && any !== undefined && comparesUp(any),
              tags: taggedFor(name),
              annotations: plainTexts(rule.annotations, name, any?.shape ?? { kind: 'boolean' }),
            },
            settings,
            checks,
          ),
        ]
      : settings.clusters.flatMap((cluster) => {
          const alert = compiled.get(cluster.name);
          if (alert === undefined) return [];
          const known = (target: string | null): Labels => ({
            ...knownOf(cluster, target),
            ...nameIn(alert.ast),
          });
          const tags = (target: string | null): Texts => taggedFor(known(target));
          const annotations = (target: string | null): Texts =>
            plainTexts(rule.annotations, known(target), alert.shape);
          return classicAlarms(
            { alert, limited, isBuiltIn, tags, annotations },
            { settings, checks, cluster },
          );
        });
  const mixed = settings.alarms.engine === 'promql' ? mixedClusters(compiled, settings) : [];
  return { specs, warnings: [...different(found), ...cutWarnings(specs), ...mixed] };
}

/** Labels without the templates of which all is known; an empty label is none. */
const filledIn = (labels: Texts, known: Labels): Texts =>
  Object.fromEntries(
    Object.entries(labels).map(([label, text]) => {
      const { text: made, isWhole } = wording(text, known);
      return [label, isWhole ? made : text];
    }),
  );

/** Each once, though it may be reported of each of a rule's alarms. */
const different = (warnings: readonly Warning[]): readonly Warning[] => [
  ...new Map(warnings.map((warning) => [`${warning.code} ${warning.message}`, warning])).values(),
];

function cutWarnings(specs: readonly AlarmSpec[]): readonly Warning[] {
  const names = [...new Set(specs.flatMap(({ cut = [] }) => cut))];
  if (names.length === 0) return [];
  const message = `an alarm's description has ${formatCount(mostCharacters)} characters: ${names.join(', ')} cut or left out there`;
  return [{ code: 'description', message }];
}

/** The name of what a rule finds, where all of it has the same one, or none. */
function nameIn(ast: Expression): Labels {
  const name = resultName(ast);
  return name === undefined ? {} : { [metricName]: name };
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
