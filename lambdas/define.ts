import type { Duration } from './durations.ts';
import type {
  AssetPattern,
  ClientPattern,
  Levels,
  Limit,
  Limits,
  Resolved,
  Severity,
  Unit,
} from './limits.ts';
import type { ClusterHistory, HistorySpecs, ServerHistory } from './history/history.ts';
import type { Clients } from './readings/clients.ts';
import type { Certificates } from './readings/certificates.ts';
import type { ClosedSince } from './readings/closed-ring.ts';
import type { DnsLook } from './readings/found-by-name.ts';
import type { Failure, Reading, Target } from './readings/reading.ts';
import type { Interest } from './readings/interest.ts';
import type { ExpectedService, Services } from './readings/services.ts';
import type {
  Accountz,
  Accstatz,
  Assets,
  Connz,
  Gatewayz,
  Healthz,
  Jsz,
  Leafz,
  Raftz,
  Routez,
  Subscribers,
  Varz,
} from './readings/endpoints.ts';

/** What a diagnosis' author needs, on one page. The rest of a diagnosis is pure helpers. */
export { days, hours, minutes, seconds, formatDuration } from './durations.ts';
export type { Duration } from './durations.ts';
export { above, atLeast, atMost, below, units } from './limits.ts';
export type { AssetPattern, ClientPattern, Levels, Limit, Severity, Unit } from './limits.ts';
export {
  earlier,
  increase,
  latest,
  pages,
  previous,
  set,
  trend,
  unmoved,
  window,
} from './history/history.ts';
/** For what only illustrates: null where the server gave a count that cannot be. To decide on one is `unknown` by itself. */
export { known } from './readings/decoders/impossible.ts';
export { mostEarlier } from './history/earlier.ts';
export { mostFollowed } from './history/unmoved.ts';
export type { Increase } from './history/increase.ts';
export type { SetDifference } from './history/set.ts';
export type { Known } from './history/latest.ts';
export { isOurs } from './readings/reading.ts';
export { keyOfDns } from './readings/found-by-name.ts';
export type { DnsLook } from './readings/found-by-name.ts';
export type { Target } from './readings/reading.ts';
export type { ClosedConnection, ClosedSince } from './readings/closed-ring.ts';
export type { ExpectedService } from './readings/services.ts';

// --- Readings ---------------------------------------------------------------------------------------------

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

// --- Verdicts ---------------------------------------------------------------------------------------------

export type Scope = 'server' | 'cluster';

/** What a finding is about. Unbounded names live here and never in a metric's dimensions. */
export type Entity = {
  readonly kind:
    | 'cluster'
    | 'server'
    | 'endpoint'
    | 'leafnode'
    | 'remote'
    | 'client'
    | 'user'
    /** A client library: `nats.go` as clients say it, `go`. */
    | 'library'
    /** A micro service by its name. */
    | 'service'
    | 'account'
    | 'operator'
    | 'address'
    /** A DNS name of settings, with the port: `nats.internal:8222`. */
    | 'name'
    /** All connections of one kind to one server: `routes of n1`. */
    | 'connections'
    /** An option that limits what clients may do: `max_payload of n1`. */
    | 'limit'
    /** A stream of an account: `ORDERS (APP)`. */
    | 'stream'
    /** A consumer of a stream of an account: `ORDERS > shipping (APP)`. */
    | 'consumer'
    /** JetStream's meta layer of a cluster. */
    | 'meta'
    /** A Prometheus rule that is deployed. */
    | 'rule';
  readonly name: string;
  /** Of a stream or consumer: what `name` is made of, and what settings' patterns are compared with. */
  readonly asset?: AssetNames;
};

export type AssetNames = {
  /** The key of an account, and what people call it: another text in operator mode. */
  readonly account: string;
  readonly accountName: string;
  readonly stream: string;
  readonly consumer?: string;
};

/** A value to compare with the limit named; the engine compares, so that finding and alarm cannot disagree. */
export type Measurement<LimitName extends string, Data> = {
  readonly limit: LimitName;
  readonly entity: Entity;
  readonly value: number;
  readonly data: Data;
  /** Its own, instead of the limit's: the owner of a stream or consumer set them, or it is of a kind that they do not fit. */
  readonly levels?: Levels | undefined;
};

export type Verdict<LimitName extends string, Data> =
  | {
      readonly kind: 'measured';
      /** What was seen, for the table: `12 connections, limit 1,000`. */
      readonly seen: string;
      readonly measurements: readonly Measurement<LimitName, Data>[];
      /** True if the answer stands whatever unread servers hold; else `ok` becomes `unknown` beside them. */
      readonly conclusive: boolean;
      /** To be read before it is evaluated anew, the most wanted first; of more than a run may ask for the others are not. */
      readonly asks?: readonly Asked[];
      /** Targets that could not be read, where that is what it says. */
      readonly without?: readonly string[];
    }
  | {
      readonly kind: 'unknown';
      readonly reason: string;
      /** Targets that could not be read, where it would be known if they were. */
      readonly without?: readonly string[];
    }
  | { readonly kind: 'not-applicable'; readonly reason: string };

type Concluding = { readonly conclusive?: boolean; readonly asks?: readonly Asked[] };
type Unread = { readonly target: Target };
const withoutThese = (unread: readonly Unread[]) =>
  unread.length === 0 ? {} : { without: unread.map(({ target: { name } }) => name) };

/** The diagnosis looked, and there was nothing to measure. */
export const nothing = (seen: string, { conclusive = false, asks = [] }: Concluding = {}) =>
  ({ kind: 'measured', seen, measurements: [] as const, conclusive, asks }) as const;

/** The diagnosis looked and measured. `without` are servers that could not be read, where that is what it says. */
export const measured = <const LimitName extends string, Data>(
  seen: string,
  measurements: readonly Measurement<LimitName, Data>[],
  { conclusive = false, asks = [], without = [] }: Concluding & { readonly without?: readonly Unread[] } = {},
) => ({ kind: 'measured', seen, measurements, conclusive, asks, ...withoutThese(without) }) as const;

/** The diagnosis could not see; `without` are servers that could not be read, where it would see if they were. */
export const unknown = (reason: string, without: readonly Unread[] = []) =>
  ({ kind: 'unknown', reason, ...withoutThese(without) }) as const;

/** The question does not concern this server or cluster. */
export const notApplicable = (reason: string) => ({ kind: 'not-applicable', reason }) as const;

// --- Findings ---------------------------------------------------------------------------------------------

/** A measurement beyond its limit. */
export type Breach<LimitName extends string, Data> = Measurement<LimitName, Data> & {
  readonly severity: Severity;
  /** The level that was crossed. */
  readonly level: number;
};

export type Description = {
  /** One sentence with numbers and units. */
  readonly summary: string;
  /** Rows that show it, the most telling first. The engine cuts them to a few, "and N more". */
  readonly evidence: readonly string[];
  /** Replaces the diagnosis' own where the cause is known. */
  readonly why?: string;
  readonly remedy?: string;
  /** Ready to paste. */
  readonly commands: { readonly nats: string; readonly curl: string };
};

/** What detail readings add: rows that go before a description's own, and texts where the cause is known now. */
export type Enrichment = Partial<Pick<Description, 'summary' | 'evidence' | 'why' | 'remedy'>> & {
  /** A clause that ends the summary, whose numbers go on with each run: `83 % are inboxes`. */
  readonly cause?: string;
};

/** A reading that only a finding asks for. */
export type DetailRequest =
  | { readonly target: Target; readonly endpoint: 'connz'; readonly limit: number }
  | { readonly target: Target; readonly endpoint: 'leafzSubs'; readonly account: string };

export type Details = {
  readonly connz: readonly Connz[];
  readonly leafzSubs: readonly Leafz[];
  readonly failures: readonly Failure[];
};

/** What is known beside the readings. */
export type Context<L extends Limits> = {
  readonly cluster: ClusterFacts;
  /** The run's time, epoch ms. */
  readonly at: number;
  /** No memory of an earlier run: totals and sets say nothing yet. */
  readonly firstRun: boolean;
  readonly limits: Resolved<L>;
  /** Settings have levels of their own for some streams or consumers. */
  readonly hasAssetLimits: boolean;
};

/** What settings say of a cluster. */
export type ClusterFacts = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly expect: {
    readonly leafnodes?: number | readonly string[] | undefined;
    /** Remote clusters to which each server should have a gateway. */
    readonly gateways?: number | readonly string[] | undefined;
    /** How many, or their `server_name`s. */
    readonly servers?: number | readonly string[] | undefined;
    readonly services?: readonly ExpectedService[] | undefined;
    /** By name or key. */
    readonly accounts?: readonly string[] | undefined;
    /** Accounts by name or key in which somebody should listen to each stream that they import. */
    readonly imports?: readonly string[] | undefined;
    /** False where clients are let in without credentials on purpose. */
    readonly authentication?: boolean | undefined;
  };
  /** How many of its servers are watched at most; Infinity where names are looked up for them. */
  readonly mostServers: number;
  /** `max_closed_clients` of its servers, which no endpoint shows. */
  readonly maxClosedClients: number;
  /** Bytes that each of its servers may use before it is killed, which no endpoint shows; null where settings do not say. */
  readonly memoryLimit: number | null;
  /** Close reasons that settings move to another class. */
  readonly closeReasons: Readonly<Record<string, string>>;
  readonly jetstream: {
    /** Streams and consumers that nobody is told of. */
    readonly ignore: readonly AssetPattern[];
  };
  readonly clients: {
    /** Clients that nobody is told of. */
    readonly ignore: readonly ClientPattern[];
  };
  /** Diagnoses whose findings a rule's alarm pages for. */
  readonly covered: Covered;
  /** The page that has a heading for each check and diagnosis; one that is no https address is nobody's link. */
  readonly manual: string;
};

/** By diagnosis and severity, the alarm of a rule that pages for its findings. */
export type Covered = Readonly<Record<string, { readonly [S in Severity]?: RuleAlarm }>>;

/** What the names of a rule's alarms are made of: `nats/PLACE/RULE/SERVER/severity`. */
export type RuleAlarm = {
  /** The cluster, or the deployment where one alarm is for all clusters. */
  readonly place: string;
  readonly rule: string;
  readonly perServer: boolean;
};

/** The built-in rule that a limit gives its threshold and `for`, and whose alarm pages for what the limit finds. */
export type Rule<LimitName extends string> = {
  readonly alert: string;
  readonly limit: LimitName;
  /** It keeps its own threshold and `for` instead, and is in ALARM before the limit is crossed. */
  readonly warnsEarlier?: true;
  /** Deployed only where settings expect such things. */
  readonly where?: (cluster: ClusterFacts) => boolean;
};

// --- Diagnosis --------------------------------------------------------------------------------------------

type View<S extends Scope, R extends Reads, H extends HistorySpecs> = S extends 'server'
  ? ServerView<R, H>
  : ClusterView<R, H>;

/** Of what, and what is wrong with it, for lists without room for titles: `['streams', 'no leader']`. */
export type Brief = readonly [about: string, wrong: string];

export type DiagnosisDefinition<
  S extends Scope,
  R extends Reads,
  H extends HistorySpecs,
  L extends Limits,
  Data,
> = {
  readonly id: string;
  readonly title: string;
  readonly brief?: Brief;
  readonly scope: S;
  readonly reads: R;
  readonly history: H;
  readonly limits: L;
  /** How long a limit must stay crossed before the finding opens. */
  readonly for: Duration;
  readonly rule?: Rule<keyof L & string>;
  /** Its heading in the manual; by default its id. */
  readonly heading?: string;
  /** It asks about the target's URL, not the server behind it: of a server that is two targets it is asked twice. */
  readonly ofTarget?: true;
  /** It asks about DNS names of settings, not about servers: it is asked where there are none, and not where there is no name. */
  readonly ofNames?: true;
  /** It asks for what settings expect of a cluster, and where they expect nothing of the kind it finds nothing. */
  readonly expects?: keyof ClusterFacts['expect'];
  readonly why: string;
  readonly remedy: string;
  readonly evaluate: (view: View<S, R, H>, context: Context<L>) => Verdict<keyof L & string, Data>;
  readonly describe: (breach: Breach<keyof L & string, NoInfer<Data>>, context: Context<L>) => Description;
  /** At most three readings that name the cause, asked for when a finding is about to be reported. */
  readonly details?: (breach: Breach<keyof L & string, NoInfer<Data>>) => readonly DetailRequest[];
  readonly enrich?: (
    breach: Breach<keyof L & string, NoInfer<Data>>,
    details: Details,
    context: Context<L>,
  ) => Enrichment;
};

/** A diagnosis as the engine sees it: the author's types are erased, once, in `defineDiagnosis`. */
export type Diagnosis = DiagnosisDefinition<Scope, Reads, HistorySpecs, Limits, unknown>;

/**
 * One question with a catalogue id, answered from readings and history.
 * `evaluate`, `describe`, `details` and `enrich` are pure: no clock, no environment, no network.
 */
export function defineDiagnosis<
  const S extends Scope,
  const R extends Reads,
  const H extends HistorySpecs,
  const L extends Record<string, Limit>,
  Data,
>(definition: DiagnosisDefinition<S, R, H, L, Data>): Diagnosis {
  return definition as unknown as Diagnosis;
}

// --- Series and checks ------------------------------------------------------------------------------------

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

/** Checks whose open findings have one alarm together, by severity: what tends to have one cause, and is looked at as often. */
export const checkGroups = [
  'servers',
  'links',
  'connections',
  'clients',
  'accounts',
  'leafnodes',
  'jetstream',
  'consumers',
  'configuration',
  'rules',
] as const;
export type CheckGroup = (typeof checkGroups)[number];

/** What one Lambda runs on one schedule: diagnoses that share readings, and the series they stand on. */
export type Check = {
  /** Kebab-case: file name, heading in the catalogue, function name, alarm path segment. */
  readonly id: string;
  readonly title: string;
  readonly group: CheckGroup;
  /** A minute, or where servers change slower than that, or are asked for much, a few. */
  readonly every: Duration;
  /**
   * Endpoints whose failure this check reports (SERVER_102). Each endpoint has one such check, so that one that fails is
   * reported once; in the others it is quietly unknown.
   */
  readonly answersFor: readonly Endpoint[];
  /** What its answers come from: its diagnoses, or the deployment's rules. */
  readonly evaluates: 'diagnoses' | 'rules';
  readonly diagnoses: readonly Diagnosis[];
  readonly series: readonly Series[];
};

export const defineCheck = (
  check: Omit<Check, 'answersFor' | 'evaluates'> & Partial<Pick<Check, 'answersFor' | 'evaluates'>>,
): Check => ({ answersFor: [], evaluates: 'diagnoses', ...check });
