import { EvaluationError } from './values.ts';
import type { Points } from './window.ts';

/** Double exponential smoothing, `funcHoltWinters` of promql/functions.go: the last smoothed value; undefined of one point. */
export function smoothed({ values }: Points, smoothing: number, trend: number): number | undefined {
  checkFactors(smoothing, trend);
  const [first, second] = values;
  if (first === undefined || second === undefined) return undefined;
  let [before, value] = [0, first];
  let slope = second - first;
  values.slice(1).forEach((given, index) => {
    if (index > 0) slope = trend * (value - before) + (1 - trend) * slope;
    [before, value] = [value, smoothing * given + (1 - smoothing) * (value + slope)];
  });
  return value;
}

/** @throws EvaluationError for a factor that is not between 0 and 1 */
export function checkFactors(smoothing: number, trend: number): void {
  refuseBeyond('smoothing', smoothing);
  refuseBeyond('trend', trend);
}

function refuseBeyond(name: string, factor: number): void {
  if (factor <= 0 || factor >= 1)
    throw new EvaluationError(`holt_winters: the ${name} factor must be between 0 and 1, not ${factor}`);
}
