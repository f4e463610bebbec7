import type * as z from 'zod/mini';
import { alternatives, formatCount, plural } from '../engine/format.ts';
import { nearest } from '../engine/nearest.ts';

type Issue = z.core.$ZodRawIssue;

/** Between the messages of several keys, which zod gathers in one issue. */
export const betweenKeys = '\n';

/** What is wrong with a value, what was expected and how to write it; undefined where zod's own words have to do. */
export function wordsOf(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknown(key, issue)).join(betweenKeys);
    case 'invalid_type':
      return `expected ${kindOf(issue)}, received ${shown(issue.input)}${wayOut(issue)}`;
    case 'invalid_value':
      return oneOf(issue.values.map(String), issue.input);
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'invalid_key':
      return issue.issues[0]?.message;
    default:
      return undefined;
  }
}

/** One of some words. */
function oneOf(words: readonly string[], input: unknown): string {
  const near = typeof input === 'string' ? nearest(input, words) : null;
  return `expected ${alternatives(words)}, received ${shown(input)}${near === null ? '' : `; did you mean "${near}"?`}`;
}

function unknown(key: string, issue: Issue): string {
  const meant = nearest(key, keysOf(issue));
  return `no such setting${meant === null ? '' : `; did you mean "${meant}"?`}`;
}

/** Of the object that is expected. */
function keysOf({ inst }: Issue): readonly string[] {
  const { shape } =
    (inst as { readonly _zod?: { readonly def: { readonly shape?: object } } })._zod?.def ?? {};
  return Object.keys(shape ?? {});
}

const mostKeys = 5;

function kindOf(issue: Extract<Issue, { code: 'invalid_type' }>): string {
  const keys = keysOf(issue);
  switch (issue.expected) {
    case 'string':
      return 'text';
    case 'number':
      return 'a number';
    case 'int':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object':
      return `keys with values: ${keys.slice(0, mostKeys).join(', ')}${keys.length > mostKeys ? '…' : ''}`;
    case 'record':
      return 'keys with values';
    default:
      return issue.expected;
  }
}

const mostCharacters = 40;

/** A value as it was written, or what it is. */
export function shown(input: unknown): string {
  if (input === undefined || input === null) return 'nothing';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'number' || typeof input === 'boolean') return String(input);
  if (typeof input !== 'string') return 'keys with values';
  return `"${input.length > mostCharacters ? `${input.slice(0, mostCharacters)}…` : input}"`;
}

/** How what was meant is written, where that can be told. */
function wayOut(issue: Extract<Issue, { code: 'invalid_type' }>): string {
  const { expected, input } = issue;
  const isOne = ['string', 'number', 'boolean'].includes(typeof input) && input !== '';
  if (expected === 'array' && isTexts(issue)) return isOne ? `: write [${String(input)}]` : '';
  if (expected === 'array' && typeof input === 'object' && input !== null) return ': write "- " before it';
  if (expected === 'string' && isOne) return `: write it in quotes, "${String(input)}"`;
  const isQuoted = typeof input === 'string' && input.trim() !== '';
  const isNumber = isQuoted && ['number', 'int'].includes(expected) && !Number.isNaN(Number(input));
  const isWord = isQuoted && expected === 'boolean' && ['true', 'false'].includes(input);
  return isNumber || isWord ? `: write it without quotes, ${input}` : '';
}

/** Whether a list of words or other texts is expected. */
function isTexts({ inst }: Issue): boolean {
  type Def = { readonly type?: string; readonly element?: { readonly _zod?: { readonly def: Def } } };
  const { element } = (inst as { readonly _zod?: { readonly def: Def } } | undefined)?._zod?.def ?? {};
  return ['string', 'enum'].includes(element?._zod?.def.type ?? '');
}

function tooSmall({ origin, minimum, input }: Extract<Issue, { code: 'too_small' }>): string {
  if (origin === 'string') return 'expected text, received ""';
  if (origin === 'array') return `expected a list of ${minimum} or more, received ${lengthOf(input)}`;
  return `expected ${formatCount(Number(minimum))} or more, received ${shown(input)}`;
}

function tooBig({ origin, maximum, input }: Extract<Issue, { code: 'too_big' }>): string {
  if (origin === 'string')
    return `expected at most ${plural(Number(maximum), 'character')}, received ${lengthOf(input)}`;
  if (origin === 'array') return `expected a list of at most ${maximum}, received ${lengthOf(input)}`;
  return `expected at most ${Number(maximum).toLocaleString('en-US')}, received ${shown(input)}`;
}

const lengthOf = (input: unknown): string => {
  const { length } = input as string | readonly unknown[];
  return length === 0 ? 'none' : String(length);
};
