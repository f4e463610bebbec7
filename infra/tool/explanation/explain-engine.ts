import { formatDuration } from '../../../lambdas/durations.ts';
import { truncateRows } from '../../../lambdas/engine/format.ts';
import { compile, type CompiledAlert } from '../../../lambdas/rules/compile.ts';
import { planFor, type RulePlan } from '../../../lambdas/rules/plan.ts';
import { oneLine, symbols, type AlarmSpec } from '../../cloudwatch/alarm-spec.ts';
import type { DeploymentSettings } from '../../settings/deployment.ts';
import { labelsOf } from '../../rules/translate/refusal/refused.ts';
import type { TranslatedRule } from '../../rules/translate/translate.ts';
import { differencesOf } from '../../rules/differences.ts';
import { queryDifferences } from './query-differences.ts';
import { section } from './sections.ts';

/** What an engine makes of an alert. */
export function engineLines(
  form: TranslatedRule,
  plan: RulePlan,
  settings: DeploymentSettings,
): readonly string[] {
  const { engine, reason, specs, id } = form;
  const [spec] = specs;
  if (reason !== null) return [...section(engine, [`refused: ${reason}`]), ''];
  if (spec === undefined) return [...section(engine, ['no alarm: settings leave it out everywhere']), ''];
  if (spec.compared.kind === 'promql') {
    const { query, pendingSeconds, recoverySeconds } = spec.compared;
    return [
      ...section(engine, ['CloudWatch evaluates the expression on series that are sent to it each minute']),
      ...section('query', query.trim().split('\n')),
      ...section('alarm', [
        ...namesOf(specs),
        `evaluated every ${spec.periodSeconds} s; pending ${pendingSeconds} s, recovery ${recoverySeconds} s`,
      ]),
      ...section('differs', queryDifferences(ruleOf(plan, id)?.expr ?? query, query)),
      '',
    ];
  }
  const alert = compiledOf(plan, id, spec, settings);
  if (alert === null) return [];
  return [
    ...section(engine, [shapeText(alert)]),
    ...section('published', [publishedText(alert, spec)]),
    ...section('alarm', [...namesOf(specs), ...alarmTexts(spec)]),
    ...section(
      'differs',
      differencesOf({ alert, missing: spec.missing }).map(
        ({ what, prometheus, here }) => `${what}.\nPrometheus: ${prometheus}\nHere: ${here}`,
      ),
    ),
    '',
  ];
}

const ruleOf = ({ groups }: RulePlan, id: string) =>
  groups.flatMap(({ rules }) => rules).find((rule) => rule.kind === 'alert' && rule.id === id);

/** The alert as it is evaluated in the cluster of an alarm. */
function compiledOf(
  plan: RulePlan,
  id: string,
  spec: AlarmSpec,
  { clusters }: DeploymentSettings,
): CompiledAlert | null {
  const cluster = clusters.find(({ name }) => name === spec.cluster);
  if (cluster === undefined) return null;
  const rules = compile(planFor(plan, cluster.name), labelsOf(cluster)).groups.flatMap(
    (group) => group.rules,
  );
  return rules.find((each): each is CompiledAlert => each.kind === 'alert' && each.rule.id === id) ?? null;
}

function shapeText({ shape, scope, rule }: CompiledAlert): string {
  const of = scope === 'server' ? 'each server' : 'the cluster';
  if (shape.kind === 'plain')
    return 'one series of single servers against a constant: the alarm compares the series itself';
  const evaluated = `evaluated each minute as Prometheus does, for ${of}`;
  if (rule.keepFiringForMs > 0)
    return `${evaluated}; it goes on after its expression has ended, which no value compared would show`;
  if (shape.kind === 'boolean') return `${evaluated}; there is no one value that it compares with a constant`;
  const { from, to } = shape.compared;
  return `${evaluated}; what it compares is ${oneLine(rule.expr.slice(from, to))}`;
}

function publishedText({ shape, rule }: CompiledAlert, { compared }: AlarmSpec): string {
  if (compared.kind !== 'metric') return '';
  const { name, dimensions, statistic, namespace } = compared.metric;
  const labels = Object.keys(dimensions).join(', ');
  const what =
    shape.kind === 'plain'
      ? 'the series'
      : shape.kind === 'value'
        ? 'the worst value'
        : `1 while ${rule.keepFiringForMs > 0 ? 'it fires' : 'its expression has a result'}, else 0`;
  return `${name}{${labels}} in ${namespace}: ${what}; the alarm takes the ${statistic} of a minute`;
}

const missingTexts: Readonly<Record<AlarmSpec['missing'], string>> = {
  breaching: 'a minute without a datapoint breaches',
  notBreaching: 'a minute without a datapoint does not breach',
  ignore: 'without datapoints it keeps its state',
  missing: 'without datapoints it is INSUFFICIENT_DATA',
};

function alarmTexts({
  direction,
  threshold,
  evaluationPeriods,
  periodSeconds,
  missing,
  warmUp,
}: AlarmSpec): readonly string[] {
  const of = `${evaluationPeriods} of ${evaluationPeriods} datapoints of ${periodSeconds} s`;
  const warm = warmUp === null ? '' : `; warm-up ${formatDuration(warmUp.minutes * 60_000)}`;
  return [`in ALARM when ${of} are ${symbols[direction]} ${threshold}; ${missingTexts[missing]}${warm}`];
}

const mostNames = 3;
const namesOf = (specs: readonly AlarmSpec[]): readonly string[] =>
  truncateRows(
    specs.map(({ name }) => name),
    mostNames,
  );
