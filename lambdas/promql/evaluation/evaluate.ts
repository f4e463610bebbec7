import { aggregate } from './aggregate.ts';
import type { Expression } from '../ast.ts';
import { callFunction } from './call.ts';
import { combine } from './combine.ts';
import { defaultEdition } from '../edition.ts';
import type { Edition } from '../edition.ts';
import { latest, makeSource } from './read-series.ts';
import type { Known, Source } from './read-series.ts';
import type { Read } from './series.ts';
import { EvaluationError } from './values.ts';
import type { Plain, VectorSample } from './values.ts';
import { nameless, samplesOf } from './vector.ts';
import type { Value, Vector } from './vector.ts';

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

/** A value with a vector's elements one by one. */
export type Result = Plain | { readonly type: 'vector'; readonly samples: readonly VectorSample[] };

/**
 * Evaluates a parsed expression at one moment, as a rule is. What is later than that is for `read` to leave out: only a
 * negative offset or `@` would show it. Throws `EvaluationError` for what Prometheus answers
 * with an error, and for a range vector at the top, which has no value. Ask `refusalsOf` first: what it names throws.
 */
export function evaluate(ast: Expression, evaluation: Evaluation): Result {
  const value = evaluateInColumns(ast, evaluation);
  return value.type === 'vector' ? { type: 'vector', samples: samplesOf(value) } : value;
}

/** The same with vectors in columns. */
export function evaluateInColumns(ast: Expression, evaluation: Evaluation): Value {
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
      return latest(node, at, source);
    case 'binary':
      return combine(node, valueOf(node.left, at, source), valueOf(node.right, at, source));
    case 'aggregation': {
      const parameter = node.parameter && valueOf(node.parameter, at, source);
      return aggregate(node, parameter, vectorOf(node.expression, at, source), source.edition);
    }
    case 'call':
      return callFunction(node, at, source, valueOf);
    case 'range':
    case 'subquery':
      throw new EvaluationError('a range vector has no value of its own');
  }
}

function vectorOf(node: Expression, at: number, source: Source): Vector {
  const value = valueOf(node, at, source);
  if (value.type !== 'vector') throw new EvaluationError('an instant vector is wanted');
  return value;
}

/** A minus drops the name, a plus changes nothing. */
function signed(sign: '+' | '-', value: Value): Value {
  if (sign === '+' || value.type === 'string') return value;
  if (value.type === 'scalar') return { type: 'scalar', value: -value.value };
  return nameless(
    value,
    value.values.map((each) => -each),
  );
}
