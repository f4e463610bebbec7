import { addTo, sums, totalOf } from './kahan.ts';
import type { Points } from './window.ts';

/** Of x, y, xy and xx; over before the function returns. */
const own = sums(4);

/** The least-squares line: its slope per second, and its value at `interceptMs`. */
export function regression(
  { times, values }: Points,
  interceptMs: number,
): { readonly slope: number; readonly intercept: number } {
  const start = values[0] ?? NaN;
  if (areEqual(values)) {
    return Math.abs(start) === Infinity ? { slope: NaN, intercept: NaN } : { slope: 0, intercept: start };
  }
  own.fill(0);
  const count = values.length;
  for (let index = 0; index < count; index += 1) {
    const value = values[index] ?? NaN;
    const seconds = ((times[index] ?? NaN) - interceptMs) / 1000;
    addTo(own, 0, seconds);
    addTo(own, 1, value);
    addTo(own, 2, seconds * value);
    addTo(own, 3, seconds * seconds);
  }
  const [x, y, xy, xx] = [totalOf(own, 0), totalOf(own, 1), totalOf(own, 2), totalOf(own, 3)];
  const slope = (xy - (x * y) / count) / (xx - (x * x) / count);
  return { slope, intercept: y / count - (slope * x) / count };
}

function areEqual(values: Points['values']): boolean {
  for (let index = 1; index < values.length; index += 1) if (values[index] !== values[0]) return false;
  return true;
}
