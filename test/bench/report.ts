/** One line of the table. */
export type Measurement = {
  readonly what: string;
  /** What was measured, for a reader. */
  readonly measured: string;
  readonly value: number;
  readonly unit: 'times' | 'bytes';
  readonly toReach: string;
  readonly met: boolean;
};

type Measured = Pick<Measurement, 'what' | 'value'>;

/** A ratio to reach, with the two medians it comes from. */
export function ratio(what: string, costMs: number, floorMs: number, most: number): Measurement {
  const value = costMs / floorMs;
  return {
    what,
    value,
    unit: 'times',
    measured: `${value.toFixed(2)} times (${ms(costMs)} to ${ms(floorMs)})`,
    toReach: `at most ${most.toFixed(1)} times`,
    met: value <= most,
  };
}

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

const bytes = ({ what, value }: Measured) =>
  ({ what, value, unit: 'bytes', measured: inUnit(value) }) as const;

const ms = (value: number): string => `${value.toFixed(1)} ms`;

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
