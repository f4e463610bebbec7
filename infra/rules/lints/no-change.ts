import { edited } from '../inline/expression-text.ts';
import { is } from './subject/nature.ts';
import { growthWindow } from './running-total.ts';
import { inAllSignals, sourceOf, type Advice, type Lint, type Subject } from './subject/subject.ts';
import type { Condition } from './subject/conditions.ts';
import { thresholdOf, type Threshold } from './subject/threshold.ts';

/** L4: an alert on no change of what normally does not change. */
export const noChange: Lint = (subject) =>
  noChanges(subject).map((threshold) => messageOf(threshold, subject));

export const noChanges = (subject: Subject): readonly Threshold[] => inAllSignals(subject, atRest);

function atRest({ node, holds }: Condition, { seriesOf }: Subject): Threshold | undefined {
  const threshold = holds ? thresholdOf(node) : undefined;
  const series =
    threshold?.signal.change === null ? undefined : threshold && seriesOf(threshold.signal.selector);
  if (threshold === undefined || series === undefined || !meetsRest(threshold)) return undefined;
  return is('stable', series) || is('trouble', series) ? threshold : undefined;
}

/** Whether a change of 0 meets it. */
export function meetsRest({ operator, limit }: Threshold): boolean {
  return (
    (operator === '==' && limit === 0) || (operator === '<=' && limit >= 0) || (operator === '<' && limit > 0)
  );
}

function messageOf({ signal, operator, limit }: Threshold, subject: Subject): string | Advice {
  const name = subject.written(signal.selector);
  const source = sourceOf(subject, signal.leaf);
  const series = subject.seriesOf(signal.selector);
  if (series !== undefined && is('trouble', series)) {
    const { change } = signal;
    // L12 tells of a window that one event hardly fills for as long as the alert waits.
    const waits = subject.rule.kind === 'alert' && change !== null && subject.rule.forMs >= change.rangeMs;
    const growth = waits ? `${change.name}(${name}[${growthWindow(subject)}])` : source;
    return {
      reason: `${source} is 0 as long as all is well, so the alert is silent only in trouble; `,
      write: `${growth} > 0`,
    };
  }
  const { from, to } = signal.leaf;
  const asksForNone = limit === 0 || (operator === '<' && limit <= 1);
  const reason = `${name} stays the same for days on a healthy server: ${source} is 0 then, and the alert fires; `;
  return asksForNone && series !== undefined && !is('neverZero', series)
    ? {
        reason: `${reason}where the number must not be 0, `,
        write: edited(subject.text, [{ from, to, by: name }]),
      }
    : `${reason}compare the number itself`;
}
