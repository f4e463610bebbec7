import { days, minutes, type Known, type Limit } from '../../define.ts';
import { formatCount } from '../../engine/format.ts';
import { lowestLevel } from './level.ts';

/** The round trip of a link, in seconds, and what it usually is; null where that is not known yet. */
export type RoundTrip = {
  readonly link: string;
  readonly seconds: number;
  readonly usual: number | null;
};

type Usual = (update: (before: ReadonlyMap<string, Known>) => ReadonlyMap<string, string>) => {
  readonly before: ReadonlyMap<string, Known>;
};

/** What was measured while the servers were starting is measured anew by then: they send PINGs every 15 or 30 s. */
const settlesWithin = minutes(1);

type Measured = { readonly rtt: number; readonly start: number };

/** Whether a connection has been measured, and not in its first minute alone. @param now by the server's clock, epoch ms */
export const isMeasured = ({ rtt, start }: Measured, now: number): boolean =>
  rtt > 0 && now - start >= settlesWithin;

const microseconds = 1e-6;

/**
 * What is usual is the shortest that was seen. It doubles a day towards what is measured, so that a longer way becomes the usual
 * one within some days.
 * @param links measured ones, none of 0 s
 * @param usual a history, which is recorded
 */
export function roundTripsOf<L extends Pick<RoundTrip, 'link' | 'seconds'>>(
  links: readonly L[],
  usual: Usual,
  at: number,
): readonly (L & RoundTrip)[] {
  const { before } = usual(
    (known) =>
      new Map(
        links.map(({ link, seconds }) => {
          const last = known.get(link);
          const now = seconds / microseconds;
          const grown = last === undefined ? now : Number(last.value) * 2 ** ((at - last.lastSeen) / days(1));
          // So precise that a minute's growth is not rounded away.
          return [link, String(Number(Math.min(now, grown).toPrecision(8)))];
        }),
      ),
  );
  return links.map((each) => {
    const known = before.get(each.link);
    return { ...each, usual: known === undefined ? null : Number(known.value) * microseconds };
  });
}

/** How many times as long as usual; 0 where that is not known, or for one that is no longer than `shortest` seconds. */
export const timesUsual = ({ seconds, usual }: RoundTrip, shortest: number): number =>
  usual === null || seconds <= shortest ? 0 : seconds / usual;

type RoundTripLimits = { readonly rtt: Limit; readonly risen: Limit };

/** Whether it is beyond a level of either limit. */
export const isLong = (trip: RoundTrip, { rtt, risen }: RoundTripLimits, shortest: number): boolean =>
  trip.seconds > lowestLevel(rtt) || timesUsual(trip, shortest) > lowestLevel(risen);

/** `up to 620 ms, limit 500 ms`, or `up to 4.1 times as long as usual, limit 3` */
export const longWords = (limit: keyof RoundTripLimits, value: number, level: number): string =>
  limit === 'rtt'
    ? `up to ${formatRoundTrip(value)}, limit ${formatRoundTrip(level)}`
    : `up to ${formatCount(Math.round(value * 10) / 10)} times as long as usual, limit ${formatCount(level)}`;

/** `84 ms, usually 20 ms` */
export const againstUsual = ({ seconds, usual }: RoundTrip): string =>
  `${formatRoundTrip(seconds)}, ${usual === null ? 'what is usual is not known yet' : `usually ${formatRoundTrip(usual)}`}`;

/** `0.2 ms`, `84 ms`, `1.2 s` */
export function formatRoundTrip(seconds: number): string {
  const ms = seconds * 1_000;
  if (ms >= 1_000) return `${formatCount(Math.round(seconds * 10) / 10)} s`;
  return `${formatCount(ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms))} ms`;
}
