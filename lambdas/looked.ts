import type { AnsweredBy } from './collect.ts';
import type { Check, ClusterFacts } from './define.ts';
import type { Cursor } from './engine/closed-ring.ts';
import type { HistoryState } from './engine/history.ts';
import type { Judgement } from './engine/judge.ts';
import type { MemoryState } from './engine/memory-state.ts';
import type { Observed } from './engine/observe.ts';
import type { TargetReport } from './engine/report.ts';
import type { KnownServer } from './engine/servers.ts';
import type { Ports } from './ports.ts';
import type { Watch } from './run.ts';

/** What a run starts from. */
export type Before = {
  readonly at: number;
  readonly firstRun: boolean;
  readonly memory: MemoryState;
};

/** What one look at a cluster's servers gave: answers, samples, and what the next look starts from. */
export type Looked = {
  /** The check with every diagnosis that a judgement is of. */
  readonly check: Check;
  readonly facts: ClusterFacts;
  readonly judgements: readonly Judgement[];
  readonly observed: readonly Observed[];
  readonly targets: readonly TargetReport[];
  readonly answered: AnsweredBy;
  readonly history: Readonly<Record<string, HistoryState>>;
  readonly servers: readonly KnownServer[];
  readonly cursors: Readonly<Record<string, Cursor>>;
  readonly rules: unknown;
};

export type Look = (check: Check, watch: Watch, ports: Ports, before: Before) => Promise<Looked>;
