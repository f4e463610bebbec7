import { describe, expect, it } from 'vitest';
import type { ClaimedMemory, Datapoint, Memory, Message, Outbox } from '../../../lambdas/ports.ts';

export const minute = Date.UTC(2026, 10, 20, 12, 0);
export const nextMinute = minute + 60_000;
export const emptyOutbox: Outbox = { datapoints: [], messages: [] };

export const datapoint: Datapoint = {
  series: 'gnatsd_varz_connections',
  labels: { cluster: 'eu', server_id: 'hub-1' },
  value: 12.5,
  unit: 'count',
  at: '2026-11-20T12:00:00.000Z',
};
export const message: Message = {
  id: 'connection-count/eu/warning/2026-11-20T12:00:00.000Z',
  check: 'connection-count',
  cluster: 'eu',
  severity: 'warning',
  statuses: ['opened', 'resolved'],
  subject: '[warning] eu connection-count: opened SERVER_011 hub-1',
  json: '{"version":1,"notices":[{"client":"Zoë \\ud83d\\ude00"}]}',
  text: 'WARNING SERVER_011\nof client Zoë 😀',
  short: 'warning eu opened SERVER_011 hub-1',
};
export const chatMessage: Message = {
  ...message,
  id: `${message.id}/chat`,
  text: '',
  short: '',
  reader: 'chat',
};
export const outbox: Outbox = { datapoints: [datapoint], messages: [message, chatMessage] };

export const key = { check: 'connection-count', cluster: 'eu' };

/** A claim that must be granted. */
export async function claimed(memory: Memory, at: number, of = key): Promise<ClaimedMemory> {
  const claim = await memory.claim(of, at);
  if (claim === null) throw new Error(`${of.check} of ${of.cluster} was not given the minute ${at}`);
  return claim;
}

const seen = ({ saved, outbox: unsent, unreadable }: ClaimedMemory) => ({
  saved,
  outbox: unsent,
  unreadable,
});

/** What every memory keeps to. `fresh` gives one in which nothing was ever saved. */
export function aMemory(fresh: () => Memory | Promise<Memory>): void {
  describe('is a memory: it', () => {
    it('gives a first run nothing to remember', async () => {
      expect(seen(await claimed(await fresh(), minute))).toEqual({
        saved: null,
        outbox: emptyOutbox,
        unreadable: null,
      });
    });

    it('gives a minute that was saved to no other run', async () => {
      const memory = await fresh();
      await (await claimed(memory, minute)).save('{"kept":1}', emptyOutbox);
      expect(await memory.claim(key, minute)).toBeNull();
    });

    it('lets one of two runs save that ask for a minute at the same time', async () => {
      const memory = await fresh();
      const claims = await Promise.all([memory.claim(key, minute), memory.claim(key, minute)]);
      const saves = await Promise.allSettled(
        claims.flatMap((claim, i) => (claim === null ? [] : [claim.save(`{"run":${i}}`, outbox)])),
      );
      expect(saves.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const won = saves.findIndex(({ status }) => status === 'fulfilled');
      expect((await claimed(memory, nextMinute)).saved).toBe(`{"run":${won}}`);
    });

    it('gives no minute older than the last one that was saved', async () => {
      const memory = await fresh();
      await (await claimed(memory, nextMinute)).save('{"kept":1}', emptyOutbox);
      expect(await memory.claim(key, minute)).toBeNull();
    });

    it('gives the same minute to other checks and other clusters', async () => {
      const memory = await fresh();
      await memory.claim(key, minute);
      const others = [
        await memory.claim({ ...key, cluster: 'us' }, minute),
        await memory.claim({ ...key, check: 'server-up' }, minute),
      ];
      expect(others.map((claim) => claim === null)).toEqual([false, false]);
    });

    it('shows the next run what the last one saved', async () => {
      const memory = await fresh();
      await (await claimed(memory, minute)).save('{"findings":["Zoë 😀"]}', outbox);
      expect(seen(await claimed(memory, nextMinute))).toEqual({
        saved: '{"findings":["Zoë 😀"]}',
        outbox,
        unreadable: null,
      });
    });

    it('keeps what was saved when a run ends without saving', async () => {
      const memory = await fresh();
      await (await claimed(memory, minute)).save('{"kept":1}', outbox);
      await memory.claim(key, nextMinute);
      expect(seen(await claimed(memory, nextMinute + 60_000))).toEqual({
        saved: '{"kept":1}',
        outbox,
        unreadable: null,
      });
    });

    it('forgets the outbox, and only that, once it is cleared', async () => {
      const memory = await fresh();
      const first = await claimed(memory, minute);
      await first.save('{"kept":1}', outbox);
      await first.clearOutbox();
      expect(seen(await claimed(memory, nextMinute))).toEqual({
        saved: '{"kept":1}',
        outbox: emptyOutbox,
        unreadable: null,
      });
    });

    it('takes several saves of one run and keeps the last', async () => {
      const memory = await fresh();
      const run = await claimed(memory, minute);
      await run.save('{"step":1}', emptyOutbox);
      await run.save('{"step":2}', outbox);
      expect(seen(await claimed(memory, nextMinute))).toEqual({
        saved: '{"step":2}',
        outbox,
        unreadable: null,
      });
    });

    it('refuses the save of a run after which another one saved, and keeps nothing of it', async () => {
      const memory = await fresh();
      const slow = await claimed(memory, minute);
      const next = await claimed(memory, nextMinute);
      await next.save('{"next":1}', outbox);
      await expect(slow.save('{"stale":1}', emptyOutbox)).rejects.toThrow(/another run claimed/);
      expect(seen(await claimed(memory, nextMinute + 60_000))).toEqual({
        saved: '{"next":1}',
        outbox,
        unreadable: null,
      });
    });

    it('lets one of two runs save that overlap, whichever comes first', async () => {
      const memory = await fresh();
      const slow = await claimed(memory, minute);
      const next = await claimed(memory, nextMinute);
      const [first] = await Promise.allSettled([slow.save('{"minute":0}', outbox)]);
      const [second] = await Promise.allSettled([next.save('{"minute":1}', outbox)]);
      const saves = [first, second];
      const won = saves.findIndex(({ status }) => status === 'fulfilled');
      expect(saves.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect((await claimed(memory, nextMinute + 60_000)).saved).toBe(`{"minute":${won}}`);
    });

    it('leaves the outbox to the run that saved after, without an error', async () => {
      const memory = await fresh();
      const slow = await claimed(memory, minute);
      await slow.save('{"kept":1}', outbox);
      await (await claimed(memory, nextMinute)).save('{"next":1}', outbox);
      await slow.clearOutbox();
      expect((await claimed(memory, nextMinute + 60_000)).outbox).toEqual(outbox);
    });

    it('loses nothing when all checks claim, save and clear at the same time', async () => {
      const memory = await fresh();
      const keys = Array.from({ length: 6 }, (_, i) => ({ check: `check-${i}`, cluster: 'eu' }));
      await Promise.all(
        keys.map(async (of) => {
          const run = await claimed(memory, minute, of);
          await run.save(`"${of.check}"`, outbox);
          await run.clearOutbox();
        }),
      );
      const next = await Promise.all(keys.map((of) => claimed(memory, nextMinute, of)));
      expect(next.map(seen)).toEqual(
        keys.map((of) => ({ saved: `"${of.check}"`, outbox: emptyOutbox, unreadable: null })),
      );
    });
  });
}
