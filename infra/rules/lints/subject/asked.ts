import { nodesOf, type ComparisonOperator, type Selector } from '../../../../lambdas/promql/index.ts';
import type { SeriesDefinition } from '../../../../lambdas/series/definition.ts';
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

/** How a series is compared by an alert or by any of these: what one leaves out may be another's. */
export function askedOf(name: string, subject: Subject, alerts: readonly Subject[]): readonly Asked[] {
  const found = known.get(alerts) ?? Map.groupBy(alerts.flatMap(askedIn), ({ series }) => series.name);
  known.set(alerts, found);
  return [...(found.get(name) ?? []), ...askedIn(subject).filter(({ series }) => series.name === name)];
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
