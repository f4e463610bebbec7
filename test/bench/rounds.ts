/** What one run of something took: wall time, and CPU time of this process in all its threads. */
export type Cost = { readonly wallMs: number; readonly cpuMs: number };

const warmUps = 5;

/**
 * Runs several things in turns and gives what each took once warm, round by round: what else the machine does weighs on
 * all of a round alike. Garbage is collected between runs; what a run itself collects is its own cost.
 */
export async function inTurns<Name extends string>(
  rounds: number,
  things: Readonly<Record<Name, () => Promise<unknown>>>,
): Promise<Readonly<Record<Name, readonly Cost[]>>> {
  const costs = (Object.keys(things) as Name[]).map((name) => [name, [] as Cost[]] as const);
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const [name, taken] of costs) {
      const { wallMs, cpuMs } = await costOf(things[name]);
      if (round >= 0) taken.push({ wallMs, cpuMs });
    }
  }
  return Object.fromEntries(costs) as Record<Name, Cost[]>;
}

/** Of one run, and what came of it. */
export async function costOf<T>(thing: () => T | Promise<T>): Promise<Cost & { readonly result: T }> {
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const started = performance.now();
  const result = await thing();
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1_000, result };
}
