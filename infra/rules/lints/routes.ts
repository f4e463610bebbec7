import { nodesOf } from '../../../lambdas/promql/index.ts';
import { edited } from '../inline/expression-text.ts';
import { inSpellingOf, is } from './subject/nature.ts';
import type { Lint, Subject } from './subject/subject.ts';
import { thresholdOf, type Threshold } from './subject/threshold.ts';

/** L11: a peer has several route connections since nats-server 2.10. */
export const routes: Lint = (subject) =>
  [...nodesOf(subject.ast)].flatMap((node) => {
    const threshold = thresholdOf(node);
    return threshold === undefined ? [] : messagesOf(threshold, subject);
  });

function messagesOf({ signal, operator, limit }: Threshold, subject: Subject): ReturnType<Lint> {
  const series = subject.seriesOf(signal.selector);
  if (series === undefined || !is('routes', series) || signal.change !== null) return [];
  // Whether there is any route at all is asked rightly.
  const asksForAny = limit === 0 || (limit === 1 && (operator === '<' || operator === '>='));
  if (asksForAny) return [];
  const name = subject.written(signal.selector);
  const { from, name: written = '' } = signal.selector;
  const peers = inSpellingOf(written, series, 'varz_remotes');
  const fixed = edited(subject.text, [{ from, to: from + written.length, by: peers }]);
  const reason =
    `${name} counts connections, of which a peer has pool_size (3 unless configured) and one for each pinned account: a ` +
    `healthy cluster of three has 8 a server; for a number of peers `;
  return [written === '' ? `${reason}take ${peers}` : { reason, write: fixed }];
}
