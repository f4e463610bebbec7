import { addTo, mean, sum, sums, totalOf } from './kahan.ts';
import type { Points } from './window.ts';

type Values = Points['values'];
type OverTime = (values: Values) => number;

function most(values: Values, better: (value: number, than: number) => boolean): number {
  let best = values[0] ?? NaN;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? NaN;
    if (better(value, best) || Number.isNaN(best)) best = value;
  }
  return best;
}

const [average, squares] = [0, 1];
/** Over before the function returns. */
const own = sums(2);

function variance(values: Values): number {
  own.fill(0);
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? NaN;
    const distance = value - totalOf(own, average);
    addTo(own, average, distance / (index + 1));
    addTo(own, squares, distance * (value - totalOf(own, average)));
  }
  return totalOf(own, squares) / values.length;
}

const isMore = (value: number, than: number): boolean => value > than;
const isLess = (value: number, than: number): boolean => value < than;

const isOther = (value: number, before: number): boolean =>
  value !== before && !(Number.isNaN(value) && Number.isNaN(before));

/** How often two neighbours meet the test. */
function steps(values: Values, test: (value: number, before: number) => boolean): number {
  let count = 0;
  for (let index = 1; index < values.length; index += 1) {
    if (test(values[index] ?? NaN, values[index - 1] ?? NaN)) count += 1;
  }
  return count;
}

/** Functions of one window that give a value whenever it holds a sample. */
export const overTime: ReadonlyMap<string, OverTime> = new Map([
  ['avg_over_time', mean],
  ['count_over_time', (values) => values.length],
  ['last_over_time', (values) => values.at(-1) ?? NaN],
  ['max_over_time', (values) => most(values, isMore)],
  ['min_over_time', (values) => most(values, isLess)],
  ['present_over_time', () => 1],
  ['stddev_over_time', (values) => Math.sqrt(variance(values))],
  ['stdvar_over_time', variance],
  ['sum_over_time', sum],
  ['changes', (values) => steps(values, isOther)],
  ['resets', (values) => steps(values, isLess)],
]);
