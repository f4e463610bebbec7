import type { AlarmSpec, Compared, Metric } from '../cloudwatch/alarm-spec.ts';
import { ruleText, type CompositeSpec } from '../cloudwatch/composite-alarm.ts';
import { expressionOf, type Expression } from '../cloudwatch/expression.ts';
import type { Direction } from '../../lambdas/limits.ts';

/** Where an alarm is said to be. */
export type Place = { readonly region: string; readonly account: string; readonly topicArn: string };

/** One message of CloudWatch in the forms that it gives to SNS. */
export type AlarmMessage = {
  readonly subject: string;
  readonly email: string;
  readonly sms: string;
  /** For machines. */
  readonly json: string;
};

const operators = {
  above: ['GreaterThanThreshold', 'greater than'],
  atLeast: ['GreaterThanOrEqualToThreshold', 'greater than or equal to'],
  below: ['LessThanThreshold', 'less than'],
  atMost: ['LessThanOrEqualToThreshold', 'less than or equal to'],
} as const satisfies Record<Direction, readonly [string, string]>;

/** A value next to the threshold, on its wrong or its right side. */
function valueOf({ threshold, direction }: AlarmSpec, isBad: boolean): number {
  const worse = direction === 'above' || direction === 'atLeast' ? 1 : -1;
  const inclusive = direction === 'atLeast' || direction === 'atMost';
  return isBad ? threshold + (inclusive ? 0 : worse) : threshold - (inclusive ? worse : 0);
}

const decimal = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value));

function reasonOf(spec: AlarmSpec, isBad: boolean, at: number): string {
  const { evaluationPeriods: periods, periodSeconds, direction, threshold } = spec;
  const points = Array.from({ length: periods }, (_, i) => {
    const stamp = new Date(at - (i + 1) * periodSeconds * 1_000).toISOString();
    const [date = '', time = ''] = stamp.slice(2, 19).split('T');
    return `${decimal(valueOf(spec, isBad))} (${date.split('-').toReversed().join('/')} ${time})`;
  });
  const [were, not] = [periods === 1 ? 'was' : 'were', isBad ? '' : 'not '];
  return (
    `Threshold Crossed: ${periods} out of the last ${periods} datapoints [${points.join(', ')}] ${were} ${not}${operators[direction][1]} the threshold (${decimal(threshold)}) ` +
    `(minimum ${periods} datapoint${periods === 1 ? '' : 's'} for ${isBad ? 'OK -> ALARM' : 'ALARM -> OK'} transition).`
  );
}

/** What CloudWatch writes of an alarm that changed its state (epoch ms): subject, e-mail, SMS, JSON. */
export function alarmMessage(spec: AlarmSpec, state: 'ALARM' | 'OK', at: number, place: Place): AlarmMessage {
  const { compared, threshold, evaluationPeriods, periodSeconds, missing, direction } = spec;
  return message(spec, place, {
    state,
    at,
    reason: reasonOf(spec, state === 'ALARM', at),
    condition: [
      'Threshold:',
      `- The alarm is in the ALARM state when the metric is ${operators[direction][0]} ${decimal(threshold)} for at least ${evaluationPeriods} of the last ${evaluationPeriods} period(s) of ${periodSeconds} seconds.`,
    ],
    facts: {
      Trigger: {
        ...triggerOf(compared, periodSeconds),
        EvaluationPeriods: evaluationPeriods,
        DatapointsToAlarm: evaluationPeriods,
        ComparisonOperator: operators[direction][0],
        Threshold: threshold,
        TreatMissingData: missing,
      },
    },
  });
}

/** The same of an alarm made of others, one of which went into ALARM. */
export function compositeMessage(spec: CompositeSpec, at: number, place: Place): AlarmMessage {
  const child = arnOf(spec.of[0] ?? '', place);
  const rule = ruleText(spec);
  return message(spec, place, {
    state: 'ALARM',
    at,
    reason: `${child} transitioned to ALARM at ${utc(at)}`,
    condition: ['Alarm Rule:', `- ${rule}`],
    facts: {
      AlarmRule: rule,
      TriggeringChildren: [{ Arn: child, State: { Value: 'ALARM', Timestamp: stampOf(at) } }],
    },
  });
}

type Change = {
  readonly state: 'ALARM' | 'OK';
  /** Epoch ms. */
  readonly at: number;
  readonly reason: string;
  /** What it compares: lines of the e-mail, and keys of the JSON. */
  readonly condition: readonly string[];
  readonly facts: object;
};

const utc = (at: number) => new Date(at).toUTCString().replace('GMT', 'UTC');
const stampOf = (at: number) => new Date(at).toISOString().replace('Z', '+0000');
const arnOf = (name: string, { region, account }: Place) =>
  `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;

function message(
  { name, description }: Pick<AlarmSpec, 'name' | 'description'>,
  place: Place,
  { state, at, reason, condition, facts: compared }: Change,
): AlarmMessage {
  const { region, account, topicArn } = place;
  const before = state === 'ALARM' ? 'OK' : 'ALARM';
  const arn = arnOf(name, place);
  const subject = `${state}: "${name}" in ${region}`;
  const facts: readonly (readonly [string, string])[] = [
    ['Name', name],
    ['Description', description],
    ['State Change', `${before} -> ${state}`],
    ['Reason for State Change', reason],
    ['Timestamp', utc(at)],
    ['AWS Account', account],
    ['Alarm Arn', arn],
  ];
  const email = [
    `You are receiving this email because your Amazon CloudWatch Alarm "${name}" in the ${region} region has entered the ${state} state, because "${reason}" at "${utc(at)}".`,
    '',
    'View this alarm in the AWS Management Console:',
    `https://${region}.console.aws.amazon.com/cloudwatch/deeplink.js?region=${region}#alarmsV2:alarm/${encodeURIComponent(name)}`,
    '',
    'Alarm Details:',
    ...facts.map(([word, value]) => `- ${`${word}:`.padEnd(28)}${value}`),
    '',
    ...condition,
    '',
    'State Change Actions:',
    ...['OK', 'ALARM'].map((word) => `- ${word}: [${topicArn}]`),
    '- INSUFFICIENT_DATA:',
    '',
  ].join('\n');
  const json = JSON.stringify({
    AlarmName: name,
    AlarmDescription: description,
    AWSAccountId: account,
    NewStateValue: state,
    NewStateReason: reason,
    StateChangeTime: stampOf(at),
    Region: region,
    AlarmArn: arn,
    OldStateValue: before,
    OKActions: [topicArn],
    AlarmActions: [topicArn],
    InsufficientDataActions: [],
    ...compared,
  });
  return { subject: subject.slice(0, 100), email, sms: subject, json };
}

function triggerOf(compared: Compared, period: number): object {
  if (compared.kind === 'promql')
    return { EvaluationCriteria: { PromQLCriteria: { Query: compared.query } } };
  if (compared.kind === 'expression' || compared.zeroCountsWhere !== undefined)
    return { Period: period, Metrics: queriesOf(expressionOf(compared), period) };
  const { name, namespace, statistic } = compared.metric;
  return {
    MetricName: name,
    Namespace: namespace,
    StatisticType: 'Statistic',
    Statistic: statistic.toUpperCase(),
    Unit: null,
    Dimensions: dimensionsOf(compared.metric),
    Period: period,
  };
}

const queriesOf = ({ expression, label, metrics }: Expression, period: number) => [
  { Expression: expression, Id: 'result', Label: label, ReturnData: true },
  ...Object.entries(metrics).map(([id, metric]) => ({
    Id: id,
    MetricStat: {
      Metric: {
        Dimensions: dimensionsOf(metric),
        MetricName: metric.name,
        Namespace: metric.namespace,
      },
      Period: period,
      Stat: metric.statistic,
    },
    ReturnData: false,
  })),
];

const dimensionsOf = ({ dimensions }: Metric) =>
  Object.entries(dimensions).map(([word, value]) => ({ value, name: word }));
