import type { At, Expression, Selector } from '../ast.ts';
import { bind } from './bind.ts';
import type { Reading } from './bind.ts';
import { durationOf, positiveDurationOf } from './durations.ts';
import type { Edition } from '../edition.ts';
import { functionOf } from './functions.ts';
import { childNodes, itemsOf, signOf } from './items.ts';
import type { SyntaxNode } from './items.ts';
import { durationMs, numberOf } from './literals.ts';
import { endsClearly, literally, stringIn } from './quoted.ts';
import { withAt, withOffset, withRange, withSubquery } from './modifiers.ts';
import { PromqlError } from './problem.ts';
import { selectorOf } from './selector.ts';
import { aggregationOf, labelsIn } from './aggregation.ts';

/** Makes our tree from the grammar's. Throws `PromqlError` for what the grammar lets through and Prometheus does not. */
export function read(node: SyntaxNode, text: string, edition: Edition): Expression {
  const inner = (child: SyntaxNode): Expression => read(child, text, edition);
  const reading: Reading = {
    text,
    labels: (labels) => labelsIn(labels, text, edition),
    operand: (item) => operandOf(item.node, text.slice(item.from, item.to), text, edition, inner),
    postfix: (target, item) => {
      switch (item.kind) {
        case 'range':
          return withRange(target, positiveDurationOf(item.duration, text, edition), item);
        case 'subquery': {
          const step = item.step && positiveDurationOf(item.step, text, edition);
          return withSubquery(target, positiveDurationOf(item.duration, text, edition), step, item);
        }
        case 'offset': {
          const offsetMs = durationOf(item.duration, text, edition);
          if (offsetMs === 0 && edition === 2)
            throw new PromqlError('the duration must be longer than 0', item);
          return withOffset(target, offsetMs, item);
        }
        case 'at':
          return withAt(target, atOf(item.time, text, edition), item);
      }
    },
  };
  return bind(itemsOf(node, text), reading);
}

function operandOf(
  node: SyntaxNode,
  source: string,
  text: string,
  edition: Edition,
  inner: (child: SyntaxNode) => Expression,
): Expression {
  const place = { from: node.from, to: node.to };
  switch (node.name) {
    case 'NumberDurationLiteral':
      return { kind: 'number', type: 'scalar', value: numberIn(source, node, text, edition), ...place };
    case 'StringLiteral':
      return { kind: 'string', type: 'string', value: stringIn(node, text), ...place };
    case 'VectorSelector':
      return selectorOf(node, text, edition) satisfies Selector;
    case 'ParenExpr': {
      const [child] = childNodes(node);
      if (child === undefined) break;
      const expression = inner(child);
      return { kind: 'parentheses', type: expression.type, expression, ...place };
    }
    case 'AggregateExpr':
      return aggregationOf(node, text, edition, inner);
    case 'FunctionCall': {
      const [identifier, body] = childNodes(node);
      if (identifier === undefined || body === undefined) break;
      const name = text.slice(identifier.from, identifier.to);
      const called = functionOf(name, edition);
      if (typeof called === 'string') throw new PromqlError(called, identifier);
      return { kind: 'call', type: called.gives, name, arguments: childNodes(body).map(inner), ...place };
    }
  }
  throw new PromqlError(`${source} is no expression`, place);
}

/** A plain number; in edition 3 a duration too, in seconds. */
function numberIn(source: string, node: SyntaxNode, text: string, edition: Edition): number {
  endsClearly(node, text);
  return literally(node, () => {
    const duration = durationMs(source);
    if (duration === undefined) {
      if (edition === 2 && source.includes('_')) {
        throw new PromqlError(`${source} is no number: Prometheus before 3 knows no _ in numbers`, node);
      }
      return numberOf(source);
    }
    if (edition === 2) throw new PromqlError(`${source} is a duration, where a number is expected`, node);
    return duration / 1000;
  });
}

function atOf(node: SyntaxNode, text: string, edition: Edition): At {
  const [word] = childNodes(node);
  if (word?.name === 'AtStart') return 'start';
  if (word?.name === 'AtEnd') return 'end';
  const source = text.slice(node.from, node.to);
  const negative = source.startsWith('-');
  const seconds = numberIn(source.slice(signOf(source)), node, text, edition) * (negative ? -1 : 1);
  if (!(Math.abs(seconds) < 2 ** 63)) throw new PromqlError(`@ ${source} is no time`, node);
  return Math.round(seconds * 1000);
}
