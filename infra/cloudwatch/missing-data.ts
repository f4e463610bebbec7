import type { AlarmSpec } from './alarm-spec.ts';
import { unpublished } from './unpublished.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** One period of an alarm: what its datapoint says, or that there is none. */
export type Point = 'breaching' | 'notBreaching' | 'missing';

export type Rule = {
  /** N: datapoints that the alarm needs. */
  readonly evaluationPeriods: number;
  /** M: how many of them must breach. */
  readonly datapointsToAlarm: number;
  readonly missing: AlarmSpec['missing'];
};

const stateOfNoData = {
  missing: 'INSUFFICIENT_DATA',
  ignore: 'RETAIN',
  breaching: 'ALARM',
  notBreaching: 'OK',
} as const satisfies Record<Rule['missing'], AlarmState | 'RETAIN'>;

/**
 * The state that the points of an evaluation range give, oldest first; `RETAIN`: the alarm keeps the state it has.
 * Yields every cell of both tables in the CloudWatch user guide, page alarms-and-missing-data; the rule that yields
 * them is this project's reading, not AWS's text.
 */
export function stateOfPoints(
  points: readonly Point[],
  { evaluationPeriods, datapointsToAlarm, missing }: Rule,
): AlarmState | 'RETAIN' {
  const real = points.filter((point) => point !== 'missing');
  if (real.length === 0) return stateOfNoData[missing];
  const ifAlarm = (breaching: number) => (breaching >= datapointsToAlarm ? 'ALARM' : 'OK');
  if (real.length >= evaluationPeriods) return ifAlarm(countBreaching(real.slice(-evaluationPeriods)));

  const breaching = countBreaching(real);
  const filled = evaluationPeriods - real.length;
  if (missing === 'breaching') return ifAlarm(breaching + filled);
  if (missing === 'notBreaching' || breaching >= datapointsToAlarm) return ifAlarm(breaching);
  // AWS's "premature alarm state": a breaching point at least M periods old, and since then nothing better.
  const oldestAge = points.length - points.indexOf('breaching');
  const isPremature = breaching === real.length && oldestAge >= datapointsToAlarm;
  if (isPremature) return missing === 'missing' ? 'ALARM' : 'RETAIN';
  return unpublished.stateWhileWaiting;
}

const countBreaching = (points: readonly Point[]): number =>
  points.filter((point) => point === 'breaching').length;
