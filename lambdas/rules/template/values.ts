import type { Labels } from '../../promql/index.ts';
import { formatFloat } from './numbers.ts';

/** A mapping that is not whole may hold more than is known of it. */
export type Mapping = { readonly kind: 'mapping'; readonly entries: Labels; readonly whole: boolean };
/** Something of which only words are known, or how it compares: `more than ` and 1,000. */
export type Vague = {
  readonly kind: 'vague';
  readonly words: string;
  readonly compared?: { readonly as: string; readonly to: Value };
};
/** What dot is at the top of a template. */
export type Data = { readonly kind: 'data'; readonly fields: Readonly<Record<string, Value>> };

/** number is Go's float64, bigint its int, null its nil. */
export type Value = string | number | bigint | boolean | null | Mapping | Vague | Data;

/** What keeps a part of a template from being expanded. */
export class ExpandError extends Error {}

/** What ends a template altogether: ranges within ranges may run for years. */
export class EndlessError extends Error {}

/** How many characters and parts a template may give; a message has some hundred. */
export const longest = 1_000_000;

/** @throws EndlessError */
export function limited(text: string): string {
  if (text.length > longest) throw new EndlessError(`it gives more than ${longest} characters`);
  return text;
}

/** `break` or `continue`, which keep the whole `range` around them from it. */
export class JumpError extends ExpandError {}

export const isVague = (value: Value): value is Vague =>
  typeof value === 'object' && value !== null && value.kind === 'vague';

export const isMapping = (value: Value): value is Mapping =>
  typeof value === 'object' && value !== null && value.kind === 'mapping';

export function typeOf(value: Value): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'float64';
    case 'bigint':
      return 'int';
    case 'boolean':
      return 'bool';
    default:
      return value === null ? 'nil' : isMapping(value) ? 'map[string]string' : value.kind;
  }
}

/** As `%v` writes it. */
export function printed(value: Value): string {
  if (typeof value === 'number') return formatFloat(value, 'g', null);
  if (typeof value !== 'object') return String(value);
  if (value === null) return '<nil>';
  if (isVague(value)) return value.words;
  if (!isMapping(value)) throw new ExpandError("the template's data is not printed here");
  const pairs = Object.keys(value.entries).sort(byBytes);
  return `map[${pairs.map((name) => `${name}:${value.entries[name] ?? ''}`).join(' ')}]`;
}

/** A value of which is known how it compares: `more than 1000`. */
export const compared = (as: string, to: Value): Vague => ({
  kind: 'vague',
  words: `${as}${printed(to)}`,
  compared: { as, to },
});

/** Go orders texts by UTF-8, JavaScript by UTF-16. */
export function byBytes(left: string, right: string): number {
  const [a, b] = [Array.from(left), Array.from(right)];
  const at = a.findIndex((character, index) => character !== b[index]);
  if (at === -1) return a.length - b.length;
  return (a[at]?.codePointAt(0) ?? 0) - (b[at]?.codePointAt(0) ?? -1);
}

/** Whether `if` takes it for true: what is not empty and not nought. */
export function isTrue(value: Value): boolean {
  if (value === null) return false;
  if (isMapping(value)) return Object.keys(value.entries).length > 0;
  return typeof value === 'number' ? value !== 0 : Boolean(value);
}

/** What a mapping has under a name: nothing is an empty text. */
export function entryOf({ entries, whole: isWhole }: Mapping, name: string): Value {
  return ownOf(entries, name) ?? (isWhole ? '' : { kind: 'vague', words: `its ${name}` });
}

/** Of a mapping that is not whole only words can be said, but for its entries. */
export const whole = (value: Value): Value =>
  isMapping(value) && !value.whole ? { kind: 'vague', words: 'its labels' } : value;

export const ownOf = <T>(from: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(from, key) ? from[key] : undefined;
