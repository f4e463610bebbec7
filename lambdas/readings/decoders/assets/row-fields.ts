import { countWords } from '../decoded.ts';
import { countField, FieldError, isRow, numberField, textField, type Row } from '../fields.ts';

export type Nanoseconds = number;
export type Metadata = Readonly<Record<string, string>>;

export const none: readonly never[] = [];

export const listField = (value: unknown, field: string): readonly unknown[] => {
  if (value === undefined || value === null) return none;
  if (!Array.isArray(value)) throw new FieldError(field, 'array', value);
  return value;
};
export const rowField = (value: unknown, field: string): Row => {
  if (!isRow(value)) throw new FieldError(field, 'object', value);
  return value;
};
export const orDefault = <T>(
  value: unknown,
  field: string,
  read: (value: unknown, field: string) => T,
  other: T,
): T => (value === undefined ? other : read(value, field));
export const numberOr = (value: unknown, field: string, other: number): number =>
  value === undefined ? other : numberField(value, field);
/** Of what is stored or waits: beyond 2^63 it was counted below 0. */
export const amountField = (value: unknown, field: string): number => {
  const amount = countField(value, field);
  if (amount >= 2 ** 63) throw new FieldError(field, countWords, value);
  return amount;
};
export const isTrue = (value: unknown): boolean => value === true;
export const mapped = <T>(list: readonly unknown[], decode: (value: unknown) => T): readonly T[] =>
  list.length === 0 ? none : list.map(decode);
export const texts = (value: unknown, field: string): readonly string[] =>
  mapped(listField(value, field), (each) => textField(each, field));

const noMetadata: Metadata = {};

/** Its values are texts; others are nobody's. What a server notes for itself (`_nats.req.level`) is left out where it is all. */
export const metadataOf = (value: unknown): Metadata => {
  if (!isRow(value)) return noMetadata;
  for (const key in value) if (!key.startsWith('_nats.')) return value as Metadata;
  return noMetadata;
};
