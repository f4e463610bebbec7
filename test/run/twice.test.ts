import { describe, expect, it } from 'vitest';
import { RunTwiceError, type Memory, type Outbox } from '../../lambdas/ports.ts';
import { run } from '../../lambdas/run/run.ts';
import { fakeWorld, minute, watchOf } from '../engine/fake-ports.ts';
import { crowds } from '../engine/sample-checks.ts';

/** As the table has it: a claim only reads, and the first that is saved takes the minute. */
function tableMemory(): Memory {
  const empty = { datapoints: [], messages: [] };
  let stored: readonly [state: string, outbox: Outbox] | null = null;
  let claimed = 0;
  return {
    claim: (_, asked) => {
      if (claimed >= asked) return Promise.resolve(null);
      const [saved, outbox] = stored ?? [null, empty];
      const before = claimed;
      let isMine = false;
      return Promise.resolve({
        ...{ saved, outbox, unreadable: null },
        save: (...state) => {
          if (claimed !== before && !isMine) return Promise.reject(new RunTwiceError('another run'));
          [stored, claimed, isMine] = [state, asked, true];
          return Promise.resolve();
        },
        clearOutbox: () => {
          if (isMine && stored !== null) stored = [stored[0], empty];
          return Promise.resolve();
        },
      });
    },
  };
}

/** One run sees so many connections, and another of the same minute, which saves after it, so many. */
async function twice(saved: number, late: number) {
  const world = fakeWorld({ n1: { varz: { connections: saved } } });
  const watch = watchOf(crowds);
  const { promise: isSaved, resolve: save } = Promise.withResolvers<null>();
  const memory = tableMemory();
  const ports = { ...world.ports(), memory };
  const lateRead: typeof ports.source.read = async (target, request) => {
    await isSaved;
    const reading = await ports.source.read(target, request);
    if (!reading.ok) return reading;
    const json = { ...(reading.value.json as object), connections: late };
    return { ok: true, value: { ...reading.value, json } };
  };
  const running = run(crowds, watch, { ...ports, source: { read: lateRead } }, minute(0));
  const first = await run(crowds, watch, ports, minute(0));
  save(null);
  const second = await running;
  const next = async (n: number, connections: number) => {
    world.answers = { n1: { varz: { connections } } };
    return (await run(crowds, watch, ports, minute(n)))?.notices.map(({ kind }) => kind);
  };
  return { reports: [first, second].map((report) => report !== null), world, next };
}

describe('of two runs of a minute that see something else', () => {
  it.each([
    ['has found something', 12, 2, 1],
    ['has found nothing', 2, 12, 0],
  ])('the one that is saved first alone tells what it sees, where it %s', async (_, saved, late, told) => {
    const { reports, world } = await twice(saved, late);
    expect([reports, world.taken.messages.length]).toEqual([[true, false], told]);
  });

  it('what the other one saw is told by the next that sees it, once', async () => {
    const { world, next } = await twice(2, 12);
    expect([await next(1, 12), await next(2, 12), world.taken.messages.length]).toEqual([['opened'], [], 1]);
  });

  it('what the first one saw is gone on from', async () => {
    const { world, next } = await twice(12, 2);
    expect([await next(1, 12), world.taken.messages.length]).toEqual([[], 1]);
  });
});
