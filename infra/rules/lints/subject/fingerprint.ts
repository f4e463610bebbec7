import { metricName, unwrap, type Expression } from '../../../../lambdas/promql/index.ts';
import { exporterName } from '../../../../lambdas/series/find.ts';
import type { Subject } from './subject.ts';

/** Equal for expressions that say the same in other spacing, brackets, order of matchers or spelling of series. */
export function fingerprint(node: Expression, { seriesOf }: Pick<Subject, 'seriesOf'>): string {
  return JSON.stringify(unwrap(node), (key, value: unknown) => {
    if (key === 'from' || key === 'to') return undefined;
    if (!isNode(value)) return value;
    const inner = unwrap(value);
    if (inner.kind !== 'selector') return inner;
    const { matchers, offsetMs, at } = inner;
    const series = seriesOf(inner);
    const others = series === undefined ? matchers : matchers.filter(({ label }) => label !== metricName);
    const name = series && `${series.collector} ${exporterName(series)}`;
    return { name, matchers: others.map((each) => JSON.stringify(each)).toSorted(), offsetMs, at };
  });
}

const isNode = (value: unknown): value is Expression =>
  typeof value === 'object' && value !== null && 'kind' in value && 'type' in value;
