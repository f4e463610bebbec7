import { expect, it } from 'vitest';
import { readInterest } from '../../lambdas/readings/interest.ts';
import type { Source } from '../../lambdas/readings/source.ts';
import { failing } from '../kit.ts';
import { leafJson, leafzJson, now } from './decoders/samples.ts';

const target = { name: 'n1', url: 'http://n1:8222' };
const rowsOf = (subjects: readonly string[]) => ({
  ...{ server_id: 'S1', now, num_subscriptions: 9 },
  subscriptions_list: subjects.map((subject, cid) => ({ subject, cid, account: 'APP' })),
});

/** What is read of APP on a server with these subscriptions of its own, and of leafnodes where it is asked for them. */
async function read(own: readonly string[], leafs: readonly ReturnType<typeof leafJson>[] | null) {
  const asked: string[] = [];
  const source: Source = {
    read: (_target, { path }) => {
      asked.push(path);
      const json = path.startsWith('/subsz') ? rowsOf(own) : leafzJson([...(leafs ?? [])]);
      return Promise.resolve({ ok: true, value: { json, status: 200, bytes: 1 } } as never);
    },
  };
  return {
    reading: await readInterest(source, { target, account: 'APP', leafnodes: leafs !== null }),
    asked,
  };
}
const interest = (subjects: readonly string[], isWhole = true) => ({
  ok: true,
  value: { ofAccounts: [{ account: 'APP', subjects, isWhole }] },
});

it('is each subject that somebody subscribes to, once', async () => {
  expect(await read(['a', 'b.>', 'a'], null)).toEqual({
    reading: interest(['a', 'b.>']),
    asked: ['/subsz?subs=1&limit=4096&acc=APP'],
  });
});

it('is with what leafnodes subscribe to, where there are some', async () => {
  const leafs = [leafJson({ subscriptions_list: ['c', 'a'] }), leafJson({})];
  expect(await read(['a'], leafs)).toEqual({
    reading: interest(['a', 'c']),
    asked: ['/subsz?subs=1&limit=4096&acc=APP', '/leafz?subs=1&acc=APP'],
  });
});

it.each([
  [4_095, true],
  [4_096, false],
])('is whole with %d rows: %s', async (count, isWhole) => {
  const { reading } = await read(
    Array.from({ length: count }, (_, i) => `s${i}`),
    null,
  );
  expect(reading.ok && reading.value.ofAccounts[0]?.isWhole).toBe(isWhole);
});

it('is not known where the server does not answer', async () => {
  const source: Source = { read: () => Promise.resolve(failing()) };
  expect(await readInterest(source, { target, account: 'APP', leafnodes: true })).toEqual(failing());
});
