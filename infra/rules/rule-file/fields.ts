import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Node, Scalar, YAMLMap } from 'yaml';
import { mostValues } from './limits.ts';
import type { Reporter } from './problem.ts';
import type { Tree } from './yaml.ts';

/** A key's value as it stands in the file: an alias, null and nothing at all included. */
export type Given = Node | null | undefined;

export type Entry = { readonly key: string; readonly keyAt: number; readonly value: Given };

/** A scalar that is not null. */
export type Written = { readonly text: string; readonly node: Scalar };

/** Thrown where aliases and groups' labels make more of a file than it holds. */
export class TooManyValues extends Error {}

/**
 * Reads values as Prometheus' YAML library converts them: any scalar passes for a text, null for nothing at all, `<<`
 * takes another mapping's keys over. What does not fit is reported, and read as nothing.
 */
export type Reader = {
  readonly itemsOf: (given: Given, what: string, problems: Reporter) => readonly Given[];
  readonly entriesOf: (given: Given, what: string, problems: Reporter) => readonly Entry[];
  /** Whether it has fields, if none: a mapping or nothing. */
  readonly hasFields: (given: Given) => boolean;
  readonly textOf: (given: Given, what: string, problems: Reporter) => Written | null;
  /** The text under a mapping's own key, without telling what is wrong. */
  readonly peek: (given: Given, key: string) => string | null;
  /** To be told of values that are taken over from elsewhere: a group's labels. */
  readonly count: (values: number) => void;
};

export const offsetOf = (given: Given, otherwise = 0): number => given?.range?.[0] ?? otherwise;

/** Prometheus' library takes longer chains of `<<`; nobody writes them. */
const longestMerge = 20;

export function readerOf({ anchored }: Pick<Tree, 'anchored'>): Reader {
  let values = 0;
  const count = (more: number): void => {
    values += more;
    if (values > mostValues)
      throw new TooManyValues(
        `aliases and labels of groups repeat parts of the file to more than ${mostValues} values`,
      );
  };

  /** What stands there, behind an alias too; undefined for nothing and null. */
  const found = (given: Given): Node | undefined => {
    const node = isAlias(given) ? anchored.get(given) : given;
    return node == null || isNull(node) ? undefined : node;
  };

  const itemsOf: Reader['itemsOf'] = (given, what, problems) => {
    const node = found(given);
    if (node === undefined) return [];
    if (isSeq<Given>(node)) {
      count(node.items.length);
      return node.items;
    }
    problems.report(offsetOf(given), `${what} must be a list, not ${kindOf(node)}`);
    return [];
  };

  const textOf: Reader['textOf'] = (given, what, problems) => {
    const node = found(given);
    if (node === undefined) return null;
    if (isScalar(node)) return { text: String(node.value), node };
    problems.report(offsetOf(given), `${what} must be a text, not ${kindOf(node)}`);
    return null;
  };

  const entriesOf = (
    given: Given,
    what: string,
    problems: Reporter,
    outer: readonly Node[] = [],
  ): readonly Entry[] => {
    const node = found(given);
    if (node === undefined) return [];
    if (!isMap<Given, Given>(node)) {
      problems.report(offsetOf(given), `${what} must be a mapping, not ${kindOf(node)}`);
      return [];
    }
    if (outer.includes(node) || outer.length >= longestMerge) {
      problems.report(
        offsetOf(given),
        `<< takes ${what} from itself, or over more than ${longestMerge} others`,
      );
      return [];
    }
    count(node.items.length);
    const { entries, merged } = ownEntries(node, what, problems);
    for (const source of merged.flatMap((from) =>
      isSeq<Given>(found(from)) ? itemsOf(from, '<<', problems) : [from],
    )) {
      if (found(source) === undefined)
        problems.report(offsetOf(source), '<< wants a mapping, or a list of them');
      for (const entry of entriesOf(source, 'what << names', problems, [...outer, node])) {
        if (!entries.has(entry.key)) entries.set(entry.key, entry);
      }
    }
    return [...entries.values()];
  };

  const ownEntries = (node: YAMLMap<Given, Given>, what: string, problems: Reporter) => {
    const entries = new Map<string, Entry>();
    const merged: Given[] = [];
    for (const { key, value } of node.items) {
      const keyAt = offsetOf(key, offsetOf(node));
      if (isScalar(key) && key.type === 'PLAIN' && key.tag === undefined && key.value === '<<') {
        if (merged.length > 0) problems.report(keyAt, `<< stands twice in ${what}; give it a list`);
        merged.push(value);
        continue;
      }
      const name = textOf(key, `a key of ${what}`, problems)?.text;
      if (name === undefined) {
        if (found(key) === undefined) problems.report(keyAt, `${what} has a value without a key`);
      } else if (entries.has(name)) problems.report(keyAt, `"${name}" stands twice in ${what}`);
      else entries.set(name, { key: name, keyAt, value });
    }
    return { entries, merged };
  };

  const peek: Reader['peek'] = (given, key) => {
    const node = found(given);
    const pair = isMap<Given, Given>(node)
      ? node.items.find(({ key: name }) => isScalar(name) && name.value === key)
      : undefined;
    const value = found(pair?.value);
    return isScalar(value) && value.value !== '' ? String(value.value) : null;
  };

  const hasFields: Reader['hasFields'] = (given) => {
    const node = found(given);
    return node === undefined || isMap(node);
  };

  return { itemsOf, entriesOf, hasFields, textOf, peek, count };
}

const isNull = (node: Node): boolean =>
  isScalar(node) &&
  node.type === 'PLAIN' &&
  node.tag === undefined &&
  /^(|~|null|Null|NULL)$/.test(String(node.value));

function kindOf(node: Node): string {
  if (isSeq(node)) return 'a list';
  return isMap(node)
    ? 'a mapping'
    : `the text ${JSON.stringify(String((node as Scalar).value).slice(0, 40))}`;
}
