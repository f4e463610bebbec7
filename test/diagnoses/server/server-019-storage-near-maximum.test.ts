import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-019-storage-near-maximum.ts';
import { jsz, member } from '../../jetstream-kit.ts';
import { failing, server, watching } from '../../kit.ts';

const storing = (storage: number, max_storage = 1_000) =>
  member('n1', { jsz: jsz({ storage, streams: 2, config: { max_memory: 0, max_storage } }) });

describe('SERVER_019, store near its maximum', () => {
  it.each([
    [899, 'ok'],
    [900, 'warning'],
    [949, 'warning'],
    [950, 'critical'],
    [1_014, 'critical'],
  ])('with %d of 1,000 bytes is %s, in the second look', (storage, outcome) => {
    const watch = watching(diagnosis, { remembers: true });
    expect(watch.look([storing(storage)]).outcomes).toEqual({ n1: 'ok' });
    expect(watch.look([storing(storage)]).outcomes).toEqual({ n1: outcome });
  });

  it('says how much it stores of what it may, and ends when there is room', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([storing(960)]);
    expect(watch.look([storing(960)]).findings).toMatchObject([
      {
        entity: { kind: 'server', name: 'n1' },
        summary: 'JetStream of n1 stores 960 B of at most 1,000 B: 96 %, limit 95 %.',
        evidence: ['it holds 2 replicas of streams'],
      },
    ]);
    for (let minute = 0; minute < 5; minute += 1) watch.look([storing(10)]);
    expect(watch.look([storing(10)]).findings).toEqual([]);
  });

  const alarmsOf = (max_storage: number, storage: number) => {
    const config = { max_memory: 0, max_storage, sync_interval: 0 };
    const n1 = member('n1', {
      jsz: jsz({ storage, streams: 2, config: { max_memory: 0, max_storage: 1_000 } }),
      varz: { jetstream: { config } },
    });
    const watch = watching(diagnosis, { remembers: true });
    watch.look([n1]);
    return watch.look([n1]).findings.map(({ severity, alarm }) => [severity, alarm]);
  };

  it("has the rule's alarm as the page of its warnings, which is on already, and that of open findings for what is critical", () => {
    expect([alarmsOf(1_000, 920), alarmsOf(1_000, 960)]).toEqual([
      [['warning', 'nats/c1/NatsHighJetstreamStoreUsage/n1/warning']],
      [['critical', null]],
    ]);
  });

  it('pages by findings for both where /varz shows no maximum, which the rule goes by', () => {
    expect([alarmsOf(0, 920), alarmsOf(0, 960)]).toEqual([[['warning', null]], [['critical', null]]]);
  });

  it('does not apply where JetStream is off or has no file store, and is unknown where it is not read', () => {
    const off = member('n1', { jsz: jsz({ disabled: true }) });
    expect(watching(diagnosis).look([off]).outcomes).toEqual({ n1: 'not-applicable' });
    expect(watching(diagnosis).look([storing(0, 0)]).outcomes).toEqual({ n1: 'not-applicable' });
    expect(watching(diagnosis).look([server('n1', { jsz: failing() })]).outcomes).toEqual({ n1: 'unknown' });
  });
});
