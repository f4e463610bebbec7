import { isLabelName } from './aggregate.ts';
import type { Edition } from '../edition.ts';
import { withLabel } from '../labels.ts';
import type { Labels } from '../labels.ts';
import { expandReplacement, wholePattern } from '../patterns/pattern.ts';
import { EvaluationError } from './values.ts';
import { distinct, samplesOf, vectorOf } from './vector.ts';
import type { Vector } from './vector.ts';

/** `label_replace(v, destination, replacement, source, pattern)` */
export function labelReplace(
  vector: Vector,
  [destination = '', replacement = '', source = '', pattern = '']: readonly string[],
  edition: Edition,
): Vector {
  const expression = wholePattern(pattern, edition);
  if (expression === undefined)
    throw new EvaluationError(`label_replace: the pattern ${pattern} cannot be read`);
  checkName('label_replace', destination, edition);
  return distinct(
    relabelled(vector, (labels) => {
      const match = expression.exec(labels[source] ?? '');
      if (match === null) return labels;
      return withLabel(labels, destination, expandReplacement(replacement, match, expression.names));
    }),
  );
}

/** `label_join(v, destination, separator, source, …)` */
export function labelJoin(
  vector: Vector,
  [destination = '', separator = '', ...sources]: readonly string[],
  edition: Edition,
): Vector {
  for (const label of [destination, ...sources]) checkName('label_join', label, edition);
  return distinct(
    relabelled(vector, (labels) => {
      const joined = sources.map((label) => labels[label] ?? '').join(separator);
      return withLabel(labels, destination, joined);
    }),
  );
}

const relabelled = (vector: Vector, change: (labels: Labels) => Labels): Vector =>
  vectorOf(samplesOf(vector).map(({ labels, value }) => ({ labels: change(labels), value })));

function checkName(called: string, label: string, edition: Edition): void {
  if (!isLabelName(label, edition))
    throw new EvaluationError(`${called}: ${JSON.stringify(label)} is no label name`);
}
