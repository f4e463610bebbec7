import {
  LiteralError,
  durationMs,
  expandReplacement,
  partPattern,
  translatePattern,
  type Pattern,
} from '../../promql/index.ts';
import { compare, equal } from './compare.ts';
import {
  humanize,
  humanize1024,
  humanizeDuration,
  humanizePercentage,
  humanizeTimestamp,
} from './humanize.ts';
import { sprintf } from './printf.ts';
import type { Value } from './values.ts';
import {
  compared,
  entryOf,
  ExpandError,
  isMapping,
  isTrue,
  isVague,
  limited,
  ownOf,
  printed,
  typeOf,
  whole,
} from './values.ts';

type Call = (args: readonly Value[], name: string) => Value;
type Function = { readonly least: number; readonly most: number; readonly call: Call };

const takes = (least: number, most: number, call: Call): Function => ({ least, most, call });
const ofText = (make: (text: string) => string): Function =>
  takes(1, 1, ([text = null], name) => make(textOf(text, name)));
const ofNumber = (make: (value: number) => string | null): Function =>
  takes(1, 1, ([value = null], name) => {
    const text = make(numberOf(value, name));
    if (text === null) throw new ExpandError(`${name} does not tell ${printed(value)}`);
    return text;
  });
const ofValues = (make: (values: readonly Value[]) => string): Function => takes(0, Infinity, make);
const comparison = (holds: (order: number) => boolean): Function =>
  takes(2, 2, ([left = null, right = null]) => holds(compare(left, right)));

/** `and` and `or` are the evaluator's: they do not ask for arguments that do not matter. */
const functions: Readonly<Record<string, Function>> = {
  not: takes(1, 1, ([value = null]) => !isTrue(value)),
  eq: takes(2, Infinity, ([first = null, ...others]) => others.some((other) => equal(first, other))),
  ne: takes(2, 2, ([left = null, right = null]) => !equal(left, right)),
  lt: comparison((order) => order < 0),
  le: comparison((order) => order <= 0),
  // As Go has them: what is not below is above, NaN too.
  gt: comparison((order) => !(order <= 0)),
  ge: comparison((order) => !(order < 0)),
  len: takes(1, 1, ([value = null]) => {
    if (typeof value === 'string') return BigInt(utf8Length(value));
    if (isMapping(value)) return BigInt(Object.keys(value.entries).length);
    throw new ExpandError(`a ${typeOf(value)} has no length`);
  }),
  index: takes(1, 2, ([mapping = null, key], name) => {
    if (!isMapping(mapping)) throw new ExpandError(`index is not made of a ${typeOf(mapping)} here`);
    return key === undefined ? mapping : entryOf(mapping, textOf(key, name));
  }),
  print: ofValues(sprint),
  println: ofValues((values) => `${values.map(printed).join(' ')}\n`),
  printf: takes(1, Infinity, ([format = null, ...values], name) => sprintf(textOf(format, name), values)),
  html: ofValues((values) => sprint(values).replace(/["'&<>]/g, (sign) => htmlSigns[sign] ?? sign)),
  urlquery: ofValues((values) =>
    encodeURIComponent(sprint(values))
      .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%20', '+'),
  ),
  title: ofText((text) => text.replace(words, (word) => word.replace(/\p{L}/u, upper))),
  toUpper: ofText((text) => text.replace(/\p{L}/gu, upper)),
  toLower: ofText((text) => text.toLowerCase()),
  safeHtml: ofText((text) => text),
  stripPort: ofText((text) => hostAndPort(text)?.host ?? text),
  stripDomain: ofText((text) => {
    const { host, port } = hostAndPort(text) ?? { host: text, port: null };
    if (host.includes(':') || /^\d+(?:\.\d+){3}$/.test(host)) return text;
    return host.replace(/\..*$/s, '') + (port === null ? '' : `:${port}`);
  }),
  match: takes(2, 2, ([pattern = null, text = null], name) =>
    patternOf(textOf(pattern, name)).test(textOf(text, name)),
  ),
  reReplaceAll: takes(3, 3, ([pattern = null, replacement = null, text = null], name) =>
    replaceAll(textOf(pattern, name), textOf(replacement, name), textOf(text, name)),
  ),
  parseDuration: takes(1, 1, ([text = null], name) => secondsIn(textOf(text, name))),
  humanize: ofNumber(humanize),
  humanize1024: ofNumber(humanize1024),
  humanizeDuration: ofNumber(humanizeDuration),
  humanizePercentage: ofNumber(humanizePercentage),
  humanizeTimestamp: ofNumber(humanizeTimestamp),
};

/** Whether a function of Prometheus' is made here; `and` and `or` are the evaluator's. */
export const isExpanded = (name: string): boolean =>
  name === 'and' || name === 'or' || ownOf(functions, name) !== undefined;

const printers = ['print', 'println', 'printf'];

/** @throws ExpandError for a function that is not expanded here, and where Prometheus would fail */
export function callFunction(name: string, given: readonly Value[]): Value {
  const known = ownOf(functions, name);
  if (known === undefined) throw new ExpandError(`${name} is not expanded here`);
  const args = name === 'index' ? given : given.map(whole);
  const vague = args.find(isVague);
  if (vague?.compared !== undefined && name.startsWith('humanize'))
    return compared(vague.compared.as, callFunction(name, [vague.compared.to]));
  if (vague !== undefined && !printers.includes(name)) return vague;
  if (args.length < known.least || args.length > known.most)
    throw new ExpandError(`${name} does not take ${args.length} arguments`);
  const result = known.call(args, name);
  return typeof result === 'string' ? limited(result) : result;
}

function textOf(value: Value, name: string): string {
  if (typeof value === 'string') return value;
  if (isVague(value)) return value.words;
  throw new ExpandError(`${name} wants a text, not a ${typeOf(value)}`);
}

/** Texts are read as numbers, as values of labels are texts. */
function numberOf(value: Value, name: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  const text = textOf(value, name);
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text) && Number.isFinite(Number(text)))
    return Number(text);
  const word = /^([-+]?)(?:inf(?:inity)?|(nan))$/i.exec(text);
  if (word === null || (word[2] !== undefined && word[1] !== ''))
    throw new ExpandError(`${name}: ${text} is no number`);
  return word[2] === undefined ? (word[1] === '-' ? -Infinity : Infinity) : NaN;
}

/** Between two that are no texts stands a blank. */
function sprint(values: readonly Value[]): string {
  return values
    .map((value, index) => {
      const before = values[index - 1];
      const apart = before !== undefined && typeof before !== 'string' && typeof value !== 'string';
      return (apart ? ' ' : '') + printed(value);
    })
    .join('');
}

const htmlSigns: Readonly<Record<string, string>> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

/** Unicode's words, as far as texts of rules have them: `it's` and `x.y` are one, `a-b` is two. */
const words = /[\p{L}\p{N}_]+(?:['’.:·][\p{L}_]+)*/gu;

/** One character for one, as Go does it: ß stays. */
function upper(letter: string): string {
  const found = letter.toUpperCase();
  return Array.from(found).length === 1 ? found : letter;
}

const utf8Length = (text: string): number => new TextEncoder().encode(text).length;

const withPort = /^(?:\[(?<bracketed>[^[\]]*)\]|(?<bare>[^:[\]]*)):(?<port>[^:[\]]*)$/;

/** `host:port` or `[::1]:port`; null where there is no port. */
function hostAndPort(text: string): { readonly host: string; readonly port: string } | null {
  const { bracketed, bare, port } = withPort.exec(text)?.groups ?? {};
  const host = bracketed ?? bare;
  return host === undefined || port === undefined ? null : { host, port };
}

function patternOf(pattern: string): Pattern {
  const known = partPattern(pattern);
  if (known === undefined)
    throw new ExpandError(`the pattern ${pattern}: ${translatePattern(pattern, 2).invalid}`);
  return known;
}

function replaceAll(pattern: string, replacement: string, text: string): string {
  const expression = patternOf(pattern);
  let [replaced, at] = ['', 0];
  for (const match of expression.matchAll(text)) {
    // Go takes no empty match right behind another.
    if (match[0] === '' && match.index === at && at > 0) continue;
    replaced = limited(
      replaced + text.slice(at, match.index) + expandReplacement(replacement, match, expression.names),
    );
    at = match.index + (match[0]?.length ?? 0);
  }
  return replaced + text.slice(at);
}

function secondsIn(text: string): number {
  try {
    const ms = text === '0' ? 0 : durationMs(text);
    if (ms !== undefined) return ms / 1000;
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
  }
  throw new ExpandError(`parseDuration: ${text} is no duration`);
}
