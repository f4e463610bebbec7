import { describe, expect, it } from 'vitest';
import type { FailureCode } from '../../lambdas/readings/reading.ts';
import { failing } from '../kit.ts';
import { alarmedWorld } from './alarmed-world.ts';
import { alertOf, planOf } from './planned.ts';
import { consumers } from './rule-world.ts';

const behind = planOf([alertOf('Behind', 'jetstream_consumer_num_pending > 10')]);

/** The alarm's states over three minutes in which a server's consumer is so far behind, then three in which reading fails so. */
async function statesOf(pending: number, code: FailureCode) {
  const { run } = alarmedWorld(behind);
  const silent = { varz: failing(code), paths: { '/jsz': failing(code) } };
  const states: (string | undefined)[] = [];
  for (const [n, answers] of [
    ...Array.from({ length: 3 }, () => consumers({ a: pending })),
    ...Array.from({ length: 3 }, () => silent),
  ].entries())
    states.push((await run(n, answers)).alarm);
  return states.slice(2);
}

describe('a rule of a server that could not be asked', () => {
  it.each(['dns', 'not-reached'] as const)(
    'keeps the state of its alarm (%s), whatever that is',
    async (code) => {
      expect(await statesOf(30, code)).toEqual(['ALARM', 'ALARM', 'ALARM', 'ALARM']);
      expect(await statesOf(3, code)).toEqual(['OK', 'OK', 'OK', 'OK']);
    },
  );

  it('does not fire where the server does not answer: as in Prometheus, its series end', async () => {
    expect(await statesOf(30, 'timeout')).toEqual(['ALARM', 'OK', 'OK', 'OK']);
  });
});
