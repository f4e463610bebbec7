import { stateChanges, type AlarmState } from '../../cloudwatch/evaluator.ts';
import type { Labels } from '../../../lambdas/promql/index.ts';
import { everyMs } from '../../../lambdas/rules/compile.ts';
import type { Entity } from '../../../lambdas/rules/alerts/evaluate-alert.ts';
import type { AlertRule, Texts } from '../../../lambdas/rules/rule.ts';
import { alertTexts, type AlertTexts } from './alert-texts.ts';
import type { Deployed, DeployedAlarm } from './deployed.ts';
import type { Alerting } from './prometheus.ts';
import type { AlertTest, ExpectedAlert } from '../test-file/parts.ts';

/** An alarm as it stood when it was looked at. */
export type AlarmThen = {
  readonly name: string;
  readonly minute: number;
  readonly state: AlarmState;
  /** It is in ALARM, and none of its alerts fires. */
  readonly isStray: boolean;
  readonly changes: readonly { readonly minute: number; readonly state: AlarmState }[];
};

export type Received = Pick<AlertTexts, 'labels' | 'annotations'>;

export type Judgement = {
  readonly isPassed: boolean;
  readonly expected: readonly Received[];
  readonly received: readonly Received[];
  /** What Prometheus itself would have, by our reading of it. */
  readonly prometheus: { readonly isPassed: boolean; readonly received: readonly Received[] };
  readonly alarms: readonly AlarmThen[];
  /** Why rules of this name are not deployed. */
  readonly refused: readonly string[];
  /** Labels and annotations whose templates ask what is not known here. */
  readonly notCompared: readonly string[];
};

/** Whether the alarms of an alert say what the test expects: an alert is there while its alarm is in ALARM. */
export function judge(
  test: AlertTest,
  { rules, alarms }: Deployed,
  prometheus: readonly Alerting[],
  externalLabels: Labels,
): Judgement {
  const minute = Math.floor(test.evalMs / everyMs);
  const ofAlert = alarms.filter(({ rule }) => rule.alert === test.alertname);
  const inAlarm = ofAlert.filter(({ states }) => states[minute]?.state === 'ALARM');
  const texts = (rule: AlertRule, entity: Entity) => alertTexts(rule, entity, externalLabels);
  const received = inAlarm.flatMap(({ rule, firing }) => firing(minute).map((entity) => texts(rule, entity)));
  const themselves = prometheus
    .filter(({ rule }) => rule.alert === test.alertname)
    .flatMap(({ rule, entities }) =>
      entities.filter(({ state }) => state === 'firing').map((entity) => texts(rule, entity)),
    );

  const expected = test.expected.map((alert) => withName(alert, test.alertname));
  const then = ofAlert.map((alarm) => thenOf(alarm, minute));
  const refused = rules
    .filter(({ kind, alert, status }) => kind === 'alert' && alert === test.alertname && status === 'refused')
    .map(({ reason }) => reason ?? '');
  const isPassed =
    areSame(expected, received) && !then.some(({ isStray }) => isStray) && refused.length === 0;
  return {
    isPassed,
    expected,
    received,
    prometheus: { isPassed: areSame(expected, themselves), received: themselves },
    alarms: then,
    refused,
    notCompared: [...new Set(received.flatMap(({ unknown }) => [...unknown.labels, ...unknown.annotations]))],
  };
}

/** promtool gives every expected alert its name. */
const withName = ({ labels, annotations }: ExpectedAlert, alertname: string): Received => ({
  labels: { ...labels, alertname },
  annotations,
});

function thenOf({ spec, states, firing }: DeployedAlarm, minute: number): AlarmThen {
  const state = states[minute]?.state ?? 'INSUFFICIENT_DATA';
  const isStray = state === 'ALARM' && firing(minute).length === 0;
  return { name: spec.name, minute, state, isStray, changes: stateChanges(states) };
}

/** Whether each expected alert is one of those received, and none is left over. */
function areSame(expected: readonly Received[], received: readonly AlertTexts[]): boolean {
  if (expected.length !== received.length) return false;
  const left = [...received];
  return expected.every((alert) => {
    const found = left.findIndex((each) => isAlert(alert, each));
    if (found >= 0) left.splice(found, 1);
    return found >= 0;
  });
}

const isAlert = (expected: Received, { labels, annotations, unknown }: AlertTexts): boolean =>
  areEqual(expected.labels, labels, unknown.labels) &&
  areEqual(expected.annotations, annotations, unknown.annotations);

function areEqual(expected: Texts, received: Texts, notCompared: readonly string[]): boolean {
  const names = [...Object.keys(expected), ...Object.keys(received)];
  return names.every((name) =>
    notCompared.includes(name)
      ? expected[name] !== undefined && received[name] !== undefined
      : expected[name] === received[name],
  );
}
