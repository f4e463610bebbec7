import type { ServerIds } from './collect.ts';
import type { Check, ClusterFacts } from '../define.ts';
import type { Cursor } from '../readings/closed-ring/cursor.ts';
import type { LearnedConfigs } from '../readings/learned-configs.ts';
import type { HistoryState } from '../history/history.ts';
import type { Judgement } from '../engine/judgement/judge.ts';
import type { MemoryState } from '../engine/memory-state.ts';
import type { Observed } from '../engine/judgement/observe.ts';
import type { TargetReport } from '../engine/findings/report.ts';
import type { DnsLook } from '../readings/found-by-name.ts';
import type { KnownServer } from '../readings/servers.ts';
import type { Ports } from '../ports.ts';
import type { Watch } from './watch.ts';

/** What a run starts from. */
export type Before = {
  readonly at: number;
  readonly firstRun: boolean;
  readonly memory: MemoryState;
  /** What was found behind DNS names. */
  readonly looks: readonly DnsLook[];
};

/** Answers, samples, and what the next run starts from. */
export type Evaluation = {
  /** The check with every diagnosis that a judgement is of. */
  readonly check: Check;
  readonly facts: ClusterFacts;
  readonly judgements: readonly Judgement[];
  readonly observed: readonly Observed[];
  readonly targets: readonly TargetReport[];
  readonly serverIds: ServerIds;
  readonly history: Readonly<Record<string, HistoryState>>;
  readonly servers: readonly KnownServer[];
  readonly cursors: Readonly<Record<string, Cursor>>;
  readonly configs: LearnedConfigs;
  readonly rules: unknown;
};

/** A step of a run: reads, and answers all that the check asks of a cluster. */
export type Evaluate = (check: Check, watch: Watch, ports: Ports, before: Before) => Promise<Evaluation>;
