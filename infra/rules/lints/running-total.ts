import type { Expression } from '../../../lambdas/promql/index.ts';
import { edited, writtenDuration } from '../inline/expression-text.ts';
import { isTotal } from './subject/nature.ts';
import { inAllSignals, type Advice, type Lint, type Subject } from './subject/subject.ts';
import type { Condition } from './subject/conditions.ts';
import { thresholdOf, type Threshold } from './subject/threshold.ts';

/** L1: a total that is past a constant stays there, unless something else in the same way of firing ends it. */
export const runningTotal: Lint = (subject) =>
  inAllSignals(subject, stuckBy).map((threshold) => messageOf(threshold, subject));

function stuckBy({ node, holds }: Condition, { seriesOf }: Subject): Threshold | undefined {
  const threshold = holds ? thresholdOf(node) : undefined;
  const series =
    threshold && threshold.signal.change === null ? seriesOf(threshold.signal.selector) : undefined;
  if (threshold === undefined || series === undefined || !isTotal(series)) return undefined;
  // Streams and consumers come and go: that one has done nothing yet is worth an alert.
  return isPast(threshold) || !series.collector.startsWith('jsz') ? threshold : undefined;
}

const isPast = ({ operator }: Threshold): boolean => ['>', '>=', '!='].includes(operator);

function messageOf(threshold: Threshold, subject: Subject): string | Advice {
  const { signal } = threshold;
  const name = subject.written(signal.selector);
  if (!isPast(threshold))
    return (
      `${name} is a running total: the alert can fire only between a restart and the moment when the total gets there; ` +
      `drop it, or ask for work that is not done, as consumers that have messages pending`
    );
  const course = `once it is ${threshold.operator} ${threshold.limit}, the alert lasts until the server restarts`;
  const { from, to } = signal.leaf;
  const growth = `increase(${name}[${growthWindow(subject)}])`;
  const reason = `${name} is a running total: ${course}; `;
  return isOfNow(signal)
    ? { reason, write: edited(subject.text, [{ from, to, by: growth }]) }
    : `${reason}compare its growth, ${growth}`;
}

/** Whether it is of the evaluation's own time, so that a growth can stand in its place. */
export const isOfNow = ({ selector, leaf }: Threshold['signal']): boolean =>
  selector.offsetMs === 0 && selector.at === undefined && (leaf.kind === 'selector' || overRange(leaf));

/** Whether it is made of a window. */
const overRange = (leaf: Expression): boolean =>
  leaf.kind === 'call' && leaf.arguments.some(({ kind }) => kind === 'range');

const windows = [5, 10, 15, 30, 60, 120, 360, 720, 1440].map((minutes) => minutes * 60_000);

/** Long enough that one growth outlasts the rule's `for`. */
export function growthWindow({ rule }: Subject): string {
  const least = rule.kind === 'alert' ? 2 * rule.forMs : 0;
  return writtenDuration(windows.find((each) => each >= least) ?? least);
}
