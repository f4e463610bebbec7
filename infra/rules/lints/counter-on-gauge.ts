import { nodesOf } from '../../../lambdas/promql/index.ts';
import type { SeriesDefinition } from '../../../lambdas/series/definition.ts';
import { edited } from '../inline/expression-text.ts';
import { is, isPageSum, isTotal, remark } from './subject/nature.ts';
import { noChanges } from './no-change.ts';
import { signalOf } from './subject/signal.ts';
import { sourceOf, type Lint } from './subject/subject.ts';

/** The function that means the same where a value may fall. */
const forGauges: Readonly<Record<string, string>> = { rate: 'deriv', increase: 'delta', irate: 'deriv' };

/** L3: functions for counters take each fall for a restart. */
export const counterOnGauge: Lint = (subject) => {
  const noted = new Set(noChanges(subject).map(({ signal }) => signal.leaf));
  return [...nodesOf(subject.ast)].flatMap((node) => {
    const other = node.kind === 'call' ? forGauges[node.name] : undefined;
    const signal = node.kind === 'call' && other !== undefined ? signalOf(node) : undefined;
    if (node.kind !== 'call' || signal?.change?.call !== node || noted.has(node)) return [];
    const series = subject.seriesOf(signal.selector);
    if (series?.kind !== 'live' || isTotal(series)) return [];
    // Of a page in an alert, L9 speaks: what all connections did is a total.
    if (subject.rule.kind === 'alert' && isPageSum(series)) return [];
    const source = sourceOf(subject, node);
    const name = { from: node.from, to: node.from + node.name.length };
    const fixed = edited(subject.text, [{ ...name, by: other ?? '' }]);
    const instead = is('kept', series) ? '' : 'compare the value itself, or ';
    const reason =
      `${subject.written(signal.selector)} goes up and down${aside(series)}, and ${node.name}() takes each fall for a ` +
      `restart, so that ${source} means nothing; ${instead}for its change `;
    return [{ reason, write: fixed }];
  });
};

/** What the name makes one think. */
const aside = (series: SeriesDefinition): string =>
  /total|falls/.test(remark(series)) ? remark(series) : '';
