import { nodesOf, type ComparisonOperator, type Selector } from '../../../lambdas/promql/index.ts';
import type { SeriesDefinition } from '../../../lambdas/series/definition.ts';
import { comparedIn } from './compared.ts';
import type { Subject } from './subject.ts';
import { thresholdOf, type Threshold } from './threshold.ts';

/** A series in a comparison. */
export type Asked = {
  readonly selector: Selector;
  readonly series: SeriesDefinition;
  /** As if the series were on the left. */
  readonly operator: ComparisonOperator;
  /** Where it is compared alone and with a constant. */
  readonly threshold: Threshold | undefined;
};

/** By series, without namespace, how alerts compare it. */
type AskedByName = ReadonlyMap<string, readonly Asked[]>;

const known = new WeakMap<readonly Subject[], AskedByName>();

/** What any of these alerts asks: what one leaves out may be another's. */
export function askedBy(alerts: readonly Subject[]): AskedByName {
  const found = known.get(alerts) ?? Map.groupBy(alerts.flatMap(askedIn), ({ series }) => series.name);
  known.set(alerts, found);
  return found;
}

/** The series that are compared in an expression, alone or within a sum of several. */
export const askedIn = ({ ast, seriesOf }: Subject): readonly Asked[] =>
  [...nodesOf(ast)].flatMap((node) => {
    const threshold = thresholdOf(node);
    const compared =
      threshold === undefined
        ? comparedIn(node)
        : [{ selector: threshold.signal.selector, operator: threshold.operator }];
    return compared.flatMap(({ selector, operator }) => {
      const series = seriesOf(selector);
      return series === undefined ? [] : [{ selector, series, operator, threshold }];
    });
  });
