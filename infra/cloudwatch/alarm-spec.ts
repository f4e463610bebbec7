import type { Check } from '../../lambdas/define.ts';
import { formatDuration } from '../../lambdas/durations.ts';
import type { Direction } from '../../lambdas/limits.ts';

/** Severities that page; `info` has no topic. */
export const pagingSeverities = ['critical', 'warning'] as const;
export type PagingSeverity = (typeof pagingSeverities)[number];

/** Tags that the deployment itself sets, beside labels of clusters, servers and rules. */
export const ownTags = ['cluster', 'server_id', 'check', 'severity', 'rule'] as const;

export type Metric = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Maximum' | 'Minimum' | 'Sum';
};

/** What an alarm compares: one metric, an expression over several, or the result of a PromQL query. */
export type Compared =
  | { readonly kind: 'metric'; readonly metric: Metric; readonly zeroCountsWhere?: Condition }
  | {
      readonly kind: 'expression';
      readonly expression: string;
      readonly label: string;
      /** By the id that the expression names. */
      readonly metrics: Readonly<Record<string, Metric>>;
    }
  | Promql;

/** Where it does not hold, a minute with 0 is one without a datapoint. */
export type Condition = { readonly metric: Metric; readonly atLeast: number };

/** Each series of the query's result breaches; the alarm compares how many have done so for long enough. */
export type Promql = {
  readonly kind: 'promql';
  readonly query: string;
  readonly pendingSeconds: number;
  readonly recoverySeconds: number;
};

export type WarmUp = {
  readonly minutes: number;
  /** Else it ends with the first full evaluation window. */
  readonly whole: boolean;
};

/** A CloudWatch alarm as pure data. Stack, simulator, cost and the line on the page of alarms are made from it. */
export type AlarmSpec = {
  readonly name: string;
  readonly description: string;
  /** What of its rule's texts the description has no room for. */
  readonly cut?: readonly string[];
  /** The checks that it hangs on. */
  readonly checks: readonly string[];
  /** Null for an alarm about the check's own function, and for a query over all clusters. */
  readonly cluster: string | null;
  /** Null for an alarm of the whole cluster. */
  readonly target: string | null;
  readonly severity: PagingSeverity;
  readonly compared: Compared;
  readonly direction: Direction;
  readonly threshold: number;
  readonly periodSeconds: number;
  /** Datapoints looked at. */
  readonly evaluationPeriods: number;
  /** How many of them must breach; absent, each. */
  readonly datapointsToAlarm?: number;
  /** How CloudWatch treats a period without a datapoint; to a PromQL alarm, a series that ends has recovered. */
  readonly missing: 'breaching' | 'notBreaching' | 'ignore' | 'missing';
  readonly warmUp: WarmUp | null;
  /** It tells nobody: a composite alarm does. */
  readonly isSilent?: true;
  readonly tags: Readonly<Record<string, string>>;
};

/** What an alarm's name begins with after `nats/`: a cluster, a function, or the deployment for a query over all clusters. */
export const placeOf = ({ name }: Pick<AlarmSpec, 'name'>): string => name.split('/')[1] ?? '';

/** What cannot be a CloudWatch alarm, and why. */
export class AlarmError extends Error {
  override readonly name = 'AlarmError';
}

/** The name of a check's function, and of its schedule. */
export const functionName = (deployment: string, check: string): string => `${deployment}-${check}`;

/** CloudWatch aggregates by whole minutes; a check's datapoints come once in `every`. */
export function periodSecondsOf({ id, every }: Check): number {
  const periodSeconds = every / 1_000;
  if (periodSeconds > 0 && periodSeconds % 60 === 0) return periodSeconds;
  throw new AlarmError(
    `check ${id} runs every ${formatDuration(every)}: expected whole minutes, as alarms have them`,
  );
}

/** Comparisons as PromQL writes them. */
export const symbols: Readonly<Record<Direction, string>> = {
  above: '>',
  atLeast: '>=',
  below: '<',
  atMost: '<=',
};

export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** One alarm on one line, for tables that people review. */
export function alarmLine(spec: AlarmSpec): string {
  const {
    name,
    compared,
    direction,
    threshold,
    evaluationPeriods,
    datapointsToAlarm,
    periodSeconds,
    missing,
    warmUp,
    severity,
  } = spec;
  if (compared.kind === 'promql') {
    const { query, pendingSeconds, recoverySeconds } = compared;
    const times = `every ${periodSeconds} s, pending ${pendingSeconds} s, recovery ${recoverySeconds} s`;
    return [name, `PromQL ${oneLine(query)}`, times, severity].join(' | ');
  }
  const warm = warmUp === null ? '' : `, warm-up ${warmUp.minutes} min${warmUp.whole ? ' whole' : ''}`;
  return [
    name,
    `${comparedText(compared)} ${symbols[direction]} ${threshold}${conditionText(compared)}`,
    `${datapointsToAlarm === undefined ? '' : `${datapointsToAlarm} of `}${evaluationPeriods} x ${periodSeconds} s`,
    `missing=${missing}${warm}`,
    severity,
  ].join(' | ');
}

function comparedText(compared: Exclude<Compared, Promql>): string {
  if (compared.kind === 'metric') return metricText(compared.metric);
  return Object.entries(compared.metrics).reduce(
    (text, [id, metric]) => text.replace(new RegExp(`\\b${id}\\b`), metricText(metric)),
    compared.expression,
  );
}

function conditionText(compared: Exclude<Compared, Promql>): string {
  if (compared.kind !== 'metric' || compared.zeroCountsWhere === undefined) return '';
  const { metric, atLeast } = compared.zeroCountsWhere;
  return `, 0 counts where ${metricText(metric)} >= ${atLeast}`;
}

function metricText({ name, dimensions, statistic }: Metric): string {
  const labels = Object.entries(dimensions).map(([label, value]) => `${label}=${value}`);
  return `${statistic} ${name}{${labels.join(',')}}`;
}
