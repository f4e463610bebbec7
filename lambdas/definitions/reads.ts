import type { Duration } from '../durations.ts';
import type { Certificates } from '../readings/certificates.ts';
import type { Clients } from '../readings/clients.ts';
import type { ClosedSince } from '../readings/closed-ring/closed-since.ts';
import type {
  Accountz,
  Accstatz,
  Assets,
  Gatewayz,
  Healthz,
  Jsz,
  Leafz,
  Raftz,
  Routez,
  Subscribers,
  Varz,
} from '../readings/endpoints.ts';
import type { Interest } from '../readings/interest.ts';
import type { Target } from '../readings/reading.ts';
import type { Services } from '../readings/services.ts';

/** Readings of every run, by endpoint. `closed` holds the closed ring's rows since the last run, each row once. */
export type Readings = {
  readonly varz: Varz;
  /** Of a server that knows of no leafnodes it is not asked: it has none. */
  readonly leafz: Leafz;
  readonly healthz: Healthz;
  readonly jsz: Jsz;
  /** Streams, without their consumers. */
  readonly streams: Assets;
  /** Streams with their consumers. */
  readonly consumers: Assets;
  /** Of a server that is in no cluster it is not asked: it has none. */
  readonly routez: Routez;
  /** Of a server without gateways it is not asked: it has none. */
  readonly gatewayz: Gatewayz;
  readonly closed: ClosedSince;
  /** Open connections: a page of them, and of all those that stand out. */
  readonly clients: Clients;
  /** Who answers for the services that settings expect. */
  readonly services: Services;
  /** Raft groups that a verdict asked for. */
  readonly raftz: Raftz;
  readonly accstatz: Accstatz;
  /** Accounts that a verdict asked for. */
  readonly accountz: Accountz;
  /** Who has most subscriptions, of accounts that a verdict asked for. */
  readonly subscribers: Subscribers;
  /** Who of an account listens to what, of accounts that a verdict asked for. */
  readonly interest: Interest;
  /** Of listeners that a verdict asked for. */
  readonly certificates: Certificates;
};
export type Endpoint = keyof Readings;

export type Read = {
  readonly mode: 'required' | 'attempted' | 'explaining' | 'asked';
  readonly firstReleases: readonly string[];
  /** What a server older than these holds has no part in the answer. */
  readonly olderIsApart?: true;
  readonly over?: Duration | string;
  readonly decides?: (varz: Varz) => boolean;
};
export type Reads = { readonly [E in Endpoint]?: Read };

/**
 * The diagnosis needs this reading: without it the outcome is `unknown`, on a server older than `firstReleases`
 * `not-applicable`. Name the first release of each line that has the fields (`from('2.11.7', '2.12.0')`).
 */
export const from = (...firstReleases: string[]) => ({ mode: 'required', firstReleases }) as const;

/**
 * The same of what there is not before these releases, or what each server has for itself: of a cluster with older ones beside others
 * the answer is that of the others.
 */
export const fromEach = (...firstReleases: string[]) =>
  ({ mode: 'required', firstReleases, olderIsApart: true }) as const;

/** The diagnosis also answers without this reading and gets its failure instead. */
export const attempted = { mode: 'attempted', firstReleases: [] } as const satisfies Read;

/**
 * The diagnosis counts without the closed ring, which only explains what it found. It gets null, until it measures something
 * beyond a limit of severity warning or critical: then the ring is read in the same run, and it is evaluated anew with the
 * rows that stopped within `over` and that no run has read, or with the failure. Of a server that is not known yet, it is
 * read at once.
 * @param over how far back, or the name of the limit that has it in `over`
 * @param decides of which servers the rows are counted, and so read in every run
 */
export const explaining = (over: Duration | string, decides: (varz: Varz) => boolean = () => false) =>
  ({ mode: 'explaining', firstReleases: [], over, decides }) as const satisfies Read;

/**
 * The diagnosis gets null, until its verdict asks for some of this reading (`asks`): then that is read in the same run, and it
 * is evaluated anew with what was read, or with the failure.
 */
export const asked = (...firstReleases: string[]) => ({ mode: 'asked', firstReleases }) as const;

/** What tells the parts of a reading apart that verdicts ask for. */
type AskedParts = {
  /** One raft group of an account, as this server sees it. */
  readonly raftz: { readonly account: string; readonly group: string };
  readonly accountz: { readonly account: string };
  readonly subscribers: { readonly account: string };
  /** `leafnodes`: it has some there, which are asked for apart. */
  readonly interest: { readonly account: string; readonly leafnodes: boolean };
  /** The certificate of one listener, by a TLS handshake with its port at the target's host. */
  readonly certificates: { readonly port: number };
};
export type AskedEndpoint = keyof AskedParts;
/** A part of such a reading of one server: one request. */
export type AskedOf<E extends AskedEndpoint> = {
  readonly endpoint: E;
  readonly target: Target;
} & AskedParts[E];
export type Asked = { readonly [E in AskedEndpoint]: AskedOf<E> }[AskedEndpoint];
