import { nodesOf, type Selector } from '../../../lambdas/promql/index.ts';
import type { SeriesDefinition } from '../../../lambdas/series/definition.ts';
import { edited } from '../inline/expression-text.ts';
import { inSpellingOf, isPageSum } from './subject/nature.ts';
import type { Advice, Lint, Subject } from './subject/subject.ts';
import { signalOf } from './subject/signal.ts';
import { thresholdOf, type Threshold } from './subject/threshold.ts';

/** nats-server's limit of a page of /connz, which the exporter leaves as it is. */
const mostRows = 1024;

/** Series that have the whole where /connz has a page. */
const whole: Readonly<Record<string, string>> = {
  connz_subscriptions: 'varz_subscriptions',
  connz_in_msgs: 'varz_in_msgs',
  connz_out_msgs: 'varz_out_msgs',
  connz_in_bytes: 'varz_in_bytes',
  connz_out_bytes: 'varz_out_bytes',
  connz_num_connections: 'varz_connections',
};

/** L9: what the exporter has of /connz ends with the page. */
export const pageSum: Lint = (subject) => [
  ...subject.selectors.flatMap((selector) => {
    const series = subject.seriesOf(selector);
    return series !== undefined && isPageSum(series) ? [sumMessage(selector, series, subject)] : [];
  }),
  ...[...nodesOf(subject.ast)].flatMap((node) => {
    const threshold = thresholdOf(node);
    return threshold === undefined ? [] : countMessage(threshold, subject);
  }),
];

function sumMessage(selector: Selector, series: SeriesDefinition, subject: Subject): string | Advice {
  const sum = `${subject.written(selector)} is the sum over one page of at most ${mostRows} connections, not over all`;
  const instead = wholeOf(selector, series, subject);
  if (instead === null) return `${sum}; there is no series of all, so read it as a sign, not as a measure`;
  const isOfChange = subject.around(selector).some((node) => signalOf(node)?.change != null);
  const isTotalOfAll = totals.test(series.name);
  return isTotalOfAll && !isOfChange
    ? `${sum}; of all there is a total only, ${inSpellingOf(selector.name ?? '', series, whole[series.name] ?? '')}: compare its growth`
    : { reason: `${sum}; `, write: instead };
}

/** What is a running total where it is of all connections, open or not. */
const totals = /_(in|out)_(msgs|bytes)$/;

function countMessage({ signal, operator, limit }: Threshold, subject: Subject): ReturnType<Lint> {
  const series = subject.seriesOf(signal.selector);
  if (series?.name !== 'connz_num_connections' || signal.change !== null) return [];
  const isBeyond =
    ((operator === '>' || operator === '<=') && limit >= mostRows) ||
    (['>=', '==', '<', '!='].includes(operator) && limit > mostRows);
  // Summed up over servers it may be more.
  const isSummed = subject
    .around(signal.selector)
    .some((node) => node.kind === 'aggregation' && node.operator === 'sum');
  if (!isBeyond || isSummed) return [];
  const reason =
    `${subject.written(signal.selector)} counts the rows of one page, ${mostRows} at most, as the exporter has it, so that ` +
    `it never passes ${limit}`;
  const instead = wholeOf(signal.selector, series, subject);
  return [instead === null ? reason : { reason: `${reason}; `, write: instead }];
}

function wholeOf(selector: Selector, series: SeriesDefinition, subject: Subject): string | null {
  const other = whole[series.name];
  if (other === undefined || selector.name === undefined) return null;
  const { from } = selector;
  const by = inSpellingOf(selector.name, series, other);
  return edited(subject.text, [{ from, to: from + selector.name.length, by }]);
}
