import type { Check, ClusterFacts, Series } from '../../define.ts';
import type { Observation } from '../../ports.ts';
import { known } from '../../readings/decoders/impossible.ts';
import { answeringOf, viewServers, type Snapshot } from './views.ts';

/** An observation, and the server it is of; null for the cluster. */
export type Observed = {
  readonly target: string | null;
  readonly observation: Observation;
  /** Where it is not the run's own: a datapoint that is sent again for an earlier minute, epoch ms. */
  readonly at?: number;
};

/** CloudWatch refuses NaN and infinities: they must not come as far as the outbox, which would send them for ever. */
function finite(series: string, value: number): number {
  if (!Number.isFinite(value)) throw new Error(`${series} was observed as ${value}`);
  return value;
}

/** One value of a series, or one for each word of its label, as observations. */
export function labelled(
  { name, by }: Series,
  labels: Readonly<Record<string, string>>,
  value: number | Readonly<Record<string, number>> | null,
): Observation[] {
  if (value === null) return [];
  if (typeof value === 'number') {
    if (by !== undefined) throw new Error(`${name} declares the label ${by.label} but yields one value`);
    return [{ series: name, labels, value: finite(name, value) }];
  }
  if (by === undefined) throw new Error(`${name} yields a value per word but declares no label`);
  const strange = Object.keys(value).find((word) => !by.words.includes(word));
  if (strange !== undefined) throw new Error(`${name}: "${strange}" is no word of its label ${by.label}`);
  return by.words.map((word) => ({
    series: name,
    labels: { ...labels, [by.label]: word },
    value: finite(name, value[word] ?? 0),
  }));
}

/** A server that is two targets is two of a server's series, as Prometheus would have it, and one of a cluster's sums. */
export const countedOnce = ({ servers }: Snapshot): Snapshot['servers'] =>
  servers.filter((read) => answeringOf(read).twin === null);

/**
 * The check's headline series that this run alone tells, as far as it measured them: nothing is published of a figure that
 * cannot be.
 */
export function observations(check: Check, snapshot: Snapshot, facts: ClusterFacts): readonly Observed[] {
  const cluster = facts.name;
  return check.series.flatMap((series): Observed[] => {
    if (!('observe' in series)) return [];
    const servers = series.scope === 'cluster' ? countedOnce(snapshot) : snapshot.servers;
    const { readable, unread, tooOld } = viewServers(series.reads, servers);
    if (series.scope === 'cluster') {
      if (unread.length + tooOld.length > 0 || readable.length === 0) return [];
      const views = readable.map(({ view }) => view);
      const value = known(() => series.observe(views, facts));
      return labelled(series, { cluster }, value).map((observation) => ({ target: null, observation }));
    }
    return readable.flatMap(({ view, read }) => {
      const target = view.target.name;
      const { servers } = answeringOf(read);
      const value = known(() => series.observe({ ...view, servers }, facts));
      const observed = labelled(series, { cluster, server_id: target }, value);
      return observed.map((observation) => ({ target, observation }));
    });
  });
}
