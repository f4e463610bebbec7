import type { Expression } from '../ast.ts';
import { nodesOf } from '../ast.ts';
import type { Edition } from '../edition.ts';
import { isNative, replacedBy } from '../patterns/pattern.ts';
import { constantOf } from './constant.ts';
import { evaluate } from './evaluate.ts';
import { matrixOf } from './series.ts';
import { checkFactors } from './smoothing.ts';
import { EvaluationError } from './values.ts';

/** Why Prometheus fails to evaluate a valid expression, whatever its series are; null for most. */
export function alwaysFails(ast: Expression, edition: Edition): string | null {
  try {
    for (const node of nodesOf(ast)) {
      if (node.kind !== 'call' || node.name !== 'holt_winters') continue;
      // Of no series nothing is smoothed.
      const [smoothing = possible, trend = possible] = node.arguments.slice(1).map(constantOf);
      checkFactors(smoothing, trend);
    }
    const patterns = [...nodesOf(ast)].flatMap((node) => replacedBy(node) ?? []);
    // The engine for others may not be there yet.
    if (patterns.every(({ value }) => isNative(value, edition, 'whole')))
      evaluate(ast, { at: 0, edition, read: () => matrixOf([]) });
    return null;
  } catch (error) {
    if (error instanceof EvaluationError) return error.message;
    throw error;
  }
}

/** A factor that is not known. */
const possible = 0.5;
