import type { Check, ClusterFacts, Series } from '../../define.ts';
import { increase, openHistory, type HistoryState, type ServerHistory } from '../../history/history.ts';
import { known } from '../../readings/decoders/impossible.ts';
import { countedOnce, labelled, type Observed } from './observe.ts';
import { answeringOf, viewServers, type Readable, type Snapshot } from './views.ts';

type Histories = Readonly<Record<string, HistoryState>>;
type RateSeries = Extract<Series, { readonly totals: unknown }>;

const rateSeries = ({ series }: Check): readonly RateSeries[] => series.filter((each) => 'totals' in each);

const historyKey = ({ name }: Series, slot: string): string => `${name} ${slot}`;

/** Under which keys the totals of a check's series are kept. */
export const rateKeys = (check: Check, slots: readonly string[]): readonly string[] =>
  rateSeries(check).flatMap((series) => slots.map((slot) => historyKey(series, slot)));

/**
 * What running totals grew by a second since the run before, of all servers that were read in both together; nothing where
 * there is none.
 */
export function rates(
  check: Check,
  snapshot: Snapshot,
  { facts, history }: { readonly facts: ClusterFacts; readonly history: Histories },
): { readonly observed: readonly Observed[]; readonly history: Histories } {
  const kept = new Map<string, HistoryState>();
  const observed = rateSeries(check).flatMap((series) => {
    const words = series.by?.words ?? [''];
    const sums = new Map<string, number>();
    for (const server of viewServers(series.reads, countedOnce(snapshot)).readable) {
      const key = historyKey(series, answeringOf(server.read).slot);
      const grown = growth(series, server, snapshot.at, { words, before: history[key] ?? {} });
      if (grown === null) continue;
      kept.set(key, grown.kept);
      for (const [word, rate] of grown.rates) sums.set(word, (sums.get(word) ?? 0) + rate);
    }
    if (sums.size === 0) return [];
    const value = series.by === undefined ? (sums.get('') ?? null) : Object.fromEntries(sums);
    return labelled(series, { cluster: facts.name }, value).map((observation) => ({
      target: null,
      observation,
    }));
  });
  return { observed, history: Object.fromEntries(kept) };
}

/** Of one server, by word; null where it shows no totals, or one that cannot be. */
function growth(
  series: RateSeries,
  { view, read }: Readable,
  at: number,
  { words, before }: { readonly words: readonly string[]; readonly before: HistoryState },
) {
  const shown = known(() => series.totals(view));
  if (shown === null) return null;
  const totals: Readonly<Record<string, number>> = typeof shown === 'number' ? { '': shown } : shown;
  const { varz } = read.readings;
  const start = varz?.ok ? varz.value.start : 0;
  const specs = Object.fromEntries(words.map((word) => [word, increase()]));
  const { recorders, kept } = openHistory(specs, {}, { at, start }, before);
  const increases = recorders as ServerHistory<typeof specs>;
  const rates = words.flatMap((word) => {
    const grown = increases[word]?.(totals[word] ?? 0) ?? null;
    return grown === null || grown.seconds <= 0 ? [] : [[word, grown.value / grown.seconds] as const];
  });
  return { rates, kept: kept() };
}
