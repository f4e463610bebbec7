import { metricName, type Matcher, type Place, type Selector } from '../../../lambdas/promql/index.ts';

/** A piece of a text and what stands in its place; a piece of no length is where something is put in. */
export type Edit = Place & { readonly by: string };

/** The text with its edits, no two of which overlap. Of several at one place the earlier in the list stands first. */
export function edited(text: string, edits: readonly Edit[]): string {
  let made = '';
  let at = 0;
  for (const { from, to, by } of edits.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    made += text.slice(at, from) + by;
    at = to;
  }
  return made + text.slice(at);
}

const name = String.raw`[a-zA-Z_:][\w:]*`;
const plainName = new RegExp(`^${name}$`);
const gap = String.raw`(?:\s|#[^\n]*\n)*`;
const strings = String.raw`"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|` + '`[^`]*`';
const braces = String.raw`\{(?:[^}"'\`#]|${strings}|#[^\n]*\n)*\}`;
const core = new RegExp(`${name}(?:${gap}${braces})?|${braces}`, 'y');

/** The selector's name and braces, without range, offset and `@`. */
export function coreOf(text: string, { from, to }: Selector): string {
  core.lastIndex = from;
  return core.exec(text)?.[0] ?? text.slice(from, to);
}

/** Asks the selector for one thing more. */
export function withMatcher(text: string, selector: Selector, matcher: Matcher): Edit {
  const source = coreOf(text, selector);
  const opening = new RegExp(`^(?:${name})?${gap}\\{`).exec(source)?.[0];
  const at = selector.from + (opening ?? source).length;
  const written = writtenMatcher(matcher);
  const by = opening === undefined ? `{${written}}` : /^\s*\}/.test(text.slice(at)) ? written : `${written},`;
  return { from: at, to: at, by };
}

/**
 * A selector as text.
 * @param matchers the name's own may be among them
 */
export function writtenSelector(name: string | undefined, matchers: readonly Matcher[]): string {
  const isPlain = name !== undefined && plainName.test(name);
  const asked = isPlain ? matchers.filter(({ label }) => label !== metricName) : matchers;
  return `${isPlain ? name : ''}${asked.length === 0 ? '' : `{${asked.map(writtenMatcher).join(',')}}`}`;
}

function writtenMatcher({ label, operator, value }: Matcher): string {
  const isPlain = /^[a-zA-Z_]\w*$/.test(label);
  return `${isPlain ? label : writtenText(label)}${operator}${writtenText(value)}`;
}

const quoted = new RegExp(strings, 'g');

export const hasComment = (text: string): boolean => text.replace(quoted, '').includes('#');

/** A text in PromQL's quotes. */
export const writtenText = (text: string): string => JSON.stringify(text);

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** `5m`, `90s`, `1500ms`: in the largest unit that it is a whole number of. */
export function writtenDuration(ms: number): string {
  const [unit, length] = units.find(([, each]) => ms > 0 && ms % each === 0) ?? ['ms', 1];
  return `${ms / length}${unit}`;
}
