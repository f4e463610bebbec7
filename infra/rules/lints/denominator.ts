import { nodesOf, type Binary } from '../../../lambdas/promql/index.ts';
import type { SeriesDefinition } from '../../../lambdas/series/definition.ts';
import { edited } from '../inline/expression-text.ts';
import { is, remark } from './subject/nature.ts';
import { signalOf, type Signal } from './subject/signal.ts';
import type { Lint, Subject } from './subject/subject.ts';
import { holdsWithin, type Condition } from './subject/conditions.ts';
import { thresholdOf } from './subject/threshold.ts';

/** L10: a share of a limit that is 0 or -1 is infinite or negative. */
export const denominator: Lint = (subject) =>
  [...nodesOf(subject.ast)].flatMap((node) => {
    const [signal, series] = node.kind === 'binary' ? openLimitIn(node, subject) : [];
    if (node.kind !== 'binary' || signal === undefined || series === undefined) return [];
    if (isGuarded(node, series, subject)) return [];
    const { from, to } = node.right;
    const guarded = `(${subject.text.slice(from, to)} > 0)`;
    const fixed = edited(subject.text, [{ from, to, by: guarded }]);
    const reason =
      `${subject.written(signal.selector)} is 0 or -1 where there is no limit${remark(series)}: the quotient is ` +
      `infinite or negative then, and the alert always fires or never; `;
    return [{ reason, write: fixed }];
  });

function openLimitIn({ operator, left, right }: Binary, { seriesOf }: Subject): [Signal?, SeriesDefinition?] {
  const signal = operator === '/' && left.type === 'vector' ? signalOf(right) : undefined;
  const series = signal && seriesOf(signal.selector);
  const isClamped = [...nodesOf(right)].some((node) => node.kind === 'call' && node.name.startsWith('clamp'));
  if (signal === undefined || series === undefined || isClamped || !is('openLimit', series)) return [];
  return [signal, series];
}

/** Whether each way of firing in which the quotient counts asks for a limit above 0. */
function isGuarded(quotient: Binary, series: SeriesDefinition, subject: Subject): boolean {
  const ways = subject.ways.filter((way) => way.some((condition) => holdsWithin(condition, quotient)));
  return ways.every((way) => way.some((condition) => guards(condition, series, subject)));
}

function guards({ node, holds }: Condition, series: SeriesDefinition, { seriesOf }: Subject): boolean {
  const threshold = thresholdOf(node);
  if (threshold === undefined || seriesOf(threshold.signal.selector) !== series) return false;
  const { operator, limit } = threshold;
  if (holds) {
    return (
      (operator === '>' && limit >= 0) ||
      (operator === '>=' && limit > 0) ||
      (operator === '!=' && limit === 0) ||
      (operator === '==' && limit > 0)
    );
  }
  return (
    (operator === '<=' && limit >= 0) || (operator === '<' && limit > 0) || (operator === '==' && limit === 0)
  );
}
