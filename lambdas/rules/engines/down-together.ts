import type { SeriesPoint } from '../../ports.ts';
import { comparesUp } from '../compares-up.ts';
import type { CompiledPlan } from '../compile.ts';
import { togetherSeries } from '../plan.ts';

/** Servers that are down while others of their cluster are not: since when, epoch ms, by `server_id`. */
export type DownAlone = Readonly<Record<string, number>>;

type Seen = {
  readonly cluster: string;
  /** The run's minute, epoch ms. */
  readonly at: number;
  /** Names of all servers of the cluster. */
  readonly servers: readonly string[];
  /** How long a server is down before a rule pages for it, in ms. */
  readonly afterMs: number;
  readonly before: DownAlone;
};

/**
 * Whether all servers of a cluster are down, and of each whether it went down with them: those are told of by one alarm. One that
 * has been paged for before stays so, and one that could not be asked is not taken for down.
 */
export function downTogether(
  points: readonly SeriesPoint[],
  { cluster, at, servers, afterMs, before }: Seen,
): { readonly points: readonly SeriesPoint[]; readonly alone: DownAlone } {
  const up = points.filter(({ name }) => name === 'up');
  const serverOf = ({ labels }: SeriesPoint): string => labels['server_id'] ?? '';
  const down = up.filter(({ value }) => value === 0).map(serverOf);
  const isAll = servers.length > 0 && down.length === servers.length;
  const known = new Set(up.map(serverOf));
  const sinceOf = (server: string): number | null =>
    Object.hasOwn(before, server) ? (before[server] ?? null) : null;
  const alone = servers.flatMap((server): (readonly [string, number])[] => {
    const since = sinceOf(server);
    if (!known.has(server)) return since === null ? [] : [[server, since]];
    if (!down.includes(server)) return [];
    if (!isAll) return [[server, since ?? at]];
    return since !== null && at - since > afterMs ? [[server, since]] : [];
  });
  const isAlone = new Set(alone.map(([server]) => server));
  const gauge = (name: string, labels: SeriesPoint['labels'], isTrue: boolean): SeriesPoint => ({
    ...{ name, labels, at, kind: 'gauge' },
    value: isTrue ? 1 : 0,
  });
  return {
    points: [
      gauge(togetherSeries.cluster, { cluster }, isAll),
      ...up.map((point) =>
        gauge(togetherSeries.server, point.labels, isAll && !isAlone.has(serverOf(point))),
      ),
    ],
    alone: Object.fromEntries(alone),
  };
}

/** How long a server is down before the first of these rules pages for it, in ms. */
export const pagedAfterMs = ({ groups }: CompiledPlan): number =>
  Math.min(
    ...groups
      .flatMap(({ rules }) => rules)
      .flatMap((rule) => (rule.kind === 'alert' && comparesUp(rule) ? [rule.rule.forMs] : [])),
  );
