import { isLabelName } from './aggregate.ts';
import type { Edition } from './edition.ts';
import { withLabel } from './labels.ts';
import { anchored } from './regex.ts';
import { EvaluationError, distinct } from './values.ts';
import type { VectorSample } from './values.ts';

/** `label_replace(v, destination, replacement, source, pattern)` */
export function labelReplace(
  samples: readonly VectorSample[],
  [destination = '', replacement = '', source = '', pattern = '']: readonly string[],
  edition: Edition,
): readonly VectorSample[] {
  const expression = anchored(pattern, edition);
  if (expression === undefined)
    throw new EvaluationError(`label_replace: the pattern ${pattern} cannot be read`);
  checkName('label_replace', destination, edition);
  return distinct(
    samples.map((sample) => {
      const match = expression.exec(sample.labels[source] ?? '');
      if (match === null) return sample;
      return {
        ...sample,
        labels: withLabel(sample.labels, destination, expandReplacement(replacement, match)),
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

/** `$1`, `${1}`, `$name`, `${name}`, `$$`, as Go's Regexp.Expand: a bare name is as long as it can be. */
export function expandReplacement(template: string, match: RegExpExecArray): string {
  return template.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    if (whole === '$$') return '$';
    const name = braced ?? bare ?? '';
    return (/^\d+$/.test(name) ? match[Number(name)] : match.groups?.[name]) ?? '';
  });
}

function checkName(called: string, label: string, edition: Edition): void {
  if (!isLabelName(label, edition))
    throw new EvaluationError(`${called}: ${JSON.stringify(label)} is no label name`);
}
