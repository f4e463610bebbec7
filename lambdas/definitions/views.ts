import type { ClusterHistory, HistorySpecs, ServerHistory } from '../history/history.ts';
import type { Varz } from '../readings/endpoints.ts';
import type { DnsLook } from '../readings/found-by-name.ts';
import type { Failure, Reading, Target } from '../readings/reading.ts';
import type { Endpoint, Readings, Reads } from './reads.ts';

type ReadView<R extends Reads> = {
  readonly [E in keyof R & Endpoint]: R[E] extends { mode: 'explaining' | 'asked' }
    ? Reading<Readings[E]> | null
    : R[E] extends { mode: 'attempted' }
      ? Reading<Readings[E]>
      : Readings[E];
} & ('varz' extends keyof R ? unknown : { readonly varz: Varz });

/** One server as its readings show it. `/varz` is always among them. */
export type PeerView<R extends Reads> = { readonly target: Target } & ReadView<R>;

/** A reading that failed, by the path that was asked for. */
export type FailedPath = { readonly path: string; readonly failure: Failure };

/** A server that answered at a target's URL. Times are epoch ms. */
export type AnsweringServer = {
  readonly id: string;
  readonly name: string | null;
  /** By its own clock; null where it never answered `/varz`. */
  readonly start: number | null;
  /** When it last answered, by ours. */
  readonly seenAt: number;
};

export type ServerView<R extends Reads, H extends HistorySpecs> = PeerView<R> & {
  readonly history: ServerHistory<H>;
  /** Who answered at the target's URL lately, the latest first; more than one where it leads to several servers. */
  readonly servers: readonly AnsweringServer[];
  /** The target that leads to the same server, which counts there. */
  readonly twin: Target | null;
  /** The cluster's other servers that could be read; made when asked for, so better asked for where a finding is described. */
  readonly peers: readonly PeerView<R>[];
  /** Readings of this server that failed in this run, of the endpoints that the check answers for. */
  readonly failures: readonly FailedPath[];
};

/** What was not seen: its reading failed, its release has it not, or another server answered at its URL. */
export type Unseen = { readonly name: string; readonly why: 'failed' | 'tooOld' | 'hidden' };

export type ClusterView<R extends Reads, H extends HistorySpecs> = {
  readonly servers: readonly (PeerView<R> & { readonly history: ServerHistory<H> })[];
  /** Servers without a required reading. What they hold is not known. */
  readonly unread: readonly {
    readonly target: Target;
    readonly failure: Failure;
    readonly why: Unseen['why'];
  }[];
  readonly history: ClusterHistory<H>;
  /** What was found behind DNS names of settings. */
  readonly looks: readonly DnsLook[];
};
