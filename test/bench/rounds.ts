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
      const cost = await costOf(things[name]);
      if (round >= 0) taken.push(cost);
    }
  }
  return Object.fromEntries(costs) as Record<Name, Cost[]>;
}

async function costOf(thing: () => Promise<unknown>): Promise<Cost> {
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const started = performance.now();
  await thing();
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1_000 };
}
