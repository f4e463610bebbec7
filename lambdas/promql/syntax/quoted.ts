import type { Place } from '../ast.ts';
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

/** A number or duration ends at something that is no letter, digit or underscore (`5offset` is no two words). */
export function endsClearly(node: Place, text: string): void {
  const next = text.charAt(node.to);
  if (/^\w$/.test(next)) {
    throw new PromqlError(`unexpected ${next} right behind ${text.slice(node.from, node.to)}`, node);
  }
}
