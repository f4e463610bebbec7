import { keyOf } from '../labels.ts';
import { frameOf } from './frame.ts';
import type { Frame } from './frame.ts';
import { EvaluationError, written } from './values.ts';
import type { Plain, VectorSample } from './values.ts';

/** An instant vector in columns: values, and of which places of a frame they are. No place is there twice. */
export type Vector = {
  readonly type: 'vector';
  readonly frame: Frame;
  readonly places: readonly number[];
  readonly values: readonly number[];
};

export const vectorOf = (samples: readonly VectorSample[]): Vector => ({
  type: 'vector',
  frame: frameOf(samples.map(({ labels }) => labels)),
  places: [...samples.keys()],
  values: samples.map(({ value }) => value),
});

export const samplesOf = ({ frame, places, values }: Vector): readonly VectorSample[] =>
  values.map((value, index) => ({ labels: frame.labelsAt(places[index] ?? 0), value }));

/** The same with other values and without names. @throws EvaluationError where the names alone told elements apart */
export function nameless({ frame, places }: Vector, values: readonly number[]): Vector {
  const made: Vector = { type: 'vector', frame: frame.nameless, places, values };
  return frame.hasOneName ? made : distinct(made);
}

/** The elements at these indexes, in their order. */
export const elementsAt = ({ frame, places, values }: Vector, indexes: readonly number[]): Vector => ({
  type: 'vector',
  frame,
  places: indexes.map((index) => places[index] ?? 0),
  values: indexes.map((index) => values[index] ?? NaN),
});

/** @throws EvaluationError if two elements have the same labels, as happens when a dropped name was what told them apart */
export function distinct(vector: Vector): Vector {
  if (vector.places.length < 2) return vector;
  const seen = new Set<string>();
  for (const place of vector.places) {
    const labels = vector.frame.labelsAt(place);
    const key = keyOf(labels);
    if (seen.has(key)) throw new EvaluationError(`two results have the same labels ${written(labels)}`);
    seen.add(key);
  }
  return vector;
}

export type Value = Plain | Vector;
