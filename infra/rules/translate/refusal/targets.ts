import {
  selectorsOf,
  type Edition,
  type Expression,
  type Matcher,
} from '../../../../lambdas/promql/index.ts';
import { asksTarget } from '../../../../lambdas/rules/identity.ts';
import { isToCome, takesLabel } from '../../../../lambdas/rules/target-labels.ts';
import type { TargetLabels } from '../../../../lambdas/series/labels.ts';
import type { Names } from '../names.ts';

const mostValues = 5;

/** Why an expression selects none of these targets, so far as one of its matchers shows it. */
export function noTarget(
  ast: Expression,
  text: string,
  targets: readonly TargetLabels[],
  { seriesOf }: Pick<Names, 'seriesOf'>,
  edition: Edition,
): string {
  for (const selector of selectorsOf(ast)) {
    const series = seriesOf(selector);
    for (const matcher of selector.matchers) {
      if (!asksTarget(matcher, series) || targets.some((target) => takesLabel(matcher, target, edition)))
        continue;
      const written = text.slice(selector.from, selector.to);
      return `${written} selects no server: ${valuesOf(matcher, targets)}`;
    }
  }
  return 'its selectors together select no server; compare them with the labels of clusters and targets in settings';
}

function valuesOf({ label }: Matcher, targets: readonly TargetLabels[]): string {
  const values = [...new Set(targets.flatMap((target) => target[label] ?? []))].filter(
    (value) => !isToCome(value),
  );
  if (values.length === 0) {
    const names = [...new Set(targets.flatMap((target) => Object.keys(target)))];
    return `none has the label ${label}, only ${names.join(', ')}; settings give labels to clusters and targets`;
  }
  const shown = values.slice(0, mostValues).map((value) => JSON.stringify(value));
  const more = values.length > mostValues ? ` and ${values.length - mostValues} more` : '';
  return `${label} is ${shown.join(', ')}${more}; settings give labels to clusters and targets`;
}
