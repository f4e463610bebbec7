import type { Matcher, Selector } from './ast.ts';
import type { Edition } from './edition.ts';
import { defaultEdition } from './edition.ts';
import type { Labels } from './labels.ts';
import { wholePattern } from './patterns/pattern.ts';

/** Whether a label's value, empty when the series lacks it, meets the matcher. */
export function matches(matcher: Matcher, value: string, edition: Edition = defaultEdition): boolean {
  switch (matcher.operator) {
    case '=':
      return value === matcher.value;
    case '!=':
      return value !== matcher.value;
    case '=~':
      return wholePattern(matcher.value, edition)?.test(value) ?? false;
    case '!~':
      return !(wholePattern(matcher.value, edition)?.test(value) ?? true);
  }
}

/** Whether the selector takes a series with these labels (`__name__` among them). */
export function selects(
  selector: Pick<Selector, 'matchers'>,
  labels: Labels,
  edition: Edition = defaultEdition,
): boolean {
  return selector.matchers.every((matcher) => matches(matcher, labels[matcher.label] ?? '', edition));
}
