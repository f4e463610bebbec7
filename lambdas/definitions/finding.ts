import type { Severity } from '../limits.ts';
import type { Connz, Leafz } from '../readings/endpoints.ts';
import type { Failure, Target } from '../readings/reading.ts';
import type { Measurement } from './verdict.ts';

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
