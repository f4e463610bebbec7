import { describe, expect, it } from 'vitest';
import type { FailureCode } from '../../lambdas/readings/reading.ts';
import type { Answers } from '../engine/fake-ports.ts';
import { failing } from '../kit.ts';
import { alarmedWorld } from './alarmed-world.ts';
import { alertOf, planOf } from './planned.ts';
import { consumers, ruleWorld } from './rule-world.ts';

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

  it.each([
    'absent(up)',
    'absent(up{server_id="n1"})',
    'absent(gnatsd_varz_mem)',
    'absent(jetstream_consumer_num_pending)',
    'count(up) < 1 or absent(up)',
  ])('does not fire for what is not there then: %s', async (expr) => {
    const { run } = alarmedWorld(planOf([alertOf('Gone', expr, { forMs: 60_000 })]));
    const answers = consumers({ a: 3 });
    const blind = { ...answers, paths: { '/jsz': failing('not-reached') } };
    const unasked = ['dns', 'not-reached'] as const;
    const silent = unasked.map((code) => ({ varz: failing(code), paths: { '/jsz': failing(code) } }));
    const states: unknown[] = [];
    for (const [i, each] of [answers, ...silent, blind, answers].entries())
      for (let n = 0; n < 3; n += 1) states.push((await run(3 * i + n, each)).alarm);
    expect(states.slice(1)).toEqual(states.slice(1).map(() => 'OK'));
  });

  it.each(['count(up == 1) < 2', 'sum(gnatsd_varz_connections) < 9', 'max(gnatsd_varz_connections) < 5'])(
    'does not fire for the little that the other servers have: %s',
    async (expr) => {
      const { run } = ruleWorld(planOf([alertOf('Few', expr)]), ['n1', 'n2']);
      const [n1, n2] = [{ varz: { connections: 4 } }, { varz: { connections: 5 } }];
      const published = async (n: number, varz: NonNullable<Answers['varz']>) =>
        (await run(n, { n1, n2: { varz } })).published['nats_rule Few'];
      const points = [await published(0, n2.varz), await published(1, failing('not-reached'))];
      expect(points.map((some) => some !== undefined)).toEqual([true, false]);
      expect(await published(2, failing('timeout'))).toBeDefined();
    },
  );

  it('goes on firing for what is not there where it did', async () => {
    const { run } = alarmedWorld(planOf([alertOf('Gone', 'absent(jetstream_consumer_num_pending)')]));
    const states: unknown[] = [];
    for (const [n, each] of [{}, {}, { varz: failing('dns') }, { varz: failing('dns') }, {}].entries())
      states.push((await run(n, each)).alarm);
    expect(states.slice(1)).toEqual(['ALARM', 'ALARM', 'ALARM', 'ALARM']);
  });

  it('does not fire where the server does not answer: as in Prometheus, its series end', async () => {
    expect(await statesOf(30, 'timeout')).toEqual(['ALARM', 'OK', 'OK', 'OK']);
  });
});
