import { keyOf, matrixOf, metricName, readerOf, seriesIn } from '../../../lambdas/promql/index.ts';
import type { Edition, Labels, Read, Sample } from '../../../lambdas/promql/index.ts';
import type { FreshSample } from '../../../lambdas/rules/samples/samples.ts';

/** Every sample ever, with the ends of series: what memory has to look like from its rules. */
export function everything(edition: Edition): {
  /** Takes the samples of a name; its series that are not among them have ended, but for silent ones. */
  readonly add: (
    at: number,
    name: string,
    samples: readonly FreshSample[],
    silent?: readonly Labels[],
  ) => void;
  readonly read: Read;
} {
  const known = new Map<string, { readonly labels: Labels; readonly samples: Sample[] }>();
  const named = (name: string, labels: Labels): Labels => ({ ...labels, [metricName]: name });
  return {
    add: (at, name, samples, silent = []) => {
      for (const { labels: own, value } of samples) {
        const labels = named(name, own);
        const series = known.get(keyOf(labels)) ?? { labels, samples: [] };
        known.set(keyOf(labels), series);
        series.samples.push([at, value]);
      }
      const goesOn = new Set(silent.map((labels) => keyOf(named(name, labels))));
      for (const [key, { labels, samples: all }] of known) {
        const last = all.at(-1);
        if (labels[metricName] !== name || goesOn.has(key)) continue;
        if (last !== undefined && last[0] !== at && last[1] !== null) all.push([at, null]);
      }
    },
    read: (selector, fromMs, toMs) => readerOf([...known.values()], edition)(selector, fromMs, toMs),
  };
}

/** The order of series shows in sums of fractions, and where several are equal. */
export const inOrder =
  (read: Read): Read =>
  (selector, fromMs, toMs) =>
    matrixOf(
      seriesIn(read(selector, fromMs, toMs)).toSorted((a, b) => (keyOf(a.labels) < keyOf(b.labels) ? -1 : 1)),
    );
