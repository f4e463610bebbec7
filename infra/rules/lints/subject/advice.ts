import { metricName, type Aggregation, type Selector } from '../../../../lambdas/promql/index.ts';
import { exporterName } from '../../../../lambdas/series/find.ts';
import type { SeriesDefinition } from '../../../../lambdas/series/definition.ts';
import { writtenSelector } from '../../inline/expression-text.ts';
import { inSpellingOf } from './nature.ts';
import type { Subject } from './subject.ts';

/** Another series of what a selector takes, in its spelling. */
export function besides({ name, matchers }: Selector, series: SeriesDefinition, other: string): string {
  const own = name ?? exporterName(series);
  return writtenSelector(
    inSpellingOf(own, series, other),
    matchers.filter(({ label }) => label !== metricName),
  );
}

/** An expression with the labels that the result has for a selector in it. */
export function inShapeOf(selector: Selector, text: string, subject: Subject): string {
  const outermost = subject
    .around(selector)
    .findLast(
      (node): node is Aggregation => node.kind === 'aggregation' && !choosing.includes(node.operator),
    );
  if (outermost === undefined) return text;
  const { without, labels } = outermost.grouping;
  const grouping =
    without || labels.length > 0 ? ` ${without ? 'without' : 'by'} (${labels.join(', ')}) ` : '';
  return `max${grouping}(${text})`;
}

const choosing: readonly string[] = ['topk', 'bottomk'];
