/** Values with how often each comes, the most frequent first; of equals, the one that came first. */
export function tally<T>(values: Iterable<T>): readonly (readonly [value: T, count: number])[] {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}
