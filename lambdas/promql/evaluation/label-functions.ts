import { isLabelName } from './aggregate.ts';
import type { Edition } from '../edition.ts';
import { withLabel } from '../labels.ts';
import { expandReplacement, wholePattern } from '../patterns/pattern.ts';
import { EvaluationError, distinct } from './values.ts';
import type { VectorSample } from './values.ts';

/** `label_replace(v, destination, replacement, source, pattern)` */
export function labelReplace(
  samples: readonly VectorSample[],
  [destination = '', replacement = '', source = '', pattern = '']: readonly string[],
  edition: Edition,
): readonly VectorSample[] {
  const expression = wholePattern(pattern, edition);
  if (expression === undefined)
    throw new EvaluationError(`label_replace: the pattern ${pattern} cannot be read`);
  checkName('label_replace', destination, edition);
  return distinct(
    samples.map((sample) => {
      const match = expression.exec(sample.labels[source] ?? '');
      if (match === null) return sample;
      return {
        ...sample,
        labels: withLabel(
          sample.labels,
          destination,
          expandReplacement(replacement, match, expression.names),
        ),
      };
    }),
  );
}

/** `label_join(v, destination, separator, source, …)` */
export function labelJoin(
  samples: readonly VectorSample[],
  [destination = '', separator = '', ...sources]: readonly string[],
  edition: Edition,
): readonly VectorSample[] {
  for (const label of [destination, ...sources]) checkName('label_join', label, edition);
  return distinct(
    samples.map((sample) => {
      const joined = sources.map((label) => sample.labels[label] ?? '').join(separator);
      return { ...sample, labels: withLabel(sample.labels, destination, joined) };
    }),
  );
}

function checkName(called: string, label: string, edition: Edition): void {
  if (!isLabelName(label, edition))
    throw new EvaluationError(`${called}: ${JSON.stringify(label)} is no label name`);
}
