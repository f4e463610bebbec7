import { edited } from '../inline/expression-text.ts';
import { is } from './subject/nature.ts';
import { growthWindow, isOfNow } from './running-total.ts';
import { inAllSignals, type Advice, type Lint, type Subject } from './subject/subject.ts';
import { thresholdOf, type Threshold } from './subject/threshold.ts';
import type { Condition } from './subject/conditions.ts';

/** L24: what reached max_deliver is counted for good. */
export const redelivered: Lint = (subject) =>
  inAllSignals(subject, stuckBy).map((threshold) => messageOf(threshold, subject));

function stuckBy({ node, holds }: Condition, { seriesOf }: Subject): Threshold | undefined {
  const threshold = holds ? thresholdOf(node) : undefined;
  if (threshold?.signal.change !== null) return undefined;
  const series = seriesOf(threshold.signal.selector);
  return series !== undefined && is('kept', series) && ['>', '>=', '!='].includes(threshold.operator)
    ? threshold
    : undefined;
}

function messageOf({ signal, operator }: Threshold, subject: Subject): string | Advice {
  const { selector, leaf } = signal;
  const name = subject.written(selector);
  const growth = `delta(${name}[${growthWindow(subject)}])`;
  const reason =
    `${name} keeps the messages that reached max_deliver, which nobody is given any more: until they are purged the alert ` +
    `does not end; `;
  return isOfNow(signal) && operator !== '!='
    ? { reason, write: edited(subject.text, [{ from: leaf.from, to: leaf.to, by: growth }]) }
    : `${reason}compare its growth, ${growth} > 0`;
}
