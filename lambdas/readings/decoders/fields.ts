import {
  countWords,
  durationWords,
  isCount,
  isHeldBytes,
  isRoundTrip,
  problemAt,
  roundTripWords,
} from './decoded.ts';
import type { Decoded } from './decoded.ts';
import { rowByRow, type DecodedRows } from './left-out.ts';
import { parseGoDuration, parseGoTime } from './go-values.ts';
import type { EpochMs, Seconds } from './go-values.ts';

// Readers for the rows of /connz. A full ring (10,000 rows, 6.7 MB) takes JSON.parse 14 ms, cold 17. These add 5, cold
// 14; zod's compiled objects 12 and 26, its mini objects 35 and 55. Each reader takes the value, not row and key:
// reading `row[key]` here would be slow.

export type Row = Readonly<Record<string, unknown>>;

/** A field that is not as expected. */
export class FieldError extends Error {
  override readonly name = 'FieldError';
  readonly field: string;
  readonly expected: string;
  readonly received: unknown;
  constructor(field: string, expected: string, received: unknown) {
    super(`${field}: expected ${expected}`);
    this.field = field;
    this.expected = expected;
    this.received = received;
  }
}

export function numberField(value: unknown, field: string): number {
  if (typeof value !== 'number') throw new FieldError(field, 'number', value);
  return value;
}

export function countField(value: unknown, field: string): number {
  const number = numberField(value, field);
  if (!isCount(number)) throw new FieldError(field, countWords, value);
  return number;
}

export function heldBytesField(value: unknown, field: string): number {
  const number = numberField(value, field);
  if (!isHeldBytes(number)) throw new FieldError(field, countWords, value);
  return number;
}

export function textField(value: unknown, field: string): string {
  if (typeof value !== 'string') throw new FieldError(field, 'string', value);
  return value;
}

export function optionalTextField(value: unknown, field: string): string | undefined {
  return value === undefined ? undefined : textField(value, field);
}

export function timeField(value: unknown, field: string): EpochMs {
  const time = timeOrNullField(value, field);
  if (time === null) throw new FieldError(field, 'RFC 3339 time', value);
  return time;
}

/** Null for Go's zero time. */
export function timeOrNullField(value: unknown, field: string): EpochMs | null {
  const time = parseGoTime(textField(value, field));
  if (time === undefined) throw new FieldError(field, 'RFC 3339 time', value);
  return time;
}

export function durationField(value: unknown, field: string): Seconds {
  const seconds = parseGoDuration(textField(value, field));
  if (seconds === undefined) throw new FieldError(field, durationWords, value);
  return seconds;
}

export function roundTripField(value: unknown, field: string): Seconds {
  const taken = durationField(value, field);
  if (!isRoundTrip(taken)) throw new FieldError(field, roundTripWords, value);
  return taken;
}

/** Every element of `rows` through `decodeRow`; those that are not as expected are left out, with their paths below `name`. */
export const decodeRows = <T>(
  rows: readonly unknown[],
  name: string,
  decodeRow: (row: Row) => T,
): DecodedRows<T> =>
  rowByRow(rows, (row, index): Decoded<T> => {
    if (!isRow(row)) return { ok: false, problem: problemAt([name, index], 'object', row) };
    try {
      return { ok: true, value: decodeRow(row) };
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      return { ok: false, problem: problemAt([name, index, error.field], error.expected, error.received) };
    }
  });

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
