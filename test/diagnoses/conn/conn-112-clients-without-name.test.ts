import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/conn/conn-112-clients-without-name.ts';
import { many, mqttClient, serving } from '../../clients-kit.ts';
import { watching } from '../../kit.ts';

const every = minutes(5);
const unnamed = (count: number) => many(count, () => ({ name: undefined, ip: '10.0.0.7' }));

describe('CONN_112, clients without a name', () => {
  it.each([
    [10, []],
    [11, ['info']],
  ])('is for information from eleven of a cluster on: %d', (count, expected) => {
    const half = Math.floor(count / 2);
    const look = watching(diagnosis, { every }).look([
      serving('n1', unnamed(half)),
      serving('n2', [...unnamed(count - half), ...many(5)]),
    ]);
    expect(look.findings.map(({ severity }) => severity)).toEqual(expected);
  });

  it('is one finding that says where they are', () => {
    const [finding] = watching(diagnosis, { every }).look([
      serving('n1', [...unnamed(15), ...many(5)]),
    ]).findings;
    expect(finding).toMatchObject({
      summary: '15 of 20 clients of cluster c1 (75 %) have no name.',
      evidence: ['addresses: 10.0.0.7 15', 'accounts: APP 15', 'libraries: go 1.48.0 15'],
    });
  });

  it('takes the id of an MQTT client for its name', () => {
    const devices = Array.from({ length: 50 }, (_, i) => mqttClient({ cid: i, mqtt_client: `pump-${i}` }));
    expect(watching(diagnosis, { every }).look([serving('n1', devices)]).seen).toEqual({
      cluster: '0 of 50 clients without a name',
    });
  });

  it('is not known before all pages of a server were read, and counts all of them then', () => {
    const rows = [...unnamed(4_096), ...many(2_000)];
    const watch = watching(diagnosis, { every });
    const first = watch.look([serving('n1', rows, { turn: 0 })]);
    expect([first.outcomes, first.seen]).toEqual([
      { cluster: 'unknown' },
      {
        cluster:
          'n1: page 1 of 2 of its 6,096 connections was read, not all were yet: one comes with each run',
      },
    ]);
    expect(watch.look([serving('n1', rows, { turn: 1 })]).seen).toEqual({
      cluster: '4,096 of 6,096 clients without a name',
    });
    expect(watch.look([serving('n1', rows, { turn: 2 })]).findings).toHaveLength(1);
  });
});
