import {
  matches,
  parse,
  selectorsOf,
  type Edition,
  type Labels,
  type Matcher,
} from '../../../lambdas/promql/index.ts';
import { asksTarget, nameOf } from '../../../lambdas/rules/identity.ts';
import { findSeries, seriesWithLabels } from '../../../lambdas/series/find.ts';
import { inferPrefixes } from '../../../lambdas/series/resolve.ts';
import type { TargetLabels } from '../../../lambdas/series/labels.ts';
import { sampleOf } from '../../rules/translate/sample-value.ts';
import type { Target } from './test-targets.ts';

/**
 * Servers that these expressions ask for and a test has no series of, as a test of what is not there
 * (`absent(up{job="nats"})`): a deployment of the rule has them.
 * @param targets those that the test's series are of
 */
export function askedTargets(
  expressions: readonly string[],
  targets: readonly TargetLabels[],
  edition: Edition,
): readonly Target[] {
  const taken = new Set(targets.map(({ server_id: name }) => name));
  return askedLabels(expressions, targets, edition).flatMap((labels, index) => {
    const name = labels['server_id'] ?? labels['instance'] ?? `unseen-${index + 1}`;
    if (taken.has(name)) return [];
    taken.add(name);
    return [{ name, url: `http://unseen-${index + 1}:8222`, labels: { job: '', instance: '', ...labels } }];
  });
}

/** Labels that no target has together, as far as matchers tell them. */
function askedLabels(
  expressions: readonly string[],
  targets: readonly TargetLabels[],
  edition: Edition,
): readonly Labels[] {
  const selectors = expressions.flatMap((expr) => {
    const { ast } = parse(expr, edition);
    return ast === undefined ? [] : selectorsOf(ast);
  });
  const prefixes = inferPrefixes(selectors.flatMap((selector) => nameOf(selector) ?? []));
  const found = new Map<string, Labels>();
  for (const selector of selectors) {
    const labels = selector.matchers.map(({ label }) => label);
    const series = seriesWithLabels(findSeries(nameOf(selector) ?? '', prefixes), labels);
    if (series === undefined) continue;
    const asked = selector.matchers.filter((matcher) => asksTarget(matcher, series));
    const isMetBy = (target: Labels): boolean =>
      asked.every((matcher) => matches(matcher, target[matcher.label] ?? '', edition));
    if (targets.some(isMetBy)) continue;
    const made = Object.fromEntries(asked.map((matcher) => [matcher.label, example(matcher, edition)]));
    if (isMetBy(made)) found.set(JSON.stringify(Object.entries(made).toSorted()), made);
  }
  return [...found.values()];
}

/** A value that meets the matcher; none where it asks what a value is not. */
const example = (matcher: Matcher, edition: Edition): string =>
  matcher.operator === '=' || matcher.operator === '=~' ? (sampleOf([matcher], edition) ?? '') : '';
