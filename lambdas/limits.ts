import type { Duration } from './durations.ts';

export type Severity = 'info' | 'warning' | 'critical';

/** Our words for CloudWatch's units. */
export const units = {
  count: 'Count',
  ratio: 'None',
  percent: 'Percent',
  seconds: 'Seconds',
  bytes: 'Bytes',
} as const;
export type Unit = keyof typeof units;

export type Direction = 'above' | 'atLeast' | 'below' | 'atMost';
export type Levels = { readonly [S in Severity]?: number };

/** One limit: finding and alarm both come from it. */
export type Limit = {
  readonly direction: Direction;
  readonly levels: Levels;
  readonly unit: Unit;
  /** What is compared, for the catalogue of checks and for error messages: `closes of one leafnode`. */
  readonly of: string;
  /** The window that the value is summed over. */
  readonly over?: Duration;
};
export type Limits = { readonly [name: string]: Limit };
export type Resolved<L extends Limits> = { readonly [N in keyof L]: L[N] };

/** Limits by diagnosis id, settings applied. */
export type LimitBook = ReadonlyMap<string, { readonly limits: Limits; readonly for: number }>;

type LimitText = { readonly unit: Unit; readonly of: string };

function limit<const T extends LimitText & { readonly over?: Duration }>(
  direction: Direction,
  levels: Levels,
  rest: T,
): { readonly direction: Direction; readonly levels: Levels } & T {
  return { direction, levels, ...rest };
}

type Make = <const T extends LimitText & { readonly over?: Duration }>(
  levels: Levels,
  rest: T,
) => { readonly direction: Direction; readonly levels: Levels } & T;

/** Crossed by a value greater than the level. */
export const above: Make = (levels, rest) => limit('above', levels, rest);
/** Crossed by a value that reaches the level. */
export const atLeast: Make = (levels, rest) => limit('atLeast', levels, rest);
/** Crossed by a value less than the level. */
export const below: Make = (levels, rest) => limit('below', levels, rest);
/** Crossed by a value that has come down to the level. */
export const atMost: Make = (levels, rest) => limit('atMost', levels, rest);

/** Whether a value is beyond a level. */
export const crosses: Record<Direction, (value: number, level: number) => boolean> = {
  above: (value, level) => value > level,
  atLeast: (value, level) => value >= level,
  below: (value, level) => value < level,
  atMost: (value, level) => value <= level,
};

/** Severities from worst to mildest. */
export const severities = ['critical', 'warning', 'info'] as const satisfies readonly Severity[];

/** Every level that `value` crosses, worst first. */
export function crossed(limit: Limit, value: number): readonly { severity: Severity; level: number }[] {
  return severities.flatMap((severity) => {
    const level = limit.levels[severity];
    return level !== undefined && crosses[limit.direction](value, level) ? [{ severity, level }] : [];
  });
}
