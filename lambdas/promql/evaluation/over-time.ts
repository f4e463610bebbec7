import { KahanSum, mean } from './kahan.ts';
import type { Point } from './values.ts';

type OverTime = (points: readonly Point[]) => number;

const values = (points: readonly Point[]): number[] => points.map(([, value]) => value);

function most(points: readonly Point[], better: (value: number, than: number) => boolean): number {
  let best = points[0]?.[1] ?? NaN;
  for (const [, value] of points) if (better(value, best) || Number.isNaN(best)) best = value;
  return best;
}

function variance(points: readonly Point[]): number {
  const average = new KahanSum();
  const squares = new KahanSum();
  points.forEach(([, value], index) => {
    const distance = value - average.total;
    average.add(distance / (index + 1));
    squares.add(distance * (value - average.total));
  });
  return squares.total / points.length;
}

/** How often two neighbours meet the test. */
function steps(points: readonly Point[], test: (value: number, before: number) => boolean): number {
  let count = 0;
  for (let index = 1; index < points.length; index += 1) {
    if (test(points[index]?.[1] ?? NaN, points[index - 1]?.[1] ?? NaN)) count += 1;
  }
  return count;
}

const sum: OverTime = (points) => {
  const total = new KahanSum();
  for (const [, value] of points) total.add(value);
  return total.total;
};

/** Functions of one window that give a value whenever it holds a sample. */
export const overTime: ReadonlyMap<string, OverTime> = new Map([
  ['avg_over_time', (points) => mean(values(points))],
  ['count_over_time', (points) => points.length],
  ['last_over_time', (points) => points.at(-1)?.[1] ?? NaN],
  ['max_over_time', (points) => most(points, (value, than) => value > than)],
  ['min_over_time', (points) => most(points, (value, than) => value < than)],
  ['present_over_time', () => 1],
  ['stddev_over_time', (points) => Math.sqrt(variance(points))],
  ['stdvar_over_time', variance],
  ['sum_over_time', sum],
  [
    'changes',
    (points) =>
      steps(points, (value, before) => value !== before && !(Number.isNaN(value) && Number.isNaN(before))),
  ],
  ['resets', (points) => steps(points, (value, before) => value < before)],
]);
