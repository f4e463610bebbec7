import type { SeriesPoint } from '../../ports.ts';
import { comparesUp } from '../compares-up.ts';
import type { CompiledPlan } from '../compile.ts';
import { togetherSeries } from '../plan.ts';

/** What a run leaves to the next. */
export type DownBefore = {
  /**
   * Servers that are down and were while others of their cluster were not: since when, epoch ms, by `server_id`. Time in which all
   * are down is no part of it.
   */
  readonly alone: Readonly<Record<string, number>>;
  /** The run's minute, epoch ms, where all were down; else null. */
  readonly allAt: number | null;
};

type Seen = {
  readonly cluster: string;
  /** The run's minute, epoch ms. */
  readonly at: number;
  /** Names of all servers of the cluster. */
  readonly servers: readonly string[];
  /** How long a server is down before a rule pages for it, in ms. */
  readonly afterMs: number;
  readonly before: DownBefore;
};

/**
 * Whether all servers of a cluster are down, and of each whether it went down with them: those are told of by one alarm. One that
 * was down alone for as long as a page takes is paged for, also while all are down; one that could not be asked is not taken for
 * down.
 */
export function downTogether(
  points: readonly SeriesPoint[],
  { cluster, at, servers, afterMs, before }: Seen,
): { readonly points: readonly SeriesPoint[]; readonly left: DownBefore } {
  const up = points.filter(({ name }) => name === 'up');
  const serverOf = ({ labels }: SeriesPoint): string => labels['server_id'] ?? '';
  const down = up.filter(({ value }) => value === 0).map(serverOf);
  const isAll = servers.length > 0 && down.length === servers.length;
  const known = new Set(up.map(serverOf));
  const paused = before.allAt === null ? 0 : at - before.allAt;
  const sinceOf = (server: string): number | null =>
    Object.hasOwn(before.alone, server) ? (before.alone[server] ?? at) + paused : null;
  const alone = servers.flatMap((server): (readonly [string, number])[] => {
    if (known.has(server) && !down.includes(server)) return [];
    const since = sinceOf(server) ?? (known.has(server) && !isAll ? at : null);
    return since === null ? [] : [[server, since]];
  });
  const isPaged = new Set(alone.flatMap(([server, since]) => (at - since > afterMs ? [server] : [])));
  const gauge = (name: string, labels: SeriesPoint['labels'], isTrue: boolean): SeriesPoint => ({
    ...{ name, labels, at, kind: 'gauge' },
    value: isTrue ? 1 : 0,
  });
  return {
    points: [
      gauge(togetherSeries.cluster, { cluster }, isAll),
      ...up.map((point) =>
        gauge(togetherSeries.server, point.labels, isAll && !isPaged.has(serverOf(point))),
      ),
    ],
    left: { alone: Object.fromEntries(alone), allAt: isAll ? at : null },
  };
}

/** How long a server is down before the first of these rules pages for it, in ms. */
export const pagedAfterMs = ({ groups }: CompiledPlan): number =>
  Math.min(
    ...groups
      .flatMap(({ rules }) => rules)
      .flatMap((rule) => (rule.kind === 'alert' && comparesUp(rule) ? [rule.rule.forMs] : [])),
  );
