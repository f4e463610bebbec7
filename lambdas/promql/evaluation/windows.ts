import type { At, Expression, Selector } from '../ast.ts';
import { childrenOf, nodesOf } from '../ast.ts';

/** How old a series' last sample may be for an instant selector still to give it. Prometheus' default. */
export const lookBackMs = 300_000;

export type Span = { readonly fromMs: number; readonly toMs: number };

/** The selectors of an expression, in the order of the text. */
export function selectorsOf(ast: Expression): readonly Selector[] {
  return [...nodesOf(ast)].filter((node) => node.kind === 'selector');
}

/** The times that each selector reads when the expression is evaluated at `atMs`. */
export function spansOf(ast: Expression, atMs: number): ReadonlyMap<Selector, Span> {
  const spans = new Map<Selector, Span>();
  const fixed = (at: At | undefined, span: Span): Span => {
    if (at === undefined) return span;
    const time = typeof at === 'number' ? at : atMs;
    return { fromMs: time, toMs: time };
  };
  const walk = (node: Expression, times: Span): void => {
    if (node.kind === 'selector' || node.kind === 'range') {
      const selector = node.kind === 'range' ? node.selector : node;
      const backMs = node.kind === 'range' ? node.rangeMs : lookBackMs;
      const { fromMs, toMs } = fixed(selector.at, times);
      spans.set(selector, { fromMs: fromMs - selector.offsetMs - backMs, toMs: toMs - selector.offsetMs });
    } else if (node.kind === 'subquery') {
      const { fromMs, toMs } = fixed(node.at, times);
      walk(node.expression, { fromMs: fromMs - node.offsetMs - node.rangeMs, toMs: toMs - node.offsetMs });
    } else {
      for (const child of childrenOf(node)) walk(child, times);
    }
  };
  walk(ast, { fromMs: atMs, toMs: atMs });
  return spans;
}

/**
 * How far back from the time of evaluation the expression reads, in milliseconds, look-back included: what memory
 * must hold. Infinity where `@` names a time; 0 where nothing is read.
 */
export function windowOf(ast: Expression): number {
  const pinned = [...nodesOf(ast)].some(
    (node) => (node.kind === 'selector' || node.kind === 'subquery') && typeof node.at === 'number',
  );
  if (pinned) return Infinity;
  return [...spansOf(ast, 0).values()].reduce((most, { fromMs }) => Math.max(most, -fromMs), 0);
}
