import { KahanSum } from './kahan.ts';
import type { Points } from './window.ts';

/** The least-squares line: its slope per second, and its value at `interceptMs`. */
export function regression(
  { times, values }: Points,
  interceptMs: number,
): { readonly slope: number; readonly intercept: number } {
  const start = values[0] ?? NaN;
  if (values.every((value, index) => index === 0 || value === start)) {
    return Math.abs(start) === Infinity ? { slope: NaN, intercept: NaN } : { slope: 0, intercept: start };
  }
  const [x, y, xy, xx] = [new KahanSum(), new KahanSum(), new KahanSum(), new KahanSum()];
  const count = values.length;
  for (let index = 0; index < count; index += 1) {
    const value = values[index] ?? NaN;
    const seconds = ((times[index] ?? NaN) - interceptMs) / 1000;
    x.add(seconds);
    y.add(value);
    xy.add(seconds * value);
    xx.add(seconds * seconds);
  }
  const slope = (xy.total - (x.total * y.total) / count) / (xx.total - (x.total * x.total) / count);
  return { slope, intercept: y.total / count - (slope * x.total) / count };
}
