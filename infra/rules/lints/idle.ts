import { unwrap } from '../../../lambdas/promql/index.ts';
import type { SeriesDefinition } from '../../../lambdas/series/definition.ts';
import { inSpellingOf, is } from './nature.ts';
import { meetsRest } from './no-change.ts';
import { inAllSignals, sourceOf, type Lint, type Subject } from './subject.ts';
import type { Condition } from './ways.ts';
import { thresholdOf, type Threshold } from './threshold.ts';

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

function messageOf({ signal, series }: Idle, subject: Subject): string {
  const source = sourceOf(subject, signal.leaf);
  const what =
    signal.change === null
      ? `${source} grows as long as nobody sends`
      : `${source} is 0 as long as nobody sends`;
  return `${what}, so that the alert fires where all is well but quiet; ${instead(signal, series, subject)}`;
}

function instead(signal: Threshold['signal'], series: SeriesDefinition, subject: Subject): string {
  if (!series.collector.startsWith('jszConsumer'))
    return 'ask for work that is not done beside it, as consumers that have messages pending';
  const written = subject.written(signal.selector);
  const name = /^[\w:]+/.exec(written)?.[0] ?? '';
  const pending = inSpellingOf(name, series, 'consumer_num_pending') + written.slice(name.length);
  const isBare = subject
    .around(signal.leaf)
    .every((node) => node === subject.ast || unwrap(node) === signal.leaf);
  return isBare ? `write ${pending} > 0 and ${subject.text}` : `combine it with ${pending} > 0`;
}
