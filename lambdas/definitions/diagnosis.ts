import type { Duration } from '../durations.ts';
import type { HistorySpecs } from '../history/history.ts';
import type { Limit, Limits, Resolved } from '../limits.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import type { Breach, Description, DetailRequest, Details, Enrichment } from './finding.ts';
import type { Reads } from './reads.ts';
import type { Verdict } from './verdict.ts';
import type { ClusterView, ServerView } from './views.ts';

export type Scope = 'server' | 'cluster';

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

/** The built-in rule that a limit gives its threshold and `for`, and whose alarm pages for what the limit finds. */
export type Rule<LimitName extends string> = {
  readonly alert: string;
  readonly limit: LimitName;
  /** It keeps its own threshold and `for` instead, and is in ALARM before the limit is crossed. */
  readonly warnsEarlier?: true;
  /** Deployed only where settings expect such things. */
  readonly where?: (cluster: ClusterFacts) => boolean;
};
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
