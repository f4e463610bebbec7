/** Go's math.Max: an infinity wins over NaN. */
export const goMax = (left: number, right: number): number =>
  left === Infinity || right === Infinity ? Infinity : Math.max(left, right);

/** Go's math.Min: an infinity wins over NaN. */
export const goMin = (left: number, right: number): number =>
  left === -Infinity || right === -Infinity ? -Infinity : Math.min(left, right);

/** Go's math.Pow: 1 to whatever power is 1, and -1 to an infinite one too. */
export function goPow(base: number, power: number): number {
  if (base === 1 || (base === -1 && Math.abs(power) === Infinity)) return 1;
  return base ** power;
}

/** Rounds to the nearest multiple, halves upwards. */
export function roundTo(value: number, nearest: number): number {
  const inverse = 1 / nearest;
  return Math.floor(value * inverse + 0.5) / inverse;
}

/** Functions of one value. */
export const mathematics: ReadonlyMap<string, (value: number) => number> = new Map([
  ['abs', Math.abs],
  ['ceil', Math.ceil],
  ['exp', Math.exp],
  ['floor', Math.floor],
  ['ln', Math.log],
  ['log2', Math.log2],
  ['log10', Math.log10],
  ['sqrt', Math.sqrt],
  ['sgn', (value) => (value < 0 ? -1 : value > 0 ? 1 : value)],
  ['acos', Math.acos],
  ['acosh', Math.acosh],
  ['asin', Math.asin],
  ['asinh', Math.asinh],
  ['atan', Math.atan],
  ['atanh', Math.atanh],
  ['cos', Math.cos],
  ['cosh', Math.cosh],
  ['sin', Math.sin],
  ['sinh', Math.sinh],
  ['tan', Math.tan],
  ['tanh', Math.tanh],
  ['deg', (value) => (value * 180) / Math.PI],
  ['rad', (value) => (value * Math.PI) / 180],
]);

const dayMs = 86_400_000;

const dated = (of: (date: Date) => number) => (seconds: number) => of(new Date(Math.trunc(seconds) * 1000));

/** Functions of a time in epoch seconds, in UTC. A time beyond JavaScript's dates (NaN, 270,000 years) gives NaN. */
export const calendar: ReadonlyMap<string, (seconds: number) => number> = new Map([
  ['minute', dated((date) => date.getUTCMinutes())],
  ['hour', dated((date) => date.getUTCHours())],
  ['day_of_month', dated((date) => date.getUTCDate())],
  ['day_of_week', dated((date) => date.getUTCDay())],
  [
    'day_of_year',
    dated((date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayMs) + 1),
  ],
  [
    'days_in_month',
    dated((date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()),
  ],
  ['month', dated((date) => date.getUTCMonth() + 1)],
  ['year', dated((date) => date.getUTCFullYear())],
]);
