import type { Duration } from './durations.ts';

export type Severity = 'info' | 'warning' | 'critical';

/** Our words for CloudWatch's units. */
export const units = {
  count: 'Count',
  ratio: 'None',
  percent: 'Percent',
  seconds: 'Seconds',
  bytes: 'Bytes',
  perSecond: 'Count/Second',
  bytesPerSecond: 'Bytes/Second',
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
  /** The fewest watched servers of a cluster that it can be crossed with, as it compares them; one by default. */
  readonly servers?: 2 | 3;
  /** The window that the value is summed over. */
  readonly over?: Duration;
  /** Keys of metadata, below `io.nats.monitor.`, by which the owner of a stream or consumer sets a level. */
  readonly owner?: { readonly [S in Severity]?: string };
};
export type Limits = { readonly [name: string]: Limit };
export type Resolved<L extends Limits> = { readonly [N in keyof L]: L[N] };

/** Streams by account and name, or consumers of them; `*` stands for any characters, an account that is not named for all. */
export type AssetPattern = {
  readonly account?: string | undefined;
  readonly stream: string;
  readonly consumer?: string | undefined;
};

/** Clients by the names that they give themselves, of one account or of all; `*` stands for any characters. */
export type ClientPattern = { readonly account?: string | undefined; readonly name: string };

/** Limits by diagnosis id, settings applied; of the assets that a pattern means, the first such entry's. */
export type LimitBook = ReadonlyMap<
  string,
  {
    readonly limits: Limits;
    readonly for: number;
    readonly ofAssets?: readonly { readonly pattern: AssetPattern; readonly limits: Limits }[];
  }
>;

type LimitText = Omit<Limit, 'direction' | 'levels'>;

function limit<const T extends LimitText>(
  direction: Direction,
  levels: Levels,
  rest: T,
): { readonly direction: Direction; readonly levels: Levels } & T {
  return { direction, levels, ...rest };
}

type Make = <const T extends LimitText>(
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

/** Severities that a value of this limit can reach, whoever sets the level. */
export const reachable = ({ levels, owner = {} }: Limit): readonly Severity[] =>
  severities.filter((severity) => levels[severity] !== undefined || owner[severity] !== undefined);
