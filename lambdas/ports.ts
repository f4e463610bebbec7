import type { Severity, Unit } from './limits.ts';
import type { Handshakes, Names, Source } from './readings/source.ts';

export type { Handshakes, MonitoringRequest, Names, RawReply, Source } from './readings/source.ts';

/** One sample: series name, labels, value. */
export type Observation = {
  readonly series: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

/** An observation as it is published, at the run's scheduled minute. */
export type Datapoint = Observation & { readonly unit: Unit; readonly at: string };

/** Where observations go. Rejects if any datapoint was not taken: with a PutError where others were. */
export interface MetricSink {
  put(datapoints: readonly Datapoint[]): Promise<void>;
}

/** Some requests failed; the message says why. */
export class PutError extends AggregateError {
  /** What they held, of what was given. */
  readonly unsent: ReadonlySet<Datapoint>;
  constructor(errors: readonly unknown[], message: string, unsent: readonly Datapoint[]) {
    super(errors, message);
    this.unsent = new Set(unsent);
  }
}

/** Of what was to be put, what this failure left. */
export const unsentOf = (failure: unknown, datapoints: readonly Datapoint[]): readonly Datapoint[] =>
  failure instanceof PutError ? datapoints.filter((each) => failure.unsent.has(each)) : datapoints;

/** One sample of a series, as PromQL in CloudWatch reads it. */
export type SeriesPoint = {
  readonly name: string;
  /** They become attributes of the datapoint, which PromQL in CloudWatch names bare. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Epoch ms. */
  readonly at: number;
  /** In UCUM: `By`, `s`. Of all points of a name. */
  readonly unit?: string;
  /** What the series is, in a sentence. */
  readonly help?: string;
} & (
  | { readonly kind: 'gauge' }
  /**
   * A running total. It has counted since `startMs`, epoch ms; null where that is not known, or where it goes on through
   * a restart: then none is sent, which OTLP reads as unknown. A later start than `at`, of a server that started
   * after the run's minute, is sent as `at`.
   */
  | { readonly kind: 'sum'; readonly startMs: number | null }
);

/** What became of the points put. */
export type SeriesReport = {
  readonly offered: number;
  /** Not sent, since CloudWatch would not take them. */
  readonly refused: readonly { readonly series: string; readonly why: string }[];
  /** Sent, and rejected by CloudWatch within a request that it took. */
  readonly rejected: number;
  /** What CloudWatch said of requests that it took. */
  readonly messages: readonly string[];
};

/** Requests with some of the points failed; the message says why. The other points were sent. */
export class SeriesError extends AggregateError {
  readonly report: SeriesReport;
  /** How many points the failed requests held. */
  readonly lost: number;
  constructor(errors: readonly unknown[], message: string, report: SeriesReport, lost: number) {
    super(errors, message);
    this.report = report;
    this.lost = lost;
  }
}

/**
 * Where series go that PromQL in CloudWatch reads. A point that CloudWatch does not take is reported and left out: sent
 * again it would be rejected again. Rejects with a SeriesError, after sending the rest, if a request failed.
 */
export interface SeriesSink {
  put(points: readonly SeriesPoint[]): Promise<SeriesReport>;
}

/** What is not told, and when. Findings are kept all the same. */
export type Mute = {
  readonly why: string;
  /** Null for all. */
  readonly clusters: readonly string[] | null;
  /** Of checks and diagnoses both null: all. */
  readonly checks: readonly string[] | null;
  readonly diagnoses: readonly string[] | null;
  readonly when:
    | { readonly kind: 'window'; /** Epoch ms. */ readonly from: number; readonly until: number }
    | {
        readonly kind: 'weekly';
        /** 0 is Sunday. */
        readonly days: readonly number[];
        /** Of the day. */
        readonly minute: number;
        readonly spanMs: number;
        readonly timezone: string;
      };
};

/** What became of a finding. */
export type NoticeKind = 'opened' | 'raised' | 'lowered' | 'reminded' | 'resolved';

/** One SNS message: the notices of one run, cluster and severity, in a form for each kind of reader. */
export type Message = {
  readonly id: string;
  readonly check: string;
  readonly cluster: string;
  readonly severity: Severity;
  readonly statuses: readonly NoticeKind[];
  /** Printable ASCII, under 100 characters. */
  readonly subject: string;
  /** JSON for machines. */
  readonly json: string;
  readonly text: string;
  /** One line. */
  readonly short: string;
  /** For whom it is alone: chat channels, that take `json` in the form of Amazon Q Developer. */
  readonly reader?: 'chat';
};

/** Where notices go. Rejects if a message was not taken. */
export interface NoticeSink {
  /** Whether there are chat channels to be told. */
  readonly tellsChat?: boolean;
  publish(messages: readonly Message[]): Promise<void>;
}

/** What a run has decided to send; kept in memory until it was sent. */
export type Outbox = { readonly datapoints: readonly Datapoint[]; readonly messages: readonly Message[] };

/** Of two runs of one minute this one was slower: a duplicate event, of which the other run does the work. */
export class RunTwiceError extends Error {
  override readonly name = 'RunTwiceError';
}

/** The memory of one check and cluster, claimed for one scheduled minute. */
export interface ClaimedMemory {
  /** What the last run saved, as JSON text; null on a first run. */
  readonly saved: string | null;
  /** What a crash left unsent. */
  readonly outbox: Outbox;
  /** Why the saved state cannot be used, where it cannot: the run starts as a first run. */
  readonly unreadable: string | null;
  /** True where that is because it was claimed for a time to come. */
  readonly isAhead?: boolean;
  /**
   * State and outbox at once: a crash leaves both or none. Of runs that overlap one saves; it rejects in the others, with a
   * `RunTwiceError` in those of the same minute.
   */
  save(state: string, outbox: Outbox): Promise<void>;
  /** Everything was sent. */
  clearOutbox(): Promise<void>;
}

/** What a check keeps between runs. */
export interface Memory {
  /**
   * Claims a scheduled minute (epoch ms) for a run; null if it, or a later one, was saved before. Two that claim it at the
   * same time may both be given it: then one of them can save.
   */
  claim(
    key: { readonly check: string; readonly cluster: string },
    minute: number,
  ): Promise<ClaimedMemory | null>;
}

/** How many findings are open, by severity. */
export type OpenCounts = Readonly<Partial<Record<Severity, number>>>;

/** What each check of a cluster has open, kept together: who closes its last finding learns whether its group has others. */
export interface OpenBoard {
  /**
   * Notes what one check has open. @returns what all checks of its group have noted together; null while one of them has
   * noted nothing yet. Rejects if it could not be written
   */
  note(
    of: { readonly check: string; readonly cluster: string },
    open: OpenCounts,
  ): Promise<OpenCounts | null>;
}

/** One line each, with facts beside it. */
export interface Log {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** All that a run needs of the world. */
export type Ports = {
  readonly source: Source;
  readonly names: Names;
  readonly handshakes: Handshakes;
  readonly memory: Memory;
  /** Without it each run publishes what its check has open, whatever others have. */
  readonly board?: OpenBoard;
  readonly metrics: MetricSink;
  readonly series: SeriesSink;
  readonly notices: NoticeSink;
  /** Made by command, beside those of settings. Never rejects: what cannot be read mutes nothing. */
  readonly mutes?: () => Promise<readonly Mute[]>;
  readonly log: Log;
  /** Epoch ms. */
  readonly now: () => number;
};
