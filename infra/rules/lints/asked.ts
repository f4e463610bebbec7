import { nodesOf } from '../../../lambdas/promql/index.ts';
import type { Subject } from './subject.ts';
import { thresholdOf, type Threshold } from './threshold.ts';

/** By series, without namespace, what alerts compare it with. */
type Asked = ReadonlyMap<string, readonly Threshold[]>;

const known = new WeakMap<readonly Subject[], Asked>();

/** What any of these alerts asks: what one leaves out may be another's. */
export function askedBy(alerts: readonly Subject[]): Asked {
  const found = known.get(alerts) ?? asked(alerts);
  known.set(alerts, found);
  return found;
}

function asked(alerts: readonly Subject[]): Asked {
  const found = new Map<string, Threshold[]>();
  for (const { threshold, name } of alerts.flatMap(thresholdsIn))
    found.set(name, [...(found.get(name) ?? []), threshold]);
  return found;
}

/** The comparisons of single series in an expression. */
export const thresholdsIn = ({ ast, seriesOf }: Subject) =>
  [...nodesOf(ast)].flatMap((node) => {
    const threshold = thresholdOf(node);
    const series = threshold && seriesOf(threshold.signal.selector);
    return threshold === undefined || series === undefined ? [] : [{ threshold, series, name: series.name }];
  });
