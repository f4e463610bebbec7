// How nats-server, a Go program, writes times and durations.
// - uptime, idle: `1y2d3h4m5s` (monitor.go myUptime; a year is 365 days). rtt: Go's `80.7ms`, `1m2.5s`, `0s`.
// - Times are RFC 3339 with up to nine digits of a second, zeros cut off. `start` and `stop` of connections carry
//   the server's own time zone (seen on 2.10.27 and 2.15.1 with TZ set), all others are UTC.

/** Milliseconds since 1970, negative before; what NATS gives below a millisecond is cut off. */
export type EpochMs = number;
export type Seconds = number;

const SECONDS_PER_UNIT: Readonly<Record<string, number>> = {
  y: 365 * 86_400,
  d: 86_400,
  h: 3_600,
  m: 60,
  s: 1,
  ms: 1e-3,
  '\u00b5s': 1e-6,
  '\u03bcs': 1e-6,
  us: 1e-6,
  ns: 1e-9,
};
const DURATION = /^-?(?:\d+(?:\.\d+)?(?:y|d|h|ms|m|\u00b5s|\u03bcs|us|ns|s))+$/;
const DURATION_PART = /(\d+(?:\.\d+)?)([^\d.]+)/g;

/** `1y2d3h4m5s`, `80.7ms`, `1m2.5s` or `0s` in seconds; undefined for any other text. */
export function parseGoDuration(text: string): Seconds | undefined {
  if (!DURATION.test(text)) return undefined;
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(DURATION_PART)) {
    seconds += Number(count) * (SECONDS_PER_UNIT[unit ?? ''] ?? NaN);
  }
  return text.startsWith('-') ? -seconds : seconds;
}

/** `Date.UTC` takes a smaller year for one of the 20th century. */
const EARLIEST_YEAR = 100;

/**
 * RFC 3339 in epoch ms; null for Go's zero time, undefined for any other text. A server without a battery-backed clock
 * starts at 1970, west of Greenwich in 1969.
 * Read digit by digit: a full ring holds 20,000 times, and a pattern with Date.parse takes three times as long.
 */
export function parseGoTime(text: string): EpochMs | null | undefined {
  if (text === '0001-01-01T00:00:00Z') return null;
  const isSeparated =
    text[4] === '-' && text[7] === '-' && text[10] === 'T' && text[13] === ':' && text[16] === ':';
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const isDay = year >= EARLIEST_YEAR && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  if (!isSeparated || !isDay || !(hour < 24 && minute < 60 && second < 60)) return undefined;

  const zoneAt = text[19] === '.' ? endOfDigits(text, 20) : 19;
  const fractionMs = zoneAt === 19 ? 0 : millisecondsAt(text, 20, zoneAt);
  const ms = Date.UTC(year, month - 1, day, hour, minute, second) + fractionMs - zoneOffsetMs(text, zoneAt);
  return Number.isNaN(ms) ? undefined : ms;
}

/** NaN where there is no digit, so that one check at the end finds any. */
function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : NaN;
}

function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (at < from + 9 && digit(text, at) >= 0) at += 1;
  return at;
}

function millisecondsAt(text: string, from: number, end: number): number {
  if (end === from) return NaN;
  const tens = end > from + 1 ? digit(text, from + 1) : 0;
  const ones = end > from + 2 ? digit(text, from + 2) : 0;
  return digit(text, from) * 100 + tens * 10 + ones;
}

function zoneOffsetMs(text: string, at: number): number {
  if (text[at] === 'Z' && text.length === at + 1) return 0;
  const sign = text[at] === '+' ? 1 : text[at] === '-' ? -1 : NaN;
  if (text.length !== at + 6 || text[at + 3] !== ':') return NaN;
  return sign * (twoDigits(text, at + 1) * 60 + twoDigits(text, at + 4)) * 60_000;
}
