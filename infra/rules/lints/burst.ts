import { nodesOf } from '../../../lambdas/promql/index.ts';
import { edited, writtenDuration } from '../inline/expression-text.ts';
import { is, isTotal } from './subject/nature.ts';
import { sourceOf, type Lint, type Subject } from './subject/subject.ts';
import { thresholdOf, type Threshold } from './subject/threshold.ts';

const ofEvents = ['increase', 'changes', 'resets'];

/** L12: one burst lifts a window for as long as the window is, so that it hardly meets a `for` of that length. */
export const burst: Lint = (subject) =>
  [...nodesOf(subject.ast)].flatMap((node) => {
    const threshold = thresholdOf(node);
    return threshold === undefined ? [] : messagesOf(threshold, subject);
  });

function messagesOf({ signal, operator }: Threshold, subject: Subject): ReturnType<Lint> {
  const { rule } = subject;
  const { change, selector, leaf } = signal;
  const series = subject.seriesOf(selector);
  // Of what is configured, L2 speaks.
  if (rule.kind !== 'alert' || change === null || series === undefined || series.kind === 'config') return [];
  if (!['>', '>=', '!='].includes(operator) || rule.forMs < change.rangeMs) return [];
  // Of a growth that is none, L3 speaks.
  if (change.name === 'increase' && !isTotal(series)) return [];
  // Traffic lasts: that it is high for as long as the window is may be meant.
  const isOfEvents = ofEvents.includes(change.name) ? !is('traffic', series) : is('trouble', series);
  if (!isOfEvents) return [];
  const range = change.call.arguments.find(({ kind }) => kind === 'range');
  const source = sourceOf(subject, leaf);
  const wider = writtenDuration(2 * rule.forMs);
  const reason =
    `one burst lifts ${source} for ${writtenDuration(change.rangeMs)}, and the alert waits ${writtenDuration(rule.forMs)}: it ` +
    `misses the burst or hardly meets it; leave out for, or `;
  if (range?.kind !== 'range' || selector.offsetMs !== 0 || selector.at !== undefined)
    return [`${reason}give it a window of ${wider}`];
  const by = `${subject.written(selector)}[${wider}]`;
  return [{ reason, write: edited(subject.text, [{ from: range.from, to: range.to, by }]) }];
}
