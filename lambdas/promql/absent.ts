import type { Expression } from './ast.ts';
import { unwrap } from './ast.ts';
import { metricName } from './labels.ts';
import type { Labels } from './labels.ts';

/**
 * What `absent` can say of the series it misses: the labels that the selector asks for by equality, unless a later
 * matcher names the same label (`createLabelsForAbsentFunction` in promql/functions.go).
 */
export function absentLabels(argument: Expression): Labels {
  const inner = unwrap(argument);
  const selector = inner.kind === 'range' ? inner.selector : inner;
  if (selector.kind !== 'selector') return {};
  const known = new Map<string, string>();
  const seen = new Set<string>();
  for (const { label, operator, value } of selector.matchers) {
    if (label === metricName) continue;
    if (operator !== '=' || seen.has(label)) {
      known.delete(label);
      continue;
    }
    seen.add(label);
    if (value !== '') known.set(label, value);
  }
  return Object.fromEntries(known);
}
