import { describe, expect, it } from 'vitest';
import { oneServer } from '../../lambdas/readings/one-server.ts';
import type { Reading } from '../../lambdas/readings/reading.ts';
import type { Varz } from '../../lambdas/readings/endpoints.ts';
import { failing, firstMinute, varz } from '../kit.ts';
import { target } from './fake-ports.ts';

const answerOf = (server_id: string): Reading<Varz> => ({ ok: true, value: varz({ server_id }) });

/** Replies of endpoints by who gives them, one after another, the last again and again; `/healthz` tells nobody. */
async function taken(its: Reading<Varz>, replies: Readonly<Record<string, readonly string[]>>) {
  const server = oneServer(target('n1'), () => Promise.resolve(its));
  const said: string[] = [];
  for (const [path, by] of Object.entries(replies)) {
    const reading = await server.take<string>({
      path,
      read: (attempt) => Promise.resolve({ ok: true, value: by[attempt] ?? by.at(-1) ?? '' }),
      answererOf: (id) => (id === '' ? null : { id, now: firstMinute }),
    });
    said.push(`${path}: ${reading.ok ? reading.value : reading.failure.message}`);
  }
  return { said, instead: (await server.sighting()).instead };
}

const another = (path: string, by: string, first: string, owner: string) =>
  `${path}: n1 ${path}: answered by server ${by}, while ${first} was answered by ${owner}: it restarted, or the URL leads ` +
  'to several servers';

describe('replies of a run', () => {
  it('are of the server that answered /varz', async () => {
    const replies = { '/leafz': ['A'], '/jsz': ['B', 'A'], '/subsz': ['B'], '/healthz': [''] };
    expect(await taken(answerOf('A'), replies)).toEqual({
      said: ['/leafz: A', '/jsz: A', another('/subsz', 'B', '/varz', 'A'), '/healthz: '],
      instead: null,
    });
  });

  it.each(['timeout', 'status'] as const)(
    'are of the first that tells who it is where /varz fails (%s)',
    async (failure) => {
      const replies = { '/healthz': [''], '/leafz': ['B'], '/jsz': ['A', 'B'], '/subsz': ['A'] };
      expect(await taken(failing(failure), replies)).toEqual({
        said: ['/healthz: ', '/leafz: B', '/jsz: B', another('/subsz', 'A', '/leafz', 'B')],
        instead: { id: 'B', now: firstMinute },
      });
    },
  );

  it('are taken of one server though /varz fails, and of nobody where none tells', async () => {
    expect(await taken(failing('timeout'), { '/leafz': ['A'], '/jsz': ['A'] })).toEqual({
      said: ['/leafz: A', '/jsz: A'],
      instead: { id: 'A', now: firstMinute },
    });
    expect(await taken(failing('timeout'), { '/healthz': [''] })).toEqual({
      said: ['/healthz: '],
      instead: null,
    });
  });
});
