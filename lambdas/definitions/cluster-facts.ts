import type { AssetPattern, ClientPattern, Severity } from '../limits.ts';
import type { ExpectedService } from '../readings/services.ts';

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
