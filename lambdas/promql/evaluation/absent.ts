import type { Expression, Matcher } from '../ast.ts';
import { unwrap } from '../ast.ts';
import { defaultEdition } from '../edition.ts';
import type { Edition } from '../edition.ts';
import { metricName } from '../labels.ts';
import type { Labels } from '../labels.ts';
import { matches } from '../match.ts';

/**
 * What `absent` can say of the series it misses: the labels that the selector asks for by equality, unless a later
 * matcher names the same label (`createLabelsForAbsentFunction` in promql/functions.go). Later not as written: rules are
 * evaluated from their printed form, where matchers are sorted (`VectorSelector.String` in promql/parser/printer.go), and
 * Prometheus 3 moves negative ones that an absent label meets behind all others before it looks
 * (`PostingsForMatchers` in tsdb/querier.go).
 */
export function absentLabels(argument: Expression, edition: Edition = defaultEdition): Labels {
  const inner = unwrap(argument);
  const selector = inner.kind === 'range' ? inner.selector : inner;
  if (selector.kind !== 'selector') return {};
  const { matchers } = selector;
  const isKnown = ({ label, operator, value }: Matcher): boolean =>
    label !== metricName &&
    operator === '=' &&
    value !== '' &&
    matchers.filter((other) => other.label === label && !isEarlier(other, edition)).length === 1;
  return Object.fromEntries(matchers.filter(isKnown).map(({ label, value }) => [label, value]));
}

const isEarlier = (matcher: Matcher, edition: Edition): boolean =>
  matcher.operator.startsWith('!') && (edition === 2 || !matches(matcher, '', edition));
