import type { Expression } from '../ast.ts';
import { nodesOf } from '../ast.ts';
import { evaluate } from './evaluate.ts';
import { matrixOf } from './series.ts';

/** The value of an expression made of numbers alone (`200 * 1024 * 1024`), else undefined. */
export function constantOf(ast: Expression): number | undefined {
  if (ast.type !== 'scalar') return undefined;
  for (const node of nodesOf(ast)) {
    if (node.kind === 'selector' || (node.kind === 'call' && node.name !== 'pi')) return undefined;
  }
  const value = evaluate(ast, { at: 0, read: () => matrixOf([]) });
  return value.type === 'scalar' ? value.value : undefined;
}
