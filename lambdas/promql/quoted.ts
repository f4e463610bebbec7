import type { Place } from './ast.ts';
import type { SyntaxNode } from './items.ts';
import { LiteralError, stringOf } from './literals.ts';
import { PromqlError } from './problem.ts';

/** Gives a literal's fault its place. */
export function literally<T>(place: Place, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof LiteralError ? new PromqlError(error.message, place) : error;
  }
}

export function stringIn(node: SyntaxNode, text: string): string {
  return literally(node, () => stringOf(text.slice(node.from, node.to)));
}
