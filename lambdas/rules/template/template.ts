import type { Edition, Labels } from '../../promql/index.ts';
import type { TemplateNode } from './ast.ts';
import { commandsIn, type Command } from './commands.ts';
import { TemplateFault } from './lexer.ts';
import { parseTemplate } from './parse.ts';
import type { Manner } from './evaluate.ts';
import { run } from './run.ts';
import type { Data, Mapping } from './values.ts';
import { compared, EndlessError, ExpandError } from './values.ts';

/** What a template is expanded for. */
export type TemplateData = {
  /** Of the element that fires, `__name__` among them where it has one. */
  readonly labels: Labels;
  readonly value: number;
  readonly externalLabels?: Labels;
};

export type Expanded = {
  /** Parts that cannot be expanded stand in it as they were written. */
  readonly text: string;
  /** Those parts, each with the reason; empty for most templates. */
  readonly left: readonly string[];
};

/** Why promtool would not parse a rule's template; null where it would. */
export function checkTemplate(text: string, edition: Edition = 3): string | null {
  const parsed = parsedOf(text, edition);
  return parsed instanceof TemplateFault ? parsed.message : null;
}

/**
 * Expands a template of a rule as Prometheus does (Go's text/template with the functions of Prometheus' template
 * reference). What asks Prometheus itself is not made, such as `query`, and what it makes for its own pages. Where
 * Prometheus would put an error in place of the whole text, only the part at fault is left.
 */
export function expand(text: string, { labels, value, externalLabels = {} }: TemplateData): Expanded {
  if (!text.includes('{{')) return { text, left: [] };
  const parsed = parsedOf(text, 3);
  if (parsed instanceof TemplateFault) return { text, left: [`${text}: ${parsed.message}`] };
  const left: string[] = [];
  const data = dataOf(wholeMapping(labels), value, wholeMapping(externalLabels));
  const failed: Manner['failed'] = ({ from, to }, { message }) => {
    const source = text.slice(from, to);
    left.push(`${source}: ${message}`);
    return source;
  };
  const unknown: Manner['unknown'] = ({ words }) => {
    throw new ExpandError(`${words} is not known here`);
  };
  const expanded = errorOr(EndlessError, () => run(parsed, { data, failed, unknown }));
  return typeof expanded === 'string'
    ? { text: expanded, left }
    : { text, left: [`${text}: ${expanded.message}`] };
}

/**
 * A template as a sentence about all elements that a rule may find: labels in `known` are filled in, and what differs
 * from one to the next becomes words, such as "the value" and "its stream_name".  Holds no `{{`.
 */
export const reword = (text: string, known: Labels, words: Words = itsWords): string =>
  wording(text, known, words).text;

/** What stands for what is not known. */
export type Words = {
  /** For the value: words, or how it compares with what. */
  readonly value: string | { readonly as: string; readonly to: number };
  readonly label: (name: string) => string;
};

const itsWords: Words = { value: 'the value', label: (name) => `its ${name}` };

export type Worded = {
  readonly text: string;
  /** Whether it is what Prometheus would show of each of these elements, and holds no words in place of values. */
  readonly isWhole: boolean;
};

/** The same, and whether all of it was known. */
export function wording(text: string, known: Labels, words: Words = itsWords): Worded {
  const parsed = parsedOf(text, 3);
  if (parsed instanceof TemplateFault)
    return { text: withoutBraces(text.replaceAll(/\{\{[^]*?\}\}/g, 'a value')), isWhole: false };
  const value =
    typeof words.value === 'string'
      ? ({ kind: 'vague', words: words.value } as const)
      : compared(words.value.as, words.value.to);
  let notLeft = true;
  const failed: Manner['failed'] = (node) => {
    notLeft = false;
    return wordsFor(node);
  };
  const unknown: Manner['unknown'] = (value) => ({
    ...value,
    words: value.words.replace(/^its (.+)$/, (_, name: string) => words.label(name)),
  });
  const data = dataOf(partial(known), value, partial({}));
  const worded = errorOr(EndlessError, () => run(parsed, { data, failed, unknown }));
  if (typeof worded !== 'string') return { text: 'a value', isWhole: false };
  return {
    text: withoutBraces(worded),
    isWhole: commandsIn(parsed).every((each) => isKnown(each, known)) && notLeft,
  };
}

const isShown = (node: TemplateNode): boolean =>
  node.kind === 'with' ||
  node.kind === 'range' ||
  (node.kind === 'action' && node.pipeline.names.length === 0);

/** Whether a command asks for nothing but known labels and literals. */
const isKnown = (command: Command, known: Labels): boolean =>
  command.every((operand) => {
    if (operand.kind === 'variable')
      return (
        operand.name === '$labels' && operand.path.length === 1 && Object.hasOwn(known, operand.path[0] ?? '')
      );
    return operand.kind === 'literal' || operand.kind === 'function' || operand.kind === 'pipeline';
  });

/** What stands for a part that cannot be made. */
export const wordsFor = (node: TemplateNode): string => (isShown(node) ? 'a value' : '');

const partial = (entries: Labels): Mapping => ({ kind: 'mapping', entries, whole: false });
const vaguely: Manner['unknown'] = (value) => value;

/** Parts that fail whatever an element's labels are. */
export function troubles(
  nodes: readonly TemplateNode[],
): readonly { readonly node: TemplateNode; readonly reason: string }[] {
  const found: { node: TemplateNode; reason: string }[] = [];
  const failed: Manner['failed'] = (node, { message }) => {
    found.push({ node, reason: message });
    return '';
  };
  const data = dataOf(partial({}), 1, wholeMapping({}));
  errorOr(EndlessError, () => run(nodes, { data, failed, unknown: vaguely }));
  return found;
}

const withoutBraces = (text: string): string => text.replaceAll(/\{(?=\{)/g, '{ ');

const wholeMapping = (entries: Labels): Mapping => ({ kind: 'mapping', entries, whole: true });

const dataOf = (labels: Mapping, value: Data['fields'][string], externalLabels: Mapping): Data => ({
  kind: 'data',
  fields: {
    Labels: labels,
    Value: value,
    ExternalLabels: externalLabels,
    ExternalURL: { kind: 'vague', words: "Prometheus' address" },
  },
});

/** Rules' templates come again with every element and every run. */
const cache = new Map<string, readonly TemplateNode[] | TemplateFault>();
const mostCached = 1_000;

export function parsedOf(text: string, edition: Edition): readonly TemplateNode[] | TemplateFault {
  const key = `${edition}${text}`;
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  if (cache.size >= mostCached) cache.clear();
  const parsed = errorOr(TemplateFault, () => parseTemplate(text, edition));
  cache.set(key, parsed);
  return parsed;
}

/** What is made, or the error of that kind that kept it from being made. */
function errorOr<T, E extends Error>(kind: new (message: string) => E, make: () => T): T | E {
  try {
    return make();
  } catch (error) {
    if (error instanceof kind) return error;
    throw error;
  }
}
