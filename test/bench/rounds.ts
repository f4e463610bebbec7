/** What one run of something took: wall time, and CPU time of this process in all its threads. */
export type Cost = { readonly wallMs: number; readonly cpuMs: number };

const warmUps = 5;

/**
 * Runs several things in turns, so that what else the machine does weighs on all of them alike, and gives each one's
 * median cost once warm. Garbage is collected between runs; what a run itself collects is its own cost.
 */
export async function inTurns<Name extends string>(
  rounds: number,
  things: Readonly<Record<Name, () => Promise<unknown>>>,
): Promise<Readonly<Record<Name, Cost>>> {
  const names = Object.keys(things) as Name[];
  const costs = new Map<Name, Cost[]>(names.map((name) => [name, []]));
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const name of names) {
      const cost = await costOf(things[name]);
      if (round >= 0) costs.get(name)?.push(cost);
    }
  }
  const medians = names.map((name) => {
    const all = costs.get(name) ?? [];
    return [
      name,
      { wallMs: median(all.map(({ wallMs }) => wallMs)), cpuMs: median(all.map(({ cpuMs }) => cpuMs)) },
    ];
  });
  return Object.fromEntries(medians) as Record<Name, Cost>;
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

/** Of an odd number of values the middle one, else the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? NaN;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
}
