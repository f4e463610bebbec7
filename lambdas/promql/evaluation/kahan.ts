/**
 * Sums that carry what rounding lost (Neumaier's variant of Kahan's summation, as Prometheus sums): each two numbers, the
 * sum and its loss. No objects: a class whose last object is collected takes the optimized code with it that knew it.
 */
export type Sums = Float64Array;

/** So many sums of nothing. */
export const sums = (count: number): Sums => new Float64Array(2 * count);

export function addTo(all: Sums, index: number, value: number): void {
  const sum = all[2 * index] ?? 0;
  const total = sum + value;
  if (!Number.isFinite(total)) all[2 * index + 1] = 0;
  else {
    const lost = Math.abs(sum) >= Math.abs(value) ? sum - total + value : value - total + sum;
    all[2 * index + 1] = (all[2 * index + 1] ?? 0) + lost;
  }
  all[2 * index] = total;
}

export const totalOf = (all: Sums, index: number): number =>
  (all[2 * index] ?? 0) + (all[2 * index + 1] ?? 0);

/** For a sum that is over before its function returns. */
const own = sums(1);

export function sum(values: ArrayLike<number>): number {
  own.fill(0);
  for (let index = 0; index < values.length; index += 1) addTo(own, 0, values[index] ?? NaN);
  return totalOf(own, 0);
}

/** The mean; values whose sum leaves the floats are averaged step by step instead. */
export function mean(values: ArrayLike<number>): number {
  own[0] = values[0] ?? NaN;
  own[1] = 0;
  for (let index = 1; index < values.length; index += 1) addTo(own, 0, values[index] ?? NaN);
  const total = totalOf(own, 0);
  if (Number.isFinite(own[0])) return total / values.length;
  const all = Array.from(values);
  if (!all.every(Number.isFinite)) return total / values.length;
  return all.reduce((average, value, index) => average + (value / (index + 1) - average / (index + 1)), 0);
}
