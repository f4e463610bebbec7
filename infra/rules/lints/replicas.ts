import { matches, type Expression, type Selector } from '../../../lambdas/promql/index.ts';
import type { SeriesDefinition } from '../../../lambdas/series/definition.ts';
import { selectorsOf } from '../../../lambdas/promql/index.ts';
import { edited, withMatcher } from '../inline/expression-text.ts';
import type { Lint, Subject } from './subject.ts';

/** L8: every replica has the series, and only the leader's is right at any time. */
export const replicas: Lint = (subject) =>
  subject.selectors.flatMap((selector) => {
    const series = subject.seriesOf(selector);
    const leads = series && leaderLabel(series);
    if (series === undefined || leads === undefined || isOfLeader(selector, leads, subject)) return [];
    const matcher = { label: leads, operator: '=', value: 'true' } as const;
    const fixed = edited(subject.text, [withMatcher(subject.text, selector, matcher)]);
    return [
      `${subject.written(selector)} is there for each replica, and those that do not lead say 0 or an old value; ` +
        `write ${fixed}, or take max by (…) of it`,
    ];
  });

/** What is configured is the same on all replicas, and sources and mirrors are the leader's alone. */
function leaderLabel({ collector, kind }: SeriesDefinition): string | undefined {
  if (collector === 'jszConsumer') return 'is_consumer_leader';
  return collector === 'jszStream' && kind !== 'config' ? 'is_stream_leader' : undefined;
}

function isOfLeader(selector: Selector, leads: string, subject: Subject): boolean {
  if (asksForLeader(selector, leads)) return true;
  let inner: Expression = selector;
  let hasLabel = true;
  for (const node of subject.around(selector)) {
    if (onlyCounts(node, inner)) return true;
    if (node.kind === 'aggregation')
      hasLabel &&= node.grouping.labels.includes(leads) !== node.grouping.without;
    if (node.kind === 'binary' && hasLabel && pairsByLabel(node, inner, leads)) {
      const other = node.left === inner ? node.right : node.left;
      if (selectorsOf(other).some((each) => asksForLeader(each, leads))) return true;
    }
    inner = node;
  }
  return false;
}

const asksForLeader = ({ matchers }: Selector, leads: string): boolean =>
  matchers.some((matcher) => matcher.label === leads && !matches(matcher, 'false'));

/** Whether values do not matter, or the largest is taken, which is the leader's. */
function onlyCounts(node: Expression, inner: Expression): boolean {
  if (node.kind === 'aggregation') return ['max', 'count', 'group', 'count_values'].includes(node.operator);
  if (node.kind === 'call')
    return ['absent', 'absent_over_time', 'count_over_time', 'present_over_time'].includes(node.name);
  const isSide = node.kind === 'binary' && node.right === inner;
  return isSide && (node.operator === 'and' || node.operator === 'unless') && inner.kind === 'selector';
}

/** Whether elements go together only if both are a leader's. */
function pairsByLabel(
  node: Extract<Expression, { kind: 'binary' }>,
  inner: Expression,
  leads: string,
): boolean {
  if (node.operator === 'or' || (node.operator === 'unless' && node.left === inner)) return false;
  return (
    node.left.type === 'vector' &&
    node.right.type === 'vector' &&
    node.matching.labels.includes(leads) === node.matching.on
  );
}
