import { aggregate } from './aggregate.ts';
import type { Expression } from '../ast.ts';
import { callFunction } from './call.ts';
import { combine } from './combine.ts';
import { defaultEdition } from '../edition.ts';
import type { Edition } from '../edition.ts';
import { withoutName } from '../labels.ts';
import { instantSamples, makeSource } from './read-series.ts';
import type { Known, Source } from './read-series.ts';
import type { Read } from './series.ts';
import { EvaluationError, distinct, oneName } from './values.ts';
import type { Value } from './values.ts';

export type Evaluation = {
  /** The time of evaluation, in epoch milliseconds. */
  readonly at: number;
  readonly read: Read;
  readonly edition?: Edition;
  /** The step of a subquery that names none: the rule group's interval. A minute by default. */
  readonly intervalMs?: number;
  /** Told each value at this time, it gives those that it kept, so that rules that ask the same are answered once. */
  readonly known?: Known;
};

/**
 * Evaluates a parsed expression at one moment, as a rule is. What is later than that is for `read` to leave out: only a
 * negative offset or `@` would show it. Throws `EvaluationError` for what Prometheus answers
 * with an error, and for a range vector at the top, which has no value. Ask `refusalsOf` first: what it names throws.
 */
export function evaluate(ast: Expression, evaluation: Evaluation): Value {
  const { at, read, edition = defaultEdition, intervalMs = 60_000, known } = evaluation;
  return valueOf(ast, at, makeSource(ast, { at, read, edition, intervalMs, known }, vectorOf));
}

function valueOf(node: Expression, at: number, source: Source): Value {
  const { known } = source;
  if (known === undefined || at !== source.at) return makeValue(node, at, source);
  const found = known.get(node);
  if (found !== undefined) return found;
  const value = makeValue(node, at, source);
  known.set(node, value);
  return value;
}

function makeValue(node: Expression, at: number, source: Source): Value {
  switch (node.kind) {
    case 'number':
      return { type: 'scalar', value: node.value };
    case 'string':
      return { type: 'string', value: node.value };
    case 'parentheses':
      return valueOf(node.expression, at, source);
    case 'unary':
      return signed(node.operator, valueOf(node.expression, at, source));
    case 'selector':
      return { type: 'vector', samples: instantSamples(node, at, source) };
    case 'binary':
      return combine(node, valueOf(node.left, at, source), valueOf(node.right, at, source));
    case 'aggregation': {
      const parameter = node.parameter && valueOf(node.parameter, at, source);
      const samples = vectorOf(node.expression, at, source);
      return { type: 'vector', samples: aggregate(node, parameter, samples, source.edition) };
    }
    case 'call':
      return callFunction(node, at, source, valueOf);
    case 'range':
    case 'subquery':
      throw new EvaluationError('a range vector has no value of its own');
  }
}

function vectorOf(
  node: Expression,
  at: number,
  source: Source,
): Extract<Value, { type: 'vector' }>['samples'] {
  const value = valueOf(node, at, source);
  if (value.type !== 'vector') throw new EvaluationError('an instant vector is wanted');
  return value.samples;
}

/** A minus drops the name, a plus changes nothing. */
function signed(sign: '+' | '-', value: Value): Value {
  if (sign === '+' || value.type === 'string') return value;
  if (value.type === 'scalar') return { type: 'scalar', value: -value.value };
  const samples = value.samples.map((sample) => ({
    labels: withoutName(sample.labels),
    value: -sample.value,
  }));
  return { type: 'vector', samples: oneName(value.samples) ? samples : distinct(samples) };
}
