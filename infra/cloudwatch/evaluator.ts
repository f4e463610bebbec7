import { crosses } from '../../lambdas/limits.ts';
import { AlarmError, type AlarmSpec, type Compared, type Metric } from './alarm-spec.ts';
import { metricMath } from './metric-math.ts';
import { stateOfPoints, type AlarmState, type Point, type Rule } from './missing-data.ts';
import { unpublished } from './unpublished.ts';

export type { AlarmState } from './missing-data.ts';

/** One value as it was published at a minute. Several of one minute are statistics' input, as in CloudWatch. */
export type Datapoint = {
  readonly minute: number;
  readonly value: number;
  /** The minute from which on evaluations see it, where it was published later than its own. */
  readonly seenFrom?: number;
};

export type StateAt = { readonly minute: number; readonly state: AlarmState };

/** What of a spec decides its states. */
export type EvaluatedAlarm = Pick<
  AlarmSpec,
  | 'compared'
  | 'direction'
  | 'threshold'
  | 'periodSeconds'
  | 'evaluationPeriods'
  | 'datapointsToAlarm'
  | 'missing'
  | 'warmUp'
>;

/** From the minute in which the alarm is created to the last one looked at, both included. */
export type Span = { readonly from: number; readonly to: number };

/**
 * An alarm's state after each minute's evaluation. CloudWatch evaluates every minute, over periods that end with that
 * minute, so longer periods slide. Before its first evaluation an alarm is INSUFFICIENT_DATA.
 * Pure; `datapoints` gives what was published for a metric, older than the alarm included.
 * @throws AlarmError if the spec is none that CloudWatch takes, or its expression is not known here
 */
export function alarmStates(
  alarm: EvaluatedAlarm,
  datapoints: (metric: Metric) => readonly Datapoint[],
  { from, to }: Span,
): readonly StateAt[] {
  const evaluate = evaluator(alarm, datapoints);
  const states: StateAt[] = [];
  let state: AlarmState = 'INSUFFICIENT_DATA';
  let isWarm = alarm.warmUp === null;
  for (let minute = from; minute <= to; minute += 1) {
    isWarm ||= isWarmAt(alarm, minute - from, evaluate.points(minute));
    if (isWarm) state = evaluate.state(minute, state);
    states.push({ minute, state });
  }
  return states;
}

/** The minutes in which the state became another, the first one included. */
export function stateChanges(states: readonly StateAt[]): readonly StateAt[] {
  return states.filter(({ state }, index) => state !== states[index - 1]?.state);
}

function isWarmAt({ warmUp, evaluationPeriods }: EvaluatedAlarm, age: number, points: readonly Point[]) {
  if (warmUp === null || age >= warmUp.minutes) return true;
  const window = points.slice(-unpublished.windowFilledBy(evaluationPeriods));
  return !warmUp.whole && window.every((point) => point !== 'missing');
}

function evaluator(alarm: EvaluatedAlarm, datapoints: (metric: Metric) => readonly Datapoint[]) {
  const { direction, threshold, evaluationPeriods, missing } = alarm;
  const rule: Rule = {
    evaluationPeriods,
    datapointsToAlarm: alarm.datapointsToAlarm ?? evaluationPeriods,
    missing,
  };
  const periodMinutes = alarm.periodSeconds / 60;
  refuseUnknown(rule, periodMinutes);
  const valueAt = comparedAt(alarm.compared, datapoints, periodMinutes);
  const range = unpublished.evaluationRange(evaluationPeriods);

  const points = (minute: number): readonly Point[] =>
    Array.from({ length: range }, (_, index) => {
      const end = minute - unpublished.delayMinutes - (range - 1 - index) * periodMinutes;
      const value = valueAt(end, minute);
      if (value === undefined) return 'missing';
      return crosses[direction](value, threshold) ? 'breaching' : 'notBreaching';
    });
  return {
    points,
    state: (minute: number, before: AlarmState): AlarmState => {
      const state = stateOfPoints(points(minute), rule);
      return state === 'RETAIN' ? before : state;
    },
  };
}

function refuseUnknown({ evaluationPeriods, datapointsToAlarm }: Rule, periodMinutes: number): void {
  const isCount = (value: number) => Number.isInteger(value) && value >= 1;
  if (!isCount(periodMinutes)) {
    throw new AlarmError(`a period of ${periodMinutes * 60} s cannot be evaluated: expected whole minutes`);
  }
  if (!isCount(evaluationPeriods) || !isCount(datapointsToAlarm) || datapointsToAlarm > evaluationPeriods) {
    throw new AlarmError(`${datapointsToAlarm} of ${evaluationPeriods} datapoints is no M of N`);
  }
}

type Values = (endMinute: number, evaluatedAt: number) => number | undefined;

/** The compared value of the period that ends with a minute. */
function comparedAt(
  compared: Compared,
  datapoints: (metric: Metric) => readonly Datapoint[],
  periodMinutes: number,
): Values {
  const valuesOf = (metric: Metric) => statisticAt(metric.statistic, datapoints(metric), periodMinutes);
  if (compared.kind === 'metric') {
    const values = valuesOf(compared.metric);
    const { zeroCountsWhere } = compared;
    if (zeroCountsWhere === undefined) return values;
    const conditions = valuesOf(zeroCountsWhere.metric);
    return (end, evaluatedAt) => {
      const value = values(end, evaluatedAt);
      const condition = conditions(end, evaluatedAt);
      const holds = condition !== undefined && condition >= zeroCountsWhere.atLeast;
      return value === 0 && !holds ? undefined : value;
    };
  }
  if (compared.kind === 'promql') {
    throw new AlarmError(`"${compared.query}" is asked of CloudWatch itself and has no datapoints`);
  }
  const expression = metricMath(compared.expression);
  const byId = new Map(Object.entries(compared.metrics).map(([id, metric]) => [id, valuesOf(metric)]));
  return (end, evaluatedAt) =>
    expression.at((id) => {
      const values = byId.get(id);
      if (values === undefined) {
        throw new AlarmError(`"${compared.expression}" names ${id}, which is none of its metrics`);
      }
      return values(end, evaluatedAt);
    });
}

const statistics = {
  Maximum: (values: readonly number[]) => Math.max(...values),
  Minimum: (values: readonly number[]) => Math.min(...values),
  Sum: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0),
} as const satisfies Record<Metric['statistic'], (values: readonly number[]) => number>;

function statisticAt(
  statistic: Metric['statistic'],
  datapoints: readonly Datapoint[],
  periodMinutes: number,
): Values {
  const byMinute = Map.groupBy(datapoints, ({ minute }) => minute);
  return (end, evaluatedAt) => {
    const values: number[] = [];
    for (let minute = end - periodMinutes + 1; minute <= end; minute += 1) {
      for (const { value, seenFrom = minute } of byMinute.get(minute) ?? []) {
        if (seenFrom <= evaluatedAt) values.push(value);
      }
    }
    return values.length === 0 ? undefined : statistics[statistic](values);
  };
}
