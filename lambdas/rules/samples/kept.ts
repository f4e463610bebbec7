import { lookBackMs, matches, metricName, nodesOf, spansOf, windowOf } from '../../promql/index.ts';
import type { Edition, Expression, Selector } from '../../promql/index.ts';

/** What rules look back to in the series of a name, from the time of a run. */
export type Kept = {
  /** Every sample younger than this is read. */
  readonly allMs: number;
  /** Of older ones, the newest of a series is read until it is this old. */
  readonly untilMs: number;
};

/**
 * What the expressions look back to, for each of the names that one of them may read: a selector reads every name that
 * meets its matchers of `__name__`. Infinity where `@` names a time, as `windowOf` has it.
 */
export function keptOf(
  expressions: readonly Expression[],
  names: readonly string[],
  edition: Edition,
): ReadonlyMap<string, Kept> {
  const kept = new Map<string, Kept>();
  for (const ast of expressions) {
    const whole = new Set([...nodesOf(ast)].map((node) => (node.kind === 'range' ? node.selector : null)));
    const isPinned = windowOf(ast) === Infinity;
    for (const [selector, { fromMs }] of spansOf(ast, 0)) {
      const untilMs = isPinned ? Infinity : Math.max(0, -fromMs);
      const allMs = whole.has(selector) ? untilMs : Math.max(0, untilMs - lookBackMs);
      for (const name of names.filter((each) => mayRead(selector, each, edition))) {
        const known = kept.get(name);
        kept.set(name, {
          allMs: Math.max(allMs, known?.allMs ?? 0),
          untilMs: Math.max(untilMs, known?.untilMs ?? 0),
        });
      }
    }
  }
  return kept;
}

/** Whether the selector's matchers of `__name__` let series of this name pass. */
export const mayRead = ({ matchers }: Selector, name: string, edition: Edition): boolean =>
  matchers.every((matcher) => matcher.label !== metricName || matches(matcher, name, edition));
