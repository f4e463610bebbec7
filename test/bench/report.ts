/** One line of the table. */
export type Measurement = {
  readonly what: string;
  /** What was measured, for a reader. */
  readonly measured: string;
  readonly value: number;
  readonly unit: 'times' | 'bytes' | 'ms' | 'count' | 'units';
  readonly toReach: string;
  readonly met: boolean;
};

type Measured = Pick<Measurement, 'what' | 'value'>;

/**
 * A ratio to reach: the median of the ratios of runs that were made in turns, with the median of each side beside it,
 * which need not divide to the same.
 */
export function ratio(
  what: string,
  costsMs: readonly number[],
  floorsMs: readonly number[],
  most: number,
): Measurement {
  const value = median(costsMs.map((costMs, i) => costMs / (floorsMs[i] ?? NaN)));
  return {
    what,
    value,
    unit: 'times',
    measured: `${value.toFixed(2)} times (${ms(costsMs)} to ${ms(floorsMs)})`,
    toReach: `at most ${most.toFixed(1)} times`,
    met: value <= most,
  };
}

/** Bytes of one thing to those of another. */
export function timesAtMost(what: string, bytesOf: number, bytesOfFloor: number, most: number): Measurement {
  const value = bytesOf / bytesOfFloor;
  return {
    what,
    value,
    unit: 'times',
    measured: `${value.toFixed(2)} times (${inUnit(bytesOf)} to ${inUnit(bytesOfFloor)})`,
    toReach: `at most ${most.toFixed(1)} times`,
    met: value <= most,
  };
}

/** Of an odd number of values the middle one, else the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? NaN;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
}

/** Milliseconds of CPU to stay under. */
export const millisecondsUnder = ({ what, value }: Measured, limit: number): Measurement => ({
  what,
  value,
  unit: 'ms',
  measured: `${value.toFixed(1)} ms`,
  toReach: `under ${limit} ms`,
  met: value < limit,
});

/** Units that DynamoDB bills, to stay at or under. */
export const unitsAtMost = ({ what, value }: Measured, most: number): Measurement => ({
  what,
  value,
  unit: 'units',
  measured: value.toFixed(1),
  toReach: `at most ${most}`,
  met: value <= most,
});

/** Bytes to stay at or under. */
export const bytesAtMost = (measured: Measured, most: number): Measurement => ({
  ...bytes(measured),
  toReach: `at most ${inUnit(most)}`,
  met: measured.value <= most,
});

/** Bytes to stay under. */
export const bytesUnder = (measured: Measured, limit: number): Measurement => ({
  ...bytes(measured),
  toReach: `under ${inUnit(limit)}`,
  met: measured.value < limit,
});

/** A count to stay at or under. */
export const countAtMost = ({ what, value }: Measured, most: number): Measurement => ({
  what,
  value,
  unit: 'count',
  measured: String(value),
  toReach: most === 0 ? '0' : `at most ${most}`,
  met: value <= most,
});

const bytes = ({ what, value }: Measured) =>
  ({ what, value, unit: 'bytes', measured: inUnit(value) }) as const;

const ms = (values: readonly number[]): string => `${median(values).toFixed(1)} ms`;

/** Powers of ten: the stricter reading of a limit in KB or MB. */
const inUnit = (value: number): string =>
  value < 1e6 ? `${Number((value / 1e3).toPrecision(3))} KB` : `${Number((value / 1e6).toPrecision(3))} MB`;

/** The table in plain text. */
export function table(measurements: readonly Measurement[]): string {
  const rows = [
    ['what', 'measured', 'to reach', 'met'],
    ...measurements.map(({ what, measured, toReach, met }) => [what, measured, toReach, met ? 'yes' : 'NO']),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
