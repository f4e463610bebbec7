import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/conn/conn-113-one-name-many-connections.ts';
import { lookingAt, many, serving } from '../../clients-kit.ts';
import { watching } from '../../kit.ts';

const every = minutes(5);
const after = (...servers: readonly ReturnType<typeof serving>[]) =>
  lookingAt(watching(diagnosis, { every }), servers, servers, servers);
const fromOne = (count: number, name = 'ingest') => many(count, () => ({ ip: '10.0.0.7', name }));

describe('CONN_113, one client name on very many connections from one address', () => {
  it.each([
    [100, []],
    [101, ['info']],
    [1_000, ['info']],
    [1_001, ['warning']],
  ])('%d: %j, over all servers', (count, expected) => {
    const half = Math.floor(count / 2);
    const look = after(serving('n1', fromOne(half)), serving('n2', fromOne(count - half)));
    expect(look.findings.map(({ severity }) => severity)).toEqual(expected);
  });

  it('names the client, its address, servers and library', () => {
    const [finding] = after(
      serving('n1', fromOne(800)),
      serving('n2', [...fromOne(300), ...many(1, () => ({ name: 'ingest' }))]),
    ).findings;
    expect(finding).toMatchObject({
      entity: { kind: 'client', name: 'ingest (APP)' },
      summary: 'Client ingest (APP) holds 1,100 connections from 10.0.0.7 alone, limit 1,000.',
      evidence: [
        'in all: 1,101 connections from 2 addresses',
        'servers now: n1 800, n2 300',
        'library: go 1.48.0',
      ],
    });
  });

  it('is silent about a thousand and more instances of one deployment, each at an address of its own', () => {
    expect(
      after(
        serving(
          'n1',
          many(1_500, () => ({ name: 'ingest' })),
        ),
      ).findings,
    ).toEqual([]);
  });

  it('is silent about an address that many names share: a proxy, a NAT gateway', () => {
    const behind = (names: number) =>
      Array.from({ length: names }, (_, i) => fromOne(1_100, `app-${i}`)).flat();
    expect(after(serving('n1', behind(3))).findings).toHaveLength(3);
    const shared = [...fromOne(1_100), ...Array.from({ length: 8 }, (_, i) => fromOne(2, `app-${i}`)).flat()];
    expect(after(serving('n1', shared)).findings).toEqual([]);
  });

  it('keeps accounts apart, and leaves out clients without a name and those that settings ignore', () => {
    const rows = [
      ...many(90, () => ({ ip: '10.0.0.7', name: 'ingest', account: 'A' })),
      ...many(90, () => ({ ip: '10.0.0.7', name: 'ingest', account: 'B' })),
      ...many(500, () => ({ ip: '10.0.0.7', name: undefined })),
    ];
    expect(after(serving('n1', rows)).findings).toEqual([]);
    const watch = watching(diagnosis, { every, facts: { clients: { ignore: [{ name: 'ing*' }] } } });
    const same = [serving('n1', fromOne(2_000))];
    expect(lookingAt(watch, same, same, same).findings).toEqual([]);
  });
});
