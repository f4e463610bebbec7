import type { Step, Verdict } from './aws-proxy.ts';

/** One way for a run to go wrong. */
export type Crash = {
  /** The run is killed when AWS has done these of its steps, and no other. Null: it is not killed. */
  readonly reached: readonly Step[] | null;
  readonly faults: Readonly<Partial<Record<Step, Verdict>>>;
  /** Started at the same moment. */
  readonly processes: number;
};

/** A run that is not killed. */
const surviving = (faults: Crash['faults']): Crash => ({ reached: null, faults, processes: 1 });

/**
 * Every state that a kill can leave AWS in: steps follow one another, but metrics and messages, which go out together,
 * get through in any combination. So a kill right after a step is the same as one right before the next.
 */
function kills(): Readonly<Record<string, Crash>> {
  const before: readonly Step[] = ['claim', 'note', 'take', 'base', 'save'];
  const together: readonly Step[] = ['metrics', 'critical', 'warning'];
  const combinations = Array.from({ length: 2 ** together.length }, (_, bits) =>
    together.filter((__, i) => bits & (1 << i)),
  );
  const states: readonly (readonly Step[])[] = [
    ...before.map((_, done) => before.slice(0, done)),
    ...combinations.map((some) => [...before, ...some]),
    [...before, ...together, 'clear'],
  ];
  return Object.fromEntries(
    states.map((reached) => [
      // By the last of the steps that follow one another, and those after it.
      [
        'killed',
        ...reached.filter((step, i) => !before.includes(step) || !before.includes(reached[i + 1] ?? 'clear')),
      ].join('.'),
      { reached, faults: {}, processes: 1 } as const,
    ]),
  );
}

/** What goes wrong, by the name of the cluster it goes wrong for: check and cluster have one memory. */
export const crashes: Readonly<Record<string, Crash>> = {
  ...kills(),
  // AWS fails as often as the SDK tries.
  'metrics.refused': surviving({ metrics: 'refuse' }),
  'metrics.throttled': surviving({ metrics: 'throttle' }),
  'messages.refused': surviving({ critical: 'refuse', warning: 'refuse' }),
  'all.refused': surviving({ metrics: 'refuse', critical: 'refuse', warning: 'refuse' }),
  'claim.dropped': surviving({ claim: 'drop' }),
  'note.dropped': surviving({ note: 'drop' }),
  'take.dropped': surviving({ take: 'drop' }),
  'base.dropped': surviving({ base: 'drop' }),
  'save.dropped': surviving({ save: 'drop' }),
  'clear.dropped': surviving({ clear: 'drop' }),
  'messages.refused.killed': {
    reached: ['claim', 'note', 'take', 'base', 'save', 'metrics'],
    faults: { critical: 'refuse', warning: 'refuse' },
    processes: 1,
  },
  // AWS does what it is asked, and the first reply to each request gets lost.
  'replies.lost': surviving({
    claim: 'lose',
    note: 'lose',
    take: 'lose',
    base: 'lose',
    save: 'lose',
    metrics: 'lose',
    critical: 'lose',
    warning: 'lose',
    clear: 'lose',
  }),
  undisturbed: surviving({}),
  twice: { ...surviving({}), processes: 2 },
};
