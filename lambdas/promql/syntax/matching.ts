import type { BinaryOperator, Matching } from '../ast.ts';
import { childNodes } from './items.ts';
import type { SyntaxNode } from './items.ts';

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);
const sets: ReadonlySet<string> = new Set(['and', 'or', 'unless']);
const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '^', 'atan2']);

export const isComparison = (operator: string): boolean => comparisons.has(operator);
export const isSet = (operator: string): boolean => sets.has(operator);
export const isOperator = (operator: string): operator is BinaryOperator =>
  comparisons.has(operator) || sets.has(operator) || arithmetic.has(operator);

/** `bool`, `on (…)`, `ignoring (…)`, `group_left (…)` behind an operator. */
export function matchingOf(
  modifiers: readonly SyntaxNode[],
  labelsOf: (node: SyntaxNode) => readonly string[],
): { readonly bool: boolean; readonly matching: Matching } {
  const bool = modifiers.some(({ name }) => name === 'BoolModifier');
  const clause = modifiers.find(({ name }) => name === 'MatchingModifierClause');
  const parts = clause === undefined ? [] : childNodes(clause);
  const has = (name: string): boolean => parts.some((part) => part.name === name);
  const [labels, include] = parts.filter(({ name }) => name === 'GroupingLabels').map(labelsOf);
  return {
    bool,
    matching: {
      on: has('On'),
      labels: labels ?? [],
      many: has('GroupLeft') ? 'left' : has('GroupRight') ? 'right' : 'neither',
      include: include ?? [],
    },
  };
}
