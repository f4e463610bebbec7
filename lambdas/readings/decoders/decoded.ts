import * as z from 'zod/mini';
import { parseGoDuration, parseGoTime } from './go-values.ts';
import { forbid, withZeros } from './impossible.ts';
import type { EpochMs, Seconds } from './go-values.ts';

/** A decoded reply, or what is wrong with it: `leafs[3].subscriptions: expected number, received string "many"`. */
export type Decoded<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export type Immutable<T> = T extends object ? { readonly [K in keyof T]: Immutable<T[K]> } : T;

/**
 * Checks `json` against `schema`; keys that the schema does not name are dropped.
 * @param place where in the reply `json` stands
 */
export function decodeWith<S extends z.ZodMiniType>(
  schema: S,
  json: unknown,
  place: readonly PropertyKey[] = [],
): Decoded<Immutable<z.output<S>>> {
  const parsed = schema.safeParse(json, { reportInput: true });
  if (parsed.success) return { ok: true, value: parsed.data as Immutable<z.output<S>> };
  const [issue] = parsed.error.issues;
  return { ok: false, problem: issue === undefined ? 'not as expected' : problemOf(issue, place) };
}

/** The same of a reply whose figures stand each for itself: reading one that cannot be throws an `ImpossibleFigure`. */
export function decodeFigures<S extends z.ZodMiniType<object>>(
  schema: S,
  json: unknown,
): Decoded<Immutable<z.output<S>>> {
  const parsed = schema.safeParse(json, { reportInput: true });
  if (parsed.success) return { ok: true, value: parsed.data as Immutable<z.output<S>> };
  const { issues } = parsed.error;
  const other = issues.find((issue) => !isImpossible(issue));
  if (other !== undefined) return { ok: false, problem: problemOf(other) };
  const paths = issues.map(({ path }) => path);
  const decoded = decodeWith(schema, withZeros(json as object, paths));
  if (decoded.ok) for (const issue of issues) forbid(decoded.value, issue.path, problemOf(issue));
  return decoded;
}

type Issue = z.core.$ZodIssue;

function problemOf(issue: Issue, place: readonly PropertyKey[] = []): string {
  const expected = issue.code === 'invalid_type' ? issue.expected : issue.message;
  return problemAt([...place, ...issue.path], expected, issue.input);
}

/** A number, where one was expected. */
const isImpossible = (issue: Issue): boolean =>
  typeof issue.input === 'number' && (issue.code !== 'invalid_type' || issue.expected === 'number');

/** One sentence with path, expected and received; long texts are not quoted. */
export function problemAt(path: readonly PropertyKey[], expected: string, received: unknown): string {
  const dotted = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return `${dotted.replace(/^\./, '') || 'reply'}: expected ${expected}, received ${described(received)}`;
}

/** A list shorter or longer than the reply's own counter says is no reply: rows are missing, not absent. */
export function countProblem(list: string, counter: string, expected: number, received: number): string {
  return `${list}: expected ${expected} rows as ${counter} says, received ${received}`;
}

function described(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'string' && value.length > 32) return `string of ${value.length} characters`;
  if (typeof value === 'number') return `number ${value}`;
  return typeof value === 'object' ? 'object' : `${typeof value} ${JSON.stringify(value)}`;
}

// Shared, for each schema that is made costs a cold start 30 µs.
export const number = z.number();
export const text = z.string();

/** Go's largest integer, as JavaScript reads it: no running total is beyond. */
const largestTotal = 2 ** 64;
/** Far more connections or subscriptions than one process can hold; a counter that fell below 0 shows as more. */
const largestGauge = 2 ** 31;
/** Far more than any machine has. */
const mostProcessors = 2 ** 16;
/** 4 PiB, the largest memory that a processor can address, and more than any server has on its disks. */
const mostBytesHeld = 2 ** 52;
/** Who does not answer for so long is gone. */
const longestRoundTrip: Seconds = 365 * 86_400;

const isWhole = (value: number, most: number): boolean =>
  Number.isInteger(value) && value >= 0 && value <= most;
/** Whether a running total can be so. */
export const isCount = (value: number): boolean => isWhole(value, largestTotal);
/** Whether a server can hold so many of something now. */
export const isGaugeCount = (value: number): boolean => isWhole(value, largestGauge);
/** Whether a machine can have so many. */
export const isProcessors = (value: number): boolean => isWhole(value, mostProcessors);
/** Whether it can be a share of one core, of which there may be several. */
export const isPercent = (value: number): boolean => value >= 0 && value <= 100 * mostProcessors;
/** Whether a server can hold so many bytes now, in memory or on disk. */
export const isHeldBytes = (value: number): boolean => isWhole(value, mostBytesHeld);
export const isRoundTrip = (seconds: Seconds): boolean => seconds >= 0 && seconds <= longestRoundTrip;
/** Whether there can be so much of something, counted one by one or not. */
export const isAmount = (value: number): boolean => value >= 0 && value <= largestTotal;
/** Whether it is a time that can be written, in seconds since 1970. */
const isEpochSeconds = (value: number): boolean => value >= 0 && value <= 8.64e12;
/** What a reply should have where it has another number. */
export const countWords = 'count';
export const percentWords = 'percentage';
export const durationWords = 'duration such as 1d2h3m4s or 80.7ms';
export const roundTripWords = 'round trip such as 80.7ms';
const epochSecondsWords = 'time in seconds since 1970';

/** A running total. Anything else is no figure to decide on. */
export const count = z.number().check(z.refine(isCount, countWords));
/** How many there are now. */
export const gaugeCount = z.number().check(z.refine(isGaugeCount, countWords));
/** How many processors there are, or are used. */
export const processors = z.number().check(z.refine(isProcessors, countWords));
/** How many bytes there are now. */
export const heldBytes = z.number().check(z.refine(isHeldBytes, countWords));
/** A share of one core: several cores are more than 100. */
export const percent = z.number().check(z.refine(isPercent, percentWords));
/** How much of something there is now, where nothing says that it is whole. */
export const amount = z.number().check(z.refine(isAmount, countWords));
/** A time as JWTs have it. */
export const epochSeconds = z.number().check(z.refine(isEpochSeconds, epochSecondsWords));
export const optionalCount = z.optional(count);
export const optionalEpochSeconds = z.optional(epochSeconds);
export const optionalNumber = z.optional(number);
export const optionalText = z.optional(text);

const converted = <T>(expected: string, convert: (text: string) => T | undefined) =>
  z.pipe(
    text,
    z.transform((written: string, context): T => {
      const value = convert(written);
      if (value !== undefined) return value;
      context.issues.push({ code: 'custom', message: expected, input: written });
      return z.NEVER;
    }),
  );

/** A time that is always set, in epoch ms. */
export const goTime = converted<EpochMs>('RFC 3339 time', (text) => parseGoTime(text) ?? undefined);

/** A duration written as text, in seconds. */
export const goDuration = converted<Seconds>(durationWords, parseGoDuration);

/** A round trip written as text, in seconds. */
export const goRoundTrip = converted<Seconds>(roundTripWords, (text) => {
  const taken = parseGoDuration(text);
  return taken !== undefined && isRoundTrip(taken) ? taken : undefined;
});
