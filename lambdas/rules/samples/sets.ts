import * as z from 'zod/mini';
import type { Labels } from '../../promql/index.ts';
import { readNumbers, writeNumbers } from './tokens.ts';
import { within } from './within.ts';

/** Label sets of the same labels. Some may be added at any time: one that no series has a sample of says nothing. */
export type LabelSets = {
  /** Sorted. */
  readonly names: readonly string[];
  /** Of each label its values, each once and never empty, and which of them each set has. */
  readonly columns: readonly { readonly values: string[]; readonly of: number[] }[];
  count: number;
};

/** Where a label set stands. */
export type Place = { readonly sets: LabelSets; readonly index: number };

export const texts = z.custom<readonly string[]>(
  (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  'expected texts',
);

/** Far more than fit into a memory, and few enough to make lists of. */
const mostSets = 1_000_000;

/** Label sets as JSON data, with one column a label; `of` by `writeNumbers`. */
export const storedSets = z.object({
  count: z.int().check(z.nonnegative(), z.maximum(mostSets)),
  labels: z.array(z.object({ name: z.string(), values: texts, of: z.string() })),
});

export type StoredSets = z.infer<typeof storedSets>;

/** @throws Error that says which label's text is wrong */
export function decodeSets({ count, labels }: StoredSets): LabelSets {
  const columns = labels.map(({ name, values, of }) => ({
    values: [...values],
    of: within(`label ${name}`, () => readNumbers(of, count, values.length)),
  }));
  return { names: labels.map(({ name }) => name), columns, count };
}

/** Those of the label sets that `used` has the indexes of, in its order. */
export function encodeSets({ names, columns }: LabelSets, used: readonly number[]): StoredSets {
  const labels = columns.map(({ values, of }, column) => {
    const indexes = new Map<number, number>();
    const kept: number[] = [];
    for (const set of used) {
      const value = of[set] ?? 0;
      const at = indexes.get(value) ?? indexes.size;
      indexes.set(value, at);
      kept.push(at);
    }
    return {
      name: names[column] ?? '',
      values: [...indexes.keys()].map((value) => values[value] ?? ''),
      of: writeNumbers(kept),
    };
  });
  return { count: used.length, labels };
}

/** The labels of one set. */
export function labelsAt(sets: LabelSets, index: number): Labels {
  const labels: Record<string, string> = {};
  sets.names.forEach((name, at) => {
    labels[name] = valueAt(sets.columns[at], index);
  });
  return labels;
}

export const valueAt = (column: LabelSets['columns'][number] | undefined, index: number): string =>
  column?.values[column.of[index] ?? -1] ?? '';

/** Whether labels of these names are those that stand there. */
export function isAt({ sets: { names, columns, count }, index }: Place, labels: Labels): boolean {
  if (index >= count) return false;
  for (let at = 0; at < names.length; at += 1)
    if (labels[names[at] ?? ''] !== valueAt(columns[at], index)) return false;
  return true;
}
