import {
  metricName,
  parse,
  selectorsOf,
  type Edition,
  type Expression,
  type Selector,
} from '../../../lambdas/promql/index.ts';
import { nameOf } from '../../../lambdas/rules/identity.ts';
import type { RecordingRule } from '../../../lambdas/rules/rule.ts';
import type { SeriesDefinition } from '../../../lambdas/series/definition.ts';
import { findSeries, seriesWithLabels, exporterName } from '../../../lambdas/series/find.ts';
import { inferPrefixes } from '../../../lambdas/series/resolve.ts';
import { unknownSeries } from '../lints/unknown-series.ts';

/** A rule's expression as it was read; null where the language that is meant does not have it. */
export type Read = { readonly ast: Expression | null; readonly problem: string | null };

/** What the expressions of a deployment's rules name. */
export type Names = {
  readonly edition: Edition;
  readonly read: (expr: string) => Read;
  /** Prefixes that the exporter seems to have been given. */
  readonly prefixes: readonly string[];
  readonly isRecorded: (name: string) => boolean;
  /** What records a name. */
  readonly recordings: (name: string) => readonly Expression[];
  /** The expression, and those behind the recorded names that it reads. */
  readonly withRecorded: (ast: Expression) => readonly Expression[];
  /** The recorded names that an expression reads, those behind others too. */
  readonly recordedNames: (expr: string) => readonly string[];
  /** The exporter's series that a selector means. */
  readonly seriesOf: (selector: Selector) => SeriesDefinition | undefined;
  /** The exporter's series that an expression reads, recorded names resolved, as the exporter spells them. */
  readonly seriesRead: (ast: Expression) => readonly string[];
};

export function namesOf(
  expressions: readonly string[],
  recording: readonly RecordingRule[],
  edition: Edition,
): Names {
  const known = new Map<string, Read>();
  const read = (expr: string): Read => {
    let found = known.get(expr);
    if (found === undefined) {
      const { ast = null, problem } = parse(expr, edition);
      found = { ast, problem: problem?.message ?? null };
      known.set(expr, found);
    }
    return found;
  };
  const byName = Map.groupBy(recording, ({ record }) => record);
  const used = expressions.flatMap((expr) => {
    const { ast } = read(expr);
    return ast === null ? [] : namesIn(ast);
  });
  const prefixes = inferPrefixes(used.filter((name) => !byName.has(name)));
  const seriesOf = (selector: Selector): SeriesDefinition | undefined => {
    const name = nameOf(selector);
    if (name === undefined || byName.has(name)) return undefined;
    const labels = selector.matchers.map(({ label }) => label);
    return seriesWithLabels(findSeries(name, prefixes), labels);
  };
  const asts = new Map<string, readonly Expression[]>();
  const recordings = (name: string): readonly Expression[] => {
    const found = asts.get(name) ?? (byName.get(name) ?? []).flatMap(({ expr }) => read(expr).ast ?? []);
    asts.set(name, found);
    return found;
  };
  const withRecorded = (ast: Expression): readonly Expression[] => {
    const seen = new Set<string>();
    const found: Expression[] = [];
    const waiting = [ast];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      found.push(next);
      for (const name of namesIn(next).filter((each) => !seen.has(each))) {
        seen.add(name);
        waiting.push(...recordings(name));
      }
    }
    return found;
  };
  return {
    edition,
    read,
    prefixes,
    seriesOf,
    isRecorded: (name) => byName.has(name),
    recordings,
    withRecorded,
    recordedNames: (expr) => {
      const { ast } = read(expr);
      const found = ast === null ? [] : withRecorded(ast).flatMap(namesIn);
      return [...new Set(found.filter((name) => byName.has(name)))];
    },
    seriesRead: (ast) => {
      const series = withRecorded(ast)
        .flatMap(selectorsOf)
        .flatMap((each) => seriesOf(each) ?? []);
      return [...new Set(series.map((each) => exporterName(each)))];
    },
  };
}

const namesIn = (ast: Expression): readonly string[] =>
  selectorsOf(ast).flatMap((selector) => nameOf(selector) ?? []);

/** Series that Prometheus itself keeps of its alerts. */
const prometheusOwn = ['ALERTS', 'ALERTS_FOR_STATE'];

/** Why nothing can be read for a selector; null if something can. */
export function unreadable(
  selector: Selector,
  text: string,
  { isRecorded, prefixes }: Pick<Names, 'isRecorded' | 'prefixes'>,
): string | null {
  const name = nameOf(selector);
  if (name === undefined) {
    const written = text.slice(selector.from, selector.to);
    return selector.matchers.some(({ label }) => label === metricName)
      ? `${written} names no single series: write the names out, joined by "or"`
      : `${written} names no series, and CloudWatch keeps series by name`;
  }
  if (isRecorded(name)) return null;
  if (prometheusOwn.includes(name)) return `${name} is a series of Prometheus about its own alerts`;
  return unknownSeries(name, prefixes);
}
