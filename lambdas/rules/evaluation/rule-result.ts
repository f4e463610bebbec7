import {
  EvaluationError,
  evaluate,
  evaluateInColumns,
  keyOf,
  vectorOf,
  without,
  withoutName,
  written,
} from '../../promql/index.ts';
import type { Evaluation, Result, Value, Vector, VectorSample } from '../../promql/index.ts';
import type { CompiledAlert, CompiledRecording } from '../compile.ts';

/** A rule's result as Prometheus takes it: a scalar is one element without labels. */
export function elementsOf(value: Result): readonly VectorSample[] {
  if (value.type === 'vector') return value.samples;
  if (value.type === 'scalar') return [{ labels: {}, value: value.value }];
  throw new EvaluationError('a text is no result of a rule');
}

/** An alert rule's result, and what its alarm compares: none where the rule compares nothing. */
export function resultOf(
  { shape, ast }: CompiledAlert,
  evaluation: Evaluation,
): { readonly elements: readonly VectorSample[]; readonly compared: Vector } {
  if (shape.kind !== 'value')
    return { elements: elementsOf(evaluate(ast, evaluation)), compared: vectorOf([]) };
  const compared = evaluateInColumns(shape.compared, evaluation);
  const { known } = evaluation;
  const elements = evaluate(ast, {
    ...evaluation,
    known: {
      get: (node) => (node === shape.compared ? compared : known?.get(node)),
      set: (node, value) => known?.set(node, value),
    },
  });
  return { elements: elementsOf(elements), compared: inColumns(compared) };
}

const inColumns = (value: Value): Vector => (value.type === 'vector' ? value : vectorOf(elementsOf(value)));

/**
 * What a recording rule gives: its result under the rule's labels, without name.
 * @throws EvaluationError if that makes two elements alike
 */
export function recordedBy(
  { rule, ast }: CompiledRecording,
  evaluation: Evaluation,
): readonly VectorSample[] {
  const elements = elementsOf(evaluate(ast, evaluation));
  const own = Object.entries(rule.labels);
  const isKept = ([, value]: readonly [string, string]): boolean => value !== '';
  const replaced = own.map(([label]) => label);
  const seen = new Set<string>();
  return elements.map(({ labels: given, value }) => {
    const kept = withoutName(given);
    const labels =
      own.length === 0 ? kept : { ...without(kept, replaced), ...Object.fromEntries(own.filter(isKept)) };
    const key = keyOf(labels);
    if (seen.has(key))
      throw new EvaluationError(`two elements of the result are recorded as ${written(labels)}`);
    seen.add(key);
    return { labels, value };
  });
}
