import type { Aggregation, Binary, Call, Expression, ValueType } from '../ast.ts';
import { childrenOf } from '../ast.ts';
import { functions } from './functions.ts';
import { isComparison, isSet } from './matching.ts';
import { PromqlError } from './problem.ts';

const words: Readonly<Record<ValueType, string>> = {
  scalar: 'a number',
  vector: 'an instant vector',
  range: 'a range vector',
  string: 'a string',
};

/** Checks the types of operands and arguments (`checkAST` in promql/parser/parse.go). Throws `PromqlError`. */
export function check(node: Expression): void {
  for (const child of childrenOf(node)) check(child);
  switch (node.kind) {
    case 'aggregation':
      checkAggregation(node);
      return;
    case 'binary':
      checkBinary(node);
      return;
    case 'call':
      checkCall(node);
      return;
    case 'unary':
      if (node.type === 'scalar' || node.type === 'vector') return;
      throw new PromqlError(`a sign wants a number or an instant vector, not ${words[node.type]}`, node);
    case 'subquery':
      expect(node.expression, 'vector', 'a subquery');
  }
}

function expect(node: Expression, type: ValueType, where: string): void {
  if (node.type === type) return;
  const hint =
    type === 'range' && node.kind === 'selector'
      ? '; give it a range, such as [5m]'
      : type === 'vector' && node.kind === 'range'
        ? '; leave out its range'
        : '';
  throw new PromqlError(`${where} wants ${words[type]}, not ${words[node.type]}${hint}`, node);
}

function checkAggregation({ operator, parameter, expression }: Aggregation): void {
  expect(expression, 'vector', operator);
  if (parameter === undefined) return;
  expect(parameter, operator === 'count_values' ? 'string' : 'scalar', `the parameter of ${operator}`);
}

function checkBinary(node: Binary): void {
  const { operator, left, right, bool, matching } = node;
  const vectors = left.type === 'vector' && right.type === 'vector';
  for (const side of [left, right]) {
    if (side.type === 'scalar' || side.type === 'vector') continue;
    throw new PromqlError(`${operator} wants numbers or instant vectors, not ${words[side.type]}`, side);
  }
  if (bool && !isComparison(operator)) {
    throw new PromqlError(`bool goes with comparisons only, not with ${operator}`, node);
  }
  if (isComparison(operator) && !bool && left.type === 'scalar' && right.type === 'scalar') {
    throw new PromqlError(`two numbers are compared with ${operator} bool`, node);
  }
  const twice = matching.on ? matching.labels.find((label) => matching.include.includes(label)) : undefined;
  if (twice !== undefined) {
    throw new PromqlError(`the label ${twice} stands in on () and in the group modifier`, node);
  }
  if (!vectors && matching.labels.length > 0) {
    throw new PromqlError('on () and ignoring () go between instant vectors only', node);
  }
  if (isSet(operator) && !vectors) {
    throw new PromqlError(`${operator} goes between instant vectors only`, node);
  }
  if (isSet(operator) && matching.many !== 'neither') {
    throw new PromqlError(`${operator} takes no group_${matching.many}`, node);
  }
}

function checkCall(node: Call): void {
  const signature = functions.get(node.name);
  if (signature === undefined) return;
  const { takes, optional = 0, repeats = false } = signature;
  const given = node.arguments.length;
  const least = takes.length - (repeats ? 1 : optional);
  if (given < least || (!repeats && given > takes.length)) {
    const bound = repeats
      ? 'at least '
      : optional > 0 && given < least
        ? 'at least '
        : optional > 0
          ? 'at most '
          : '';
    const wanted = bound === 'at most ' ? takes.length : least;
    throw new PromqlError(
      `${node.name} takes ${bound}${wanted} argument${wanted === 1 ? '' : 's'}, not ${given}`,
      node,
    );
  }
  node.arguments.forEach((argument, index) => {
    const type = takes[index] ?? takes.at(-1);
    if (type !== undefined) expect(argument, type, node.name);
  });
}
