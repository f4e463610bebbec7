import { isComparison, unwrap } from '../../../lambdas/promql/index.ts';
import { edited } from '../inline/expression-text.ts';
import { inSpellingOf } from './subject/nature.ts';
import { inAllSignals, type Advice, type Lint, type Subject } from './subject/subject.ts';
import { thresholdOf, type Threshold } from './subject/threshold.ts';
import type { Condition } from './subject/conditions.ts';

/** L23: a server that is down still belongs to JetStream's group of servers. */
export const clusterSize: Lint = (subject) =>
  inAllSignals(subject, fallIn).map((threshold) => messageOf(threshold, subject));

function fallIn({ node, holds }: Condition, { seriesOf }: Subject): Threshold | undefined {
  const threshold = holds ? thresholdOf(node) : undefined;
  if (threshold === undefined) return undefined;
  const { signal, operator } = threshold;
  if (seriesOf(signal.selector)?.name !== 'varz_jetstream_meta_cluster_size') return undefined;
  const asksForFall = ['<', '<='].includes(operator);
  return asksForFall || (signal.change === null && ['==', '!='].includes(operator)) ? threshold : undefined;
}

function messageOf({ signal }: Threshold, subject: Subject): string | Advice {
  const { selector, leaf, change } = signal;
  const written = subject.written(selector);
  const series = subject.seriesOf(selector);
  const { name = '' } = selector;
  const reason = `${written} counts the servers that belong to JetStream's group: it does not fall when one is down, only when one is removed for good`;
  if (series === undefined || name === '') return `${reason}; write up == 0`;
  const renamed = {
    from: selector.from,
    to: selector.from + name.length,
    by: inSpellingOf(name, series, 'varz_remotes'),
  };
  const outer = subject.around(leaf).find((node) => unwrap(node) === node);
  const isInSum = outer?.kind === 'binary' && !isComparison(outer.operator);
  // A server is none of its own remotes.
  const itself = [
    { from: leaf.from, to: leaf.from, by: isInSum ? '(' : '' },
    { from: leaf.to, to: leaf.to, by: isInSum ? ' + 1)' : ' + 1' },
  ];
  const edits = change === null ? [...itself, renamed] : [renamed];
  return { reason: `${reason}; for servers that are there `, write: edited(subject.text, edits) };
}
