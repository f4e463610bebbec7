import { KahanSum, mean } from './kahan.ts';
import type { Points } from './window.ts';

type Values = Points['values'];
type OverTime = (values: Values) => number;

function most(values: Values, better: (value: number, than: number) => boolean): number {
  let best = values[0] ?? NaN;
  for (const value of values) if (better(value, best) || Number.isNaN(best)) best = value;
  return best;
}

function variance(values: Values): number {
  const average = new KahanSum();
  const squares = new KahanSum();
  values.forEach((value, index) => {
    const distance = value - average.total;
    average.add(distance / (index + 1));
    squares.add(distance * (value - average.total));
  });
  return squares.total / values.length;
}

/** How often two neighbours meet the test. */
function steps(values: Values, test: (value: number, before: number) => boolean): number {
  let count = 0;
  for (let index = 1; index < values.length; index += 1) {
    if (test(values[index] ?? NaN, values[index - 1] ?? NaN)) count += 1;
  }
  return count;
}

const sum: OverTime = (values) => {
  const total = new KahanSum();
  for (const value of values) total.add(value);
  return total.total;
};

/** Functions of one window that give a value whenever it holds a sample. */
export const overTime: ReadonlyMap<string, OverTime> = new Map([
  ['avg_over_time', mean],
  ['count_over_time', (values) => values.length],
  ['last_over_time', (values) => values.at(-1) ?? NaN],
  ['max_over_time', (values) => most(values, (value, than) => value > than)],
  ['min_over_time', (values) => most(values, (value, than) => value < than)],
  ['present_over_time', () => 1],
  ['stddev_over_time', (values) => Math.sqrt(variance(values))],
  ['stdvar_over_time', variance],
  ['sum_over_time', sum],
  [
    'changes',
    (values) =>
      steps(values, (value, before) => value !== before && !(Number.isNaN(value) && Number.isNaN(before))),
  ],
  ['resets', (values) => steps(values, (value, before) => value < before)],
]);
