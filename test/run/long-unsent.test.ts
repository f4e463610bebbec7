import { describe, expect, it } from 'vitest';
import type { OpenBoard } from '../../lambdas/ports.ts';
import { run } from '../../lambdas/run/run.ts';
import { fakeWorld, minute, watchOf } from '../engine/fake-ports.ts';
import { crowds } from '../engine/sample-checks.ts';

const watch = {
  ...watchOf(crowds),
  plan: {
    ...watchOf(crowds).plan,
    published: [{ name: 'nats_connections', as: 'compared' } as const],
    compared: [
      { name: 'nats_connections', rule: null, direction: 'above', threshold: 10, datapoints: 2 } as const,
    ],
  },
};
const board: OpenBoard = { note: (_, open) => Promise.resolve(open) };

/** Minutes of what CloudWatch got within five minutes, as alarms look at it, of a server that was crowded in a minute. */
async function gotInTime({ crowded, refused, until }: Record<'crowded' | 'refused' | 'until', number>) {
  const world = fakeWorld();
  const got: { readonly n: number; readonly what: string }[] = [];
  for (let n = 0; n <= until; n += 1) {
    world.answers = { n1: { varz: { connections: n === crowded ? 12 : 5 } } };
    world.refuses.put = n > crowded && n <= crowded + refused;
    const before = world.taken.datapoints.length;
    await run(crowds, watch, { ...world.ports(), board }, minute(n)).catch(() => null);
    for (const { series, labels, value, at } of world.taken.datapoints.slice(before))
      if (Date.parse(at) > minute(n - 5)) got.push({ n, what: `${labels['severity'] ?? series} ${value}` });
  }
  const minutesOf = (what: string) => got.filter((each) => each.what === what).map(({ n }) => n);
  return { within: minutesOf('nats_connections 5'), closed: minutesOf('warning 0') };
}

describe('where nothing could be sent for long after a value was beyond its limit', () => {
  it.each([30, 150, 240])('%i minutes, that all is well is told anew', async (refused) => {
    const crowded = 130;
    const end = crowded + refused;
    const { within, closed } = await gotInTime({ crowded, refused, until: end + 60 });
    const soon = (all: readonly number[]) => all.filter((n) => n > end && n <= end + 6);
    expect(soon(within).length).toBeGreaterThanOrEqual(3);
    expect(soon(closed).length).toBeGreaterThanOrEqual(1);
  });
});
