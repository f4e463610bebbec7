/** Two ends of a link, by what they are called, and how bad it is. */
export type Pair = { readonly a: string; readonly b: string; readonly weight: number };

export type Common<P extends Pair> = { readonly end: string; readonly pairs: readonly P[] };

/**
 * Bad links by the end that most of them have in common, so that a server that is far from all others is told once. Of ends
 * with as many it is the one whose links are the worst of all that it has, else the first by name.
 * @param all with the bad ones
 */
export function byCommonEnd<P extends Pair>(bad: readonly P[], all: readonly Pair[]): readonly Common<P>[] {
  const weights = new Map<string, { sum: number; count: number }>();
  for (const { a, b, weight } of all) {
    for (const end of [a, b]) {
      const { sum, count } = weights.get(end) ?? { sum: 0, count: 0 };
      weights.set(end, { sum: sum + weight, count: count + 1 });
    }
  }
  const mean = (end: string): number => {
    const { sum, count } = weights.get(end) ?? { sum: 0, count: 1 };
    return sum / count;
  };
  const found: Common<P>[] = [];
  let left = bad;
  while (left.length > 0) {
    const counts = new Map<string, number>();
    for (const { a, b } of left) for (const end of [a, b]) counts.set(end, (counts.get(end) ?? 0) + 1);
    const [worst] = [...counts].sort(([x, n], [y, m]) => m - n || mean(y) - mean(x) || (x < y ? -1 : 1));
    if (worst === undefined) break;
    const [end] = worst;
    const isOf = ({ a, b }: P) => a === end || b === end;
    found.push({ end, pairs: left.filter(isOf).toSorted((x, y) => y.weight - x.weight) });
    left = left.filter((pair) => !isOf(pair));
  }
  return found;
}
