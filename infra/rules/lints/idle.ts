import { unwrap } from '../../../lambdas/promql/index.ts';
import type { SeriesDefinition } from '../../../lambdas/series/definition.ts';
import { edited } from '../inline/expression-text.ts';
import { inSpellingOf, is } from './subject/nature.ts';
import { meetsRest } from './no-change.ts';
import { inAllSignals, sourceOf, type Advice, type Lint, type Subject } from './subject/subject.ts';
import type { Condition } from './subject/conditions.ts';
import { thresholdOf, type Threshold } from './subject/threshold.ts';

type Idle = Threshold & { readonly series: SeriesDefinition };

/** L20: nothing moves where nothing is to be done. */
export const idle: Lint = (subject) =>
  inAllSignals(subject, idleIn).map((found) => messageOf(found, subject));

function idleIn({ node, holds }: Condition, { seriesOf }: Subject): Idle | undefined {
  const threshold = holds ? thresholdOf(node) : undefined;
  const series = threshold && seriesOf(threshold.signal.selector);
  if (threshold === undefined || series === undefined) return undefined;
  const { signal, operator } = threshold;
  const isIdle =
    signal.change === null
      ? is('idleAge', series) && (operator === '>' || operator === '>=')
      : is('traffic', series) && meetsRest(threshold);
  return isIdle ? { ...threshold, series } : undefined;
}

function messageOf({ signal, series }: Idle, subject: Subject): string | Advice {
  const source = sourceOf(subject, signal.leaf);
  const what =
    signal.change === null
      ? `${source} grows as long as nobody sends`
      : `${source} is 0 as long as nobody sends`;
  const reason = `${what}, so that the alert fires where all is well but quiet; `;
  if (!series.collector.startsWith('jszConsumer'))
    return `${reason}ask for work that is not done beside it, as consumers that have messages pending`;
  const written = subject.written(signal.selector);
  const name = /^[\w:]+/.exec(written)?.[0] ?? '';
  const pending = inSpellingOf(name, series, 'consumer_num_pending') + written.slice(name.length);
  const [condition, ...around] = subject.around(signal.leaf).filter((node) => unwrap(node) !== signal.leaf);
  // What is combined by `and` goes together sooner than what is by `or`.
  const isBare = around.every((node) => node.kind === 'binary' && node.operator === 'or');
  if (condition === undefined || !isBare) return `${reason}combine it with ${pending} > 0`;
  const { from } = condition;
  return { reason, write: edited(subject.text, [{ from, to: from, by: `${pending} > 0 and ` }]) };
}
