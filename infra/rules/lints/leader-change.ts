import { nodesOf, type Expression } from '../../../lambdas/promql/index.ts';
import { asksForNone, led, nameOf, takenBy } from './subject/leader-labels.ts';
import type { Lint, Subject } from './subject/subject.ts';
import type { Condition } from './subject/conditions.ts';

const leaderNames: readonly string[] = led.map(nameOf);

/**
 * L18: while a leader is elected there is none, and readings a moment apart name two. Told where a rule asks how many
 * leaders there are and fires at the first look.
 */
export const leaderChange: Lint = (subject) => {
  const { rule } = subject;
  if (rule.kind !== 'alert' || rule.forMs > 0) return [];
  const asks =
    subject.ways.flat().some((condition) => asksForLeader(condition, subject)) ||
    subject.selectors.some(isWithoutLeader);
  if (!asks) return [];
  return [
    'the alert fires at once, and while a leader is elected there is none for seconds, or two where servers are read a ' +
      'moment apart; give it for: 2m',
  ];
};

/** Whether it is about the number of leaders: counts or misses series of leaders, or tells their names apart. */
function asksForLeader({ node, holds }: Condition, subject: Subject): boolean {
  const parts = [...nodesOf(node)];
  const ofLeaders = parts.some(
    (part) =>
      part.kind === 'selector' &&
      subject.seriesOf(part) !== undefined &&
      led.some((what) => takenBy(part, what) === 'leader'),
  );
  const byName = parts.some(
    (part) =>
      part.kind === 'aggregation' &&
      !part.grouping.without &&
      part.grouping.labels.some((label) => leaderNames.includes(label)),
  );
  const counts = parts.some(
    (part) => part.kind === 'aggregation' && ['count', 'group'].includes(part.operator),
  );
  return (ofLeaders && (counts || parts.some(isAbsent) || !holds)) || (byName && counts);
}

const isAbsent = (node: Expression): boolean =>
  node.kind === 'call' && (node.name === 'absent' || node.name === 'absent_over_time');

const isWithoutLeader = (selector: Subject['selectors'][number]): boolean =>
  led.some((what) => asksForNone(selector, what));
