import type { SampleMemory } from './stored.ts';

/**
 * The memory without the name whose samples take most room: better one rule without memory than all of them with holes.
 * `dropped` is empty if there is none left.
 */
export function dropLargest(memory: SampleMemory): {
  readonly memory: SampleMemory;
  readonly dropped: readonly string[];
} {
  const sizes = new Map<string, number>();
  for (const { name, rows } of memory.series)
    sizes.set(
      name,
      rows.reduce((sum, row) => sum + row.length, sizes.get(name) ?? 0),
    );
  const [largest] = [...sizes].sort(([a, aSize], [b, bSize]) => bSize - aSize || (a < b ? -1 : 1));
  if (largest === undefined) return { memory, dropped: [] };
  const left = memory.series.filter(({ name }) => name !== largest[0]);
  const sets = [...new Set(left.map((series) => series.sets))];
  return {
    memory: {
      ...memory,
      sets: sets.flatMap((index) => memory.sets[index] ?? []),
      series: left.map((series) => ({ ...series, sets: sets.indexOf(series.sets) })),
    },
    dropped: [largest[0]],
  };
}
