import type { Binary, Expression } from '../ast.ts';
import { isOperator, matchingOf } from './matching.ts';
import type { Item, Postfix, SyntaxNode } from './items.ts';
import { PromqlError } from './problem.ts';

/** How tightly operators bind; `-x` binds as `*` does, postfixes tighter than all. */
const precedence: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<=': 3,
  '<': 3,
  '>=': 3,
  '>': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
};
const signPrecedence = 5;

export type Reading = {
  readonly text: string;
  readonly operand: (item: Extract<Item, { kind: 'operand' }>) => Expression;
  readonly postfix: (target: Expression, item: Postfix) => Expression;
  readonly labels: (node: SyntaxNode) => readonly string[];
};

/** Nests flat items as Prometheus' grammar does (precedence of promql/parser/generated_parser.y). */
export function bind(items: readonly Item[], reading: Reading): Expression {
  let index = 0;
  const end = items.at(-1)?.to ?? 0;

  const operand = (): Expression => {
    const item = items[index++];
    if (item?.kind === 'sign') {
      const expression = binary(signPrecedence + 1);
      return {
        kind: 'unary',
        type: expression.type,
        operator: item.sign,
        expression,
        from: item.from,
        to: expression.to,
      };
    }
    if (item?.kind !== 'operand')
      throw new PromqlError('an expression is missing', item ?? { from: end, to: end });
    let found = reading.operand(item);
    for (let next = items[index]; next !== undefined && isPostfix(next); next = items[index]) {
      found = reading.postfix(found, next);
      index += 1;
    }
    return found;
  };

  const binary = (least: number): Expression => {
    let left = operand();
    for (let item = items[index]; item?.kind === 'binary'; item = items[index]) {
      const { operator } = item;
      const level = precedence[operator] ?? 0;
      if (level < least || !isOperator(operator)) break;
      index += 1;
      const right = binary(operator === '^' ? level : level + 1);
      const node: Binary = {
        kind: 'binary',
        type: left.type === 'scalar' && right.type === 'scalar' ? 'scalar' : 'vector',
        operator,
        left,
        right,
        ...matchingOf(item.modifiers, reading.labels),
        from: left.from,
        to: right.to,
      };
      left = node;
    }
    return left;
  };
  return binary(0);
}

const isPostfix = (item: Item): item is Postfix =>
  item.kind === 'range' || item.kind === 'subquery' || item.kind === 'offset' || item.kind === 'at';
