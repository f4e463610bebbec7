import { formatDuration } from '../../define.ts';
import { tally } from '../tally.ts';

/** A closed leafnode connection as a window keeps it. */
export type Close = {
  readonly lifetimeSeconds: number;
  readonly reason: string;
  /** The target whose ring has it. */
  readonly server: string;
  readonly ip: string;
  /** nats-server's version at the other end; empty if it did not say. */
  readonly version: string;
  /** Its account; empty if it got none, and always for `$G`. */
  readonly account: string;
};
export type Closes = readonly { readonly at: number; readonly note: Close }[];

/** Lifetimes and gaps of repeated connections, in seconds. */
export type Pace = {
  /** The middle lifetime. */
  readonly lifetime: number;
  /** The middle time from a close to the next connection; null where there is none to tell from. */
  readonly gap: number | null;
};

const middle = (numbers: readonly number[]): number | undefined =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** @param closes oldest first */
export function paceOf(closes: Closes): Pace {
  const gaps = closes.slice(1).map(({ at, note }, i) => {
    const before = closes[i]?.at ?? at;
    return (at - before) / 1_000 - note.lifetimeSeconds;
  });
  return {
    lifetime: middle(closes.map(({ note }) => note.lifetimeSeconds)) ?? 0,
    gap: middle(gaps.filter((gap) => gap >= 0)) ?? null,
  };
}

/** `7 ms`, `2.1 s`, `31 s`, `2 h 5 min`. */
export function formatSeconds(seconds: number): string {
  const ms = Math.round(seconds * 1_000);
  if (ms < 1_000) return `${ms} ms`;
  return ms < 9_950 ? `${(ms / 1_000).toFixed(1)} s` : formatDuration(ms);
}

/** `each lasts about 2.0 s and the next comes 0.1 s later` */
export function formatPace({ lifetime, gap }: Pace): string {
  const lasts = `each lasts about ${formatSeconds(lifetime)}`;
  return gap === null ? lasts : `${lasts} and the next comes about ${formatSeconds(gap)} later`;
}

/** Reasons with how often each came, the most frequent first. */
export const reasonsOf = (closes: Closes): ReturnType<typeof tally<string>> =>
  tally(closes.map(({ note }) => note.reason));
