import { checks } from '../../../lambdas/checks/catalogue.ts';
import type { LimitBook } from '../../../lambdas/limits.ts';
import {
  metricName,
  only,
  withoutName,
  type Edition,
  type Labels,
  type Sample,
  type Series,
} from '../../../lambdas/promql/index.ts';
import { compile, everyMs } from '../../../lambdas/rules/compile.ts';
import { nextAlerts, type Alerts, type Entity } from '../../../lambdas/rules/alerts/evaluate-alert.ts';
import type { PlannedAlert } from '../../../lambdas/rules/plan.ts';
import { targetLabels } from '../../../lambdas/rules/target-labels.ts';
import { parseSettings } from '../../../lambdas/settings.ts';
import type { AlarmSpec } from '../../cloudwatch/alarm-spec.ts';
import type { StateAt } from '../../cloudwatch/evaluator.ts';
import { deploymentSettings, type DeploymentSettings } from '../../settings/deployment.ts';
import { loadSettings } from '../../settings.ts';
import type { RuleFileGroup } from '../../rules/rule-file/rule-file.ts';
import { simulate, type SimulatedMinute } from '../../rules/simulate.ts';
import { translate, type TranslatedRule } from '../../rules/translate/translate.ts';
import { askedTargets } from '../test-file/asked-targets.ts';
import { entitiesOf, targetsOfSeries } from '../test-file/test-targets.ts';
import type { TestGroup } from '../test-file/parts.ts';

/** How a deployment makes alarms of rules, whatever its servers. */
export type Manner = {
  readonly settings: DeploymentSettings;
  readonly book: LimitBook;
  /** Settings say nothing of streams and consumers: there are as many as a test has. */
  readonly isOfTest?: boolean;
};

/** As settings have it that say nothing of alarms. */
export function defaultManner(): Manner {
  const raw = { clusters: [{ name: 'test', targets: [{ name: 'server', url: 'http://server:8222' }] }] };
  const diagnoses = checks.flatMap((check) => check.diagnoses);
  return { ...parseSettings(deploymentSettings, raw, 'defaults', diagnoses), isOfTest: true };
}

export const mannerOf = (file: string | null): Manner =>
  file === null ? defaultManner() : loadSettings(file);

/** An alarm of an alert rule; minutes count from the test's start. */
export type DeployedAlarm = {
  readonly spec: AlarmSpec;
  readonly rule: PlannedAlert;
  /** Those of its alerts that are known of all of them: the rule's without templates, and the server. */
  readonly labels: Labels;
  readonly states: readonly StateAt[];
  /** What of the rule fires at a minute among what the alarm is about. */
  readonly firing: (minute: number) => readonly Entity[];
};

export type Deployed = {
  readonly rules: readonly TranslatedRule[];
  readonly alarms: readonly DeployedAlarm[];
  /** Rules that could not be evaluated, and the first minute of it. */
  readonly problems: readonly { readonly rule: string; readonly message: string; readonly minute: number }[];
};

/** A test's series with their times. */
export const timed = ({ series, intervalMs }: TestGroup): readonly Series[] =>
  series.map(({ labels, values }) => ({
    labels,
    samples: values.flatMap((value, index): Sample[] =>
      value === undefined ? [] : [[index * intervalMs, value]],
    ),
  }));

export type Length = {
  readonly edition: Edition;
  /** After the first one. */
  readonly minutes: number;
};

/** The rules as the classic engine deploys them to the servers of a test's series, over the minutes up to the last. */
export function deployed(
  groups: readonly RuleFileGroup[],
  series: readonly Series[],
  { settings, book, isOfTest }: Manner,
  { edition, minutes }: Length,
): Deployed {
  const [first] = settings.clusters;
  if (first === undefined) throw new Error('settings without a cluster');
  const found = targetsOfSeries(series);
  const known = found.targets.map((target) => targetLabels({ labels: {} }, target));
  const expressions = groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
  const unseen = askedTargets(expressions, known, edition);
  const cluster = {
    ...first,
    name: 'test',
    labels: {},
    targets: [...found.targets, ...unseen],
    dnsTargets: [],
  };
  const entities = isOfTest === true ? entitiesOf(found.series) : settings.alarms.entities;
  const alarms = { ...settings.alarms, engine: 'classic', prometheus: edition, entities } as const;
  const translated = translate(groups, { ...settings, clusters: [cluster], alarms }, book, checks);
  const compiled = compile(
    translated.plan,
    cluster.targets.map((target) => targetLabels(cluster, target)),
  );
  const identityOf = (name: string): Labels => {
    const labels = unseen.find((target) => target.name === name)?.labels;
    return labels === undefined ? found.identityOf(name) : only(labels, ['server_id', 'instance']);
  };
  const isUnseen = ({ target }: AlarmSpec): boolean => unseen.some(({ name }) => name === target);
  // Where a rule takes servers of the test, those of other rules' tests have nothing to tell.
  const specsOf = ({ specs: all }: TranslatedRule): readonly AlarmSpec[] =>
    all.every(isUnseen) ? all : all.filter((spec) => !isUnseen(spec));
  const specs = translated.rules.flatMap(specsOf);
  const ran = simulate(compiled, specs, found.series, { minutes });
  const planned = new Map(
    translated.plan.groups.flatMap(({ rules }) =>
      rules.flatMap((rule) => (rule.kind === 'alert' ? [[rule.id, rule] as const] : [])),
    ),
  );
  const ruleOf = new Map(
    translated.rules.flatMap((rule) => specsOf(rule).map((spec) => [spec, rule.id] as const)),
  );
  return {
    rules: translated.rules,
    alarms: ran.alarms.flatMap(({ alarm: spec, states }) => {
      const rule = planned.get(ruleOf.get(spec) ?? '');
      if (rule === undefined) return [];
      const firing = firingOf(rule, spec.target, ran.minutes, found.asWritten);
      const own = Object.entries(rule.labels).filter(([, text]) => text !== '' && !text.includes('{{'));
      const labels = {
        ...(spec.target === null ? {} : identityOf(spec.target)),
        ...Object.fromEntries(own),
      };
      return [{ spec, rule, labels, states, firing: (minute: number) => firing[minute] ?? [] }];
    }),
    problems: firstProblems(ran.minutes),
  };
}

/** What fires in each minute of one rule for one target, or for the cluster. */
function firingOf(
  rule: PlannedAlert,
  target: string | null,
  minutes: readonly SimulatedMinute[],
  asWritten: (labels: Labels) => Labels,
): readonly (readonly Entity[])[] {
  let alerts: Alerts = new Map();
  return minutes.map(({ minute, alerts: results, plain }) => {
    const result = results.find(({ alert, target: of }) => alert.rule.id === rule.id && of === target);
    // A plain rule's alerts are nowhere but in the alarm: here they are followed as Prometheus does.
    const elements = plain.filter(({ alert, target: of }) => alert.rule.id === rule.id && of === target);
    const followed = result ?? nextAlerts(alerts, elements, { rule }, minute * everyMs);
    if ('alerts' in followed) alerts = followed.alerts;
    return followed.entities
      .filter(({ state }) => state === 'firing')
      .map((entity) => ({
        ...entity,
        labels: namedAs(entity.labels, asWritten(withoutName(entity.labels))),
      }));
  });
}

/** Texts show the name of what they are about, where it has one. */
const namedAs = ({ [metricName]: name }: Labels, labels: Labels): Labels =>
  name === undefined ? labels : { ...labels, [metricName]: name };

function firstProblems(minutes: readonly SimulatedMinute[]): Deployed['problems'] {
  const first = new Map<string, Deployed['problems'][number]>();
  for (const { minute, problems } of minutes) {
    for (const { rule, message } of problems)
      if (!first.has(rule)) first.set(rule, { rule, message, minute });
  }
  return [...first.values()];
}
