import { formatDuration, type ClosedConnection } from '../../define.ts';
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
  /** Subscriptions it held; both ends send theirs once the hub has confirmed the login. Absent in older memories. */
  readonly subscriptions?: number;
};
export type Closes = readonly { readonly at: number; readonly note: Close }[];

/** Lifetimes and gaps of repeated connections, in seconds. */
export type Pace = {
  /** The middle lifetime, and how far nearly all keep to it. */
  readonly lifetime: number;
  readonly lifetimeSpread: number;
  /** The middle time from a close to the next connection; null where there is none to tell from. */
  readonly gap: number | null;
  readonly gapSpread: number;
};

export const closeOf = (row: ClosedConnection, server: string): Close => ({
  lifetimeSeconds: row.lifetimeSeconds,
  reason: row.reason,
  server,
  ip: row.ip,
  version: row.version ?? '',
  account: row.account ?? '',
  subscriptions: row.subscriptions,
});

const middle = (numbers: readonly number[]): number | undefined =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** How far four of five are from the middle. */
function spreadOf(numbers: readonly number[], around: number): number {
  const far = numbers.map((n) => Math.abs(n - around)).sort((a, b) => a - b);
  return far[Math.ceil(far.length * 0.8) - 1] ?? 0;
}

/** @param closes oldest first */
export function paceOf(closes: Closes): Pace {
  const lifetimes = closes.map(({ note }) => note.lifetimeSeconds);
  const gaps = closes
    .slice(1)
    .map(({ at, note }, i) => (at - (closes[i]?.at ?? at)) / 1_000 - note.lifetimeSeconds)
    .filter((gap) => gap >= 0);
  const lifetime = middle(lifetimes) ?? 0;
  const gap = middle(gaps) ?? null;
  return {
    lifetime,
    lifetimeSpread: spreadOf(lifetimes, lifetime),
    gap,
    gapSpread: spreadOf(gaps, gap ?? 0),
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
