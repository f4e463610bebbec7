import type { Certificate } from './certificates.ts';
import type { Reading, Target } from './reading.ts';

/** One GET of a monitoring endpoint. */
export type MonitoringRequest = {
  /** Path and query below the target's URL: `/connz?state=closed&limit=256`. */
  readonly path: string;
  /** HTTP statuses whose JSON body is a reply. `/healthz` answers 500 and 503 with one. */
  readonly statuses: readonly number[];
  /** How often it was asked for before in this run, where the reply was of another server than wanted. */
  readonly attempt?: number;
};

/** A reply as it came: parsed JSON that no decoder has seen yet. */
export type RawReply = { readonly status: number; readonly json: unknown; readonly bytes: number };

/** Where readings come from. Never rejects: a target's failure is a reading too. */
export interface Source {
  read(target: Target, request: MonitoringRequest): Promise<Reading<RawReply>>;
}

/** Where a host's addresses come from. Never rejects: no answer of DNS is a failure of code `dns`, a name without addresses is none. */
export interface Names {
  addresses(host: string): Promise<Reading<readonly string[]>>;
}

/** Where certificates come from that no endpoint shows. Never rejects: a port without TLS, or out of reach, is a failure. */
export interface Handshakes {
  /** Begins TLS with a port of the target's host, and ends it. The certificate is looked at, not trusted. */
  certificate(target: Target, port: number): Promise<Reading<Certificate>>;
}
