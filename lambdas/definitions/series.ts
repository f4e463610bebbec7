import type { HistorySpecs } from '../history/history.ts';
import type { Unit } from '../limits.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Reads } from './reads.ts';
import type { PeerView, ServerView } from './views.ts';

type SeriesBase<R extends Reads> = {
  readonly name: string;
  readonly help: string;
  readonly unit: Unit;
  readonly reads: R;
  /** Of what happened since the last run: values of minutes are added up, so that none may be published twice. */
  readonly addsUp?: true;
  /** A bounded label beside `cluster` and `server_id`; `observe` then yields a value per word. */
  readonly by?: { readonly label: string; readonly words: readonly string[] };
};
type Observed = number | Readonly<Record<string, number>> | null;
type ClusterSeries<R extends Reads> = SeriesBase<R> & { readonly scope: 'cluster' };

export type SeriesDefinition<R extends Reads> =
  | (SeriesBase<R> & {
      readonly scope: 'server';
      /** `servers`: who answered at the target's URL lately. */
      readonly observe: (
        server: PeerView<R> & Pick<ServerView<R, HistorySpecs>, 'servers'>,
        cluster: ClusterFacts,
      ) => Observed;
    })
  | (ClusterSeries<R> & {
      /** It is 0 where all servers of the cluster are down at once, of which one alarm tells in place of one each. */
      readonly saysAllDown?: true;
      /** Called only when every server of the cluster could be read. */
      readonly observe: (servers: readonly PeerView<R>[], cluster: ClusterFacts) => Observed;
    })
  | (ClusterSeries<R> & {
      /** Running totals of a server: published is what they grow by a second, of all servers that were read, together. */
      readonly totals: (server: PeerView<R>) => Observed;
    })
  | (ClusterSeries<R> & {
      /** Published is how many findings of these diagnoses of the check are open, where one of them could see. */
      readonly finds: readonly Diagnosis[];
    });
export type Series = SeriesDefinition<Reads>;

/** A headline series: published each run in which it was measured; null publishes nothing. */
export function defineSeries<const R extends Reads>(definition: SeriesDefinition<R>): Series {
  return definition;
}
