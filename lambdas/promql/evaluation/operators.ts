import type { BinaryOperator } from '../ast.ts';
import { goPow } from './mathematics.ts';

/** Arithmetic gives a number, a comparison whether it holds. */
export const operators: Readonly<
  Record<Exclude<BinaryOperator, 'and' | 'or' | 'unless'>, (left: number, right: number) => number | boolean>
> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': goPow,
  atan2: Math.atan2,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
};
