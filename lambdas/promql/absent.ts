import type { Expression } from './ast.ts';
import { unwrap } from './ast.ts';
import { metricName, without } from './labels.ts';
import type { Labels } from './labels.ts';

/** What `absent` can say of the series it misses: labels that the selector asks for once, and by equality. */
export function absentLabels(argument: Expression): Labels {
  const inner = unwrap(argument);
  const selector = inner.kind === 'range' ? inner.selector : inner;
  if (selector.kind !== 'selector') return {};
  const labels: Record<string, string> = {};
  const unsure: string[] = [metricName];
  for (const { label, operator, value } of selector.matchers) {
    if (operator === '=' && labels[label] === undefined) labels[label] = value;
    else unsure.push(label);
  }
  for (const [label, value] of Object.entries(labels)) if (value === '') unsure.push(label);
  return without(labels, unsure);
}
