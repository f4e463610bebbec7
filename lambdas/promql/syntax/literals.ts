/** Thrown by the readers below; the caller knows the place. */
export class LiteralError extends Error {}

const unitMs = { y: 31_536_000_000, w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
const durationShape =
  /^(?:(?<y>\d+)y)?(?:(?<w>\d+)w)?(?:(?<d>\d+)d)?(?:(?<h>\d+)h)?(?:(?<m>\d+)m)?(?:(?<s>\d+)s)?(?:(?<ms>\d+)ms)?$/;

/** Prometheus counts durations in nanoseconds of 64 bits: 292 years. */
const longestMs = 9_223_372_036_854;

/** `1h30m` in milliseconds, largest unit first, each at most once; undefined when the text is no duration. */
export function durationMs(text: string): number | undefined {
  const groups = text === '' ? undefined : durationShape.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const sum = Object.entries(unitMs).reduce((total, [unit, ms]) => total + Number(groups[unit] ?? 0) * ms, 0);
  if (sum > longestMs) throw new LiteralError(`the duration ${text} is longer than 292 years`);
  return sum;
}

/** A number in seconds where edition 3 takes it as a duration, in whole milliseconds. */
export function secondsAsMs(seconds: number, text: string): number {
  const ms = Math.round(seconds * 1000);
  if (!(Math.abs(ms) <= longestMs)) throw new LiteralError(`the duration ${text} is longer than 292 years`);
  return ms;
}

/**
 * Decimal, scientific, hexadecimal (`0x1F`), octal (a leading 0, as Go reads it: `017` is 15, `08` is 8),
 * `inf` and `nan` in any case; no sign.
 */
export function numberOf(text: string): number {
  const word = text.toLowerCase();
  if (word === 'inf') return Infinity;
  if (word === 'nan') return NaN;
  const digits = word.replaceAll('_', '');
  if (/^0x/.test(digits)) {
    if (BigInt(digits) >= 2n ** 63n) throw new LiteralError(`the number ${text} does not fit 64 bits`);
    return Number(digits);
  }
  const octal = /^0[0-7]+$/.test(digits);
  const value = octal ? parseInt(digits, 8) : Number(digits);
  if (Number.isNaN(value)) throw new LiteralError(`${text} is no number`);
  if (!octal && value === Infinity) throw new LiteralError(`the number ${text} does not fit a float`);
  return value;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};
const escape = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([\s\S]?))/g;

/** The text of a quoted string, Go's escapes resolved; within backticks nothing is an escape. */
export function stringOf(literal: string): string {
  const quote = literal.charAt(0);
  if (quote === '`') return literal.slice(1, -1);
  const inner = literal.slice(1);
  const body = /^(?:[^\\]|\\[\s\S])*$/.test(inner) && closes(inner, quote) ? inner.slice(0, -1) : undefined;
  if (body === undefined) throw new LiteralError(`the string ${literal} has no closing ${quote}`);
  return body.replace(
    escape,
    (whole, hex?: string, short?: string, long?: string, octal?: string, one?: string) => {
      if (one !== undefined) return simpleEscapes[one] ?? (one === quote ? one : unknownEscape(whole));
      const code = octal === undefined ? parseInt(hex ?? short ?? long ?? '', 16) : parseInt(octal, 8);
      const byte = hex !== undefined || octal !== undefined;
      if (byte && code > 127)
        throw new LiteralError(`${whole} is a bare byte, no character: write \\u00${whole.slice(-2)}`);
      if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        throw new LiteralError(`${whole} is no character`);
      return String.fromCodePoint(code);
    },
  );
}

/** Whether the text ends in the quote, and not in an escaped one. */
function closes(inner: string, quote: string): boolean {
  const end = /(\\*)(["'])$/.exec(inner);
  return end?.[2] === quote && (end[1]?.length ?? 0) % 2 === 0;
}

function unknownEscape(whole: string): never {
  throw new LiteralError(`${whole} is no escape that a string may hold; write \\\\ for a backslash`);
}
