import { nodesOf, unwrap, type Expression, type StringLiteral } from '../ast.ts';
import type { Edition } from '../edition.ts';
import { compiled } from './regex-engine.ts';
import { translate, type Extent, type Translated } from './regex.ts';

/** What a pattern met: the whole of it, then what its groups hold. */
export type Match = readonly (string | undefined)[] & { readonly index: number };

/** A pattern of Go's; it takes time in proportion to the text. */
export type Pattern = Pick<Translated, 'names'> & {
  readonly test: (text: string) => boolean;
  readonly exec: (text: string) => Match | null;
  readonly matchAll: (text: string) => Iterable<Match>;
};

/** The pattern that a whole label value must meet; undefined when Go refuses it. */
export const wholePattern = (pattern: string, edition: Edition): Pattern | undefined =>
  once(`whole ${edition} ${pattern}`, () => {
    const translated = translate(pattern, edition, 'whole');
    if (translated.source === undefined) return undefined;
    const { source, unnamed, names, isNative: will, takesNothing } = translated;
    const here = () => native(`^(?:${source})$`, names);
    if (will) return here();
    const whole = lately(names, () => linear(`^(?:${unnamed})$`, edition === 3, names), here);
    // Expressions are read before the engine is brought, and asked what they make of an empty label.
    return { ...whole, test: (text) => (text === '' ? takesNothing : whole.test(text)) };
  });

/** The pattern that is looked for in a text, `.` being no line feed; undefined when Go refuses it. */
export const partPattern = (pattern: string): Pattern | undefined =>
  once(`part ${pattern}`, () => {
    const translated = translate(pattern, 2, 'part');
    if (translated.source === undefined) return undefined;
    const { source, unnamed, names, isNative: will } = translated;
    const here = () => native(source, names);
    return will ? here() : lately(names, () => linear(unnamed, false, names), here);
  });

/** The patterns that an expression matches label values by. */
export const patternsIn = (ast: Expression): readonly string[] =>
  [...nodesOf(ast)].flatMap((node) => {
    if (node.kind === 'selector')
      return node.matchers.filter(({ operator }) => operator.endsWith('~')).map(({ value }) => value);
    return replacedBy(node)?.value ?? [];
  });

/** The pattern of `label_replace`. */
export function replacedBy(node: Expression): StringLiteral | undefined {
  const last = node.kind === 'call' && node.name === 'label_replace' ? node.arguments[4] : undefined;
  const pattern = last && unwrap(last);
  return pattern?.kind === 'string' ? pattern : undefined;
}

/** Whether JavaScript's own engine will do for a pattern; that of others is to be brought first. */
export const isNative = (pattern: string, edition: Edition, extent: Extent): boolean =>
  translate(pattern, edition, extent).isNative ?? true;

const known = new Map<string, Pattern | undefined>();
/** Patterns in templates may be made of what servers say. */
const mostKnown = 1_000;

function once(key: string, make: () => Pattern | undefined): Pattern | undefined {
  if (known.has(key)) return known.get(key);
  const made = make();
  if (known.size >= mostKnown) known.clear();
  known.set(key, made);
  return made;
}

function native(source: string, names: Pattern['names']): Pattern {
  const [one, all] = [new RegExp(source, 'u'), new RegExp(source, 'gu')];
  return {
    names,
    test: (text) => one.test(text),
    exec: (text) => one.exec(text),
    matchAll: (text) => text.matchAll(all),
  };
}

/** Undefined where the engine was not brought. */
function linear(unnamed: string, dotAll: boolean, names: Pattern['names']): Pattern | undefined {
  const expression = compiled(unnamed, dotAll);
  return (
    expression && {
      names,
      test: (text) => expression.test(text),
      exec: (text) => expression.exec(text) as Match | null,
      matchAll: (text) => expression.matchAll(text) as Iterable<Match>,
    }
  );
}

/** By the engine as soon as it is there; until then JavaScript's gives nearly the same, and takes the time that it takes. */
function lately(names: Pattern['names'], make: () => Pattern | undefined, otherwise: () => Pattern): Pattern {
  let made: Pattern | undefined;
  const now = (): Pattern => (made ??= make()) ?? otherwise();
  return {
    names,
    test: (text) => now().test(text),
    exec: (text) => now().exec(text),
    matchAll: (text) => now().matchAll(text),
  };
}

/** `$1`, `${1}`, `$name`, `${name}`, `$$`, as Go's Regexp.Expand: a bare name is as long as it can be. */
export function expandReplacement(template: string, match: Match, names: Pattern['names']): string {
  return template.replace(reference, (whole, braced?: string, bare?: string) => {
    if (whole === '$$') return '$';
    const name = braced ?? bare ?? '';
    if (/^(?:0|[1-9]\d*)$/.test(name)) return match[Number(name)] ?? '';
    // Of groups that share a name the first that took part.
    return match.find((held, at) => at > 0 && names[at - 1] === name && held !== undefined) ?? '';
  });
}

const reference = /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;
