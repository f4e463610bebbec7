import { describe, expect, it } from 'vitest';
import { turns, type Release } from '../../../lambdas/adapters/http/turns.ts';

/** Requests for turns, in their order; who has a turn by now, by name, and lets go of it. */
function asking(limits: Parameters<typeof turns>[0], random = () => 0) {
  const queue = turns(limits, random);
  const has: { readonly name: string; readonly release: Release | null }[] = [];
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    async ask(...names: readonly string[]) {
      for (const name of names) void queue.take(name).then((release) => has.push({ name, release }));
      await settled();
    },
    async letGo(name: string) {
      const [turn] = has.splice(
        has.findIndex((each) => each.name === name),
        1,
      );
      turn?.release?.();
      await settled();
    },
    async end() {
      queue.end();
      await settled();
    },
    turns: () => has.map(({ name, release }) => (release === null ? `${name} none` : name)),
  };
}

describe('requests take turns', () => {
  it('of so many servers at once, and so many of each', async () => {
    const requests = asking({ servers: 2, each: 2 });
    await requests.ask('a', 'a', 'a', 'b', 'c');
    expect(requests.turns().sort()).toEqual(['a', 'a', 'b']);
  });

  it('a server that had one goes on before the next server begins', async () => {
    const requests = asking({ servers: 1, each: 1 });
    await requests.ask('a', 'b', 'a');
    await requests.letGo('a');
    expect(requests.turns()).toEqual(['a']);
    await requests.letGo('a');
    expect(requests.turns()).toEqual(['b']);
  });

  it('and who comes next of those that wait is chance', async () => {
    const requests = asking({ servers: 1, each: 1 }, () => 0.99);
    await requests.ask('a', 'b', 'c', 'd');
    await requests.letGo('a');
    expect(requests.turns()).toEqual(['d']);
    await requests.letGo('d');
    expect(requests.turns()).toEqual(['c']);
  });

  it('until the end, from which on nobody gets one, and who has one keeps it', async () => {
    const requests = asking({ servers: 1, each: 1 });
    await requests.ask('a', 'b');
    await requests.end();
    await requests.ask('c', 'a');
    expect(requests.turns()).toEqual(['a', 'b none', 'c none', 'a none']);
  });

  it('letting go twice of one turn gives no second one', async () => {
    const queue = turns({ servers: 1, each: 1 });
    const first = await queue.take('a');
    first?.();
    first?.();
    await queue.take('b');
    const third = queue.take('c');
    expect(await Promise.race([third, Promise.resolve('waits')])).toBe('waits');
  });
});
