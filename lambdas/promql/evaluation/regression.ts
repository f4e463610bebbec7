import { KahanSum } from './kahan.ts';
import type { Point } from './values.ts';

/** The least-squares line: its slope per second, and its value at `interceptMs`. */
export function regression(
  points: readonly Point[],
  interceptMs: number,
): { readonly slope: number; readonly intercept: number } {
  const start = points[0]?.[1] ?? NaN;
  if (points.every(([, value], index) => index === 0 || value === start)) {
    return Math.abs(start) === Infinity ? { slope: NaN, intercept: NaN } : { slope: 0, intercept: start };
  }
  const [x, y, xy, xx] = [new KahanSum(), new KahanSum(), new KahanSum(), new KahanSum()];
  for (const [atMs, value] of points) {
    const seconds = (atMs - interceptMs) / 1000;
    x.add(seconds);
    y.add(value);
    xy.add(seconds * value);
    xx.add(seconds * seconds);
  }
  const count = points.length;
  const slope = (xy.total - (x.total * y.total) / count) / (xx.total - (x.total * x.total) / count);
  return { slope, intercept: y.total / count - (slope * x.total) / count };
}
