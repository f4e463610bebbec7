import { describe, expect, it } from 'vitest';
import consumerReplica from '../../../lambdas/diagnoses/consumer/consumer-001-replica-offline.ts';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-108-replica-silent.ts';
import type { Diagnosis } from '../../../lambdas/define.ts';
import type { Replica } from '../../../lambdas/readings/decoders/assets.ts';
import type { TargetReadings } from '../../../lambdas/engine/judgement/views.ts';
import { assets, consumer, ledBy, member, stream } from '../../jetstream-kit.ts';
import { failing, server, watching } from '../../kit.ts';

type Changes = Readonly<Record<string, Partial<Replica>>>;

const groupOf = (self: string, leader: string, changes: Changes) => {
  const group = ledBy(leader, self);
  // A follower says of another one that it is not current and was never heard, healthy or not.
  const replicas = (group.replicas ?? []).map((each) =>
    self === leader ? { ...each, ...changes[each.name] } : { ...each, current: false, active: 0 },
  );
  return { ...group, replicas };
};

const silent = { current: false, active: 11e9 };
const dead = (name: string) =>
  server(name, {
    varz: failing('timeout'),
    streams: failing('timeout'),
    consumers: failing('timeout'),
  });

/** Three servers that hold these streams, led by n1, as n1 sees the others; each with two consumers. */
const seen = (
  streams: Readonly<Record<string, Changes>>,
  { down = [], ofConsumers }: { down?: readonly string[]; ofConsumers?: Changes } = {},
): readonly TargetReadings[] =>
  ['n1', 'n2', 'n3'].map((name) => {
    if (down.includes(name)) return dead(name);
    const rows = Object.entries(streams).map(([own, changes]) =>
      stream({
        name: own,
        group: groupOf(name, 'n1', changes),
        state: { consumers: 2 },
        consumers: [consumer({ group: groupOf(name, 'n1', ofConsumers ?? changes) })],
      }),
    );
    return member(name, { streams: assets(...rows), consumers: assets(...rows) });
  });

const after = (minutes: number, servers: readonly TargetReadings[], of: Diagnosis = diagnosis) => {
  const watch = watching(of, { remembers: true });
  for (let i = 0; i < minutes; i += 1) watch.look(servers);
  return watch.look(servers).findings;
};

describe('JETSTREAM_108, a replica that does not follow', () => {
  it('names the server once for all its streams and consumers, after five minutes', () => {
    const all = Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`S${i}`, { n3: silent }]));
    const now = seen(all, { down: ['n3'] });
    expect(after(4, now)).toEqual([]);
    expect(after(5, now)).toMatchObject([
      {
        severity: 'warning',
        entity: { kind: 'server', name: 'n3' },
        summary:
          'n3 is missing in 14 streams, with 28 consumers: S0 (APP), S1 (APP), S2 (APP), S3 (APP), S4 (APP) and 9 more.',
        evidence: expect.arrayContaining([
          'n3 does not answer (timeout)',
          'S0 (APP): n3 heard 11 s ago by n1',
        ]) as string[],
      },
    ]);
    expect(after(5, now, consumerReplica)).toEqual([]);
  });

  it.each([
    ['heard 10 s ago and not current', { current: false, active: 10e9 }, true],
    ['heard 9.9 s ago, catching up', { current: false, active: 9.9e9 }, false],
    ['dead before the leader was elected', { current: false, active: 0 }, true],
    ['stopped politely, still current', { offline: true }, true],
    ['current, and not yet heard', { current: true, active: 0 }, false],
    ['not yet a member', { current: false, active: 0, pending: true }, false],
  ])('of one that is %s', (_, changes, isFound) => {
    expect(after(5, seen({ ORDERS: { n3: changes } }))).toHaveLength(isFound ? 1 : 0);
  });

  it('says that a server answers and its JetStream runs, or is off', () => {
    const running = seen({ ORDERS: { n3: silent } });
    expect(after(5, running)[0]?.evidence[0]).toMatch(/^n3 answers and its JetStream runs: is the network/);
    const off = running.map((each) =>
      each.target.name === 'n3' ? member('n3', { streams: { ...assets(), disabled: true } }) : each,
    );
    expect(after(5, off)[0]?.evidence[0]).toBe('n3 answers, and its JetStream is off');
  });

  it('names the stream where its server follows in others', () => {
    expect(after(5, seen({ ORDERS: { n3: silent }, OTHER: {} }))).toMatchObject([
      {
        entity: { kind: 'stream', name: 'ORDERS (APP)' },
        summary: 'Stream ORDERS (APP) goes on without its replica on n3, which takes part in others.',
      },
    ]);
  });

  it('is silent over a rolling restart, each server away for three minutes', () => {
    const watch = watching(diagnosis, { remembers: true });
    const away = (name: string) => Array.from({ length: 4 }, () => seen({ ORDERS: { [name]: silent } }));
    const looks = [...away('n2'), ...away('n3'), seen({ ORDERS: {} })].map((now) => watch.look(now));
    expect(looks.flatMap(({ notices }) => notices)).toEqual([]);
  });

  it('ends when the server follows again', () => {
    const watch = watching(diagnosis, { remembers: true });
    for (let i = 0; i < 6; i += 1) watch.look(seen({ ORDERS: { n3: silent } }));
    const kinds = Array.from({ length: 6 }, () => watch.look(seen({ ORDERS: {} })).notices).flat();
    expect(kinds.map(({ kind }) => kind)).toEqual(['resolved']);
  });
});

describe('CONSUMER_001, a replica of a consumer', () => {
  it('is told of where the server follows in the stream', () => {
    expect(after(4, seen({ ORDERS: {} }, { ofConsumers: { n3: silent } }), consumerReplica)).toEqual([]);
    expect(after(5, seen({ ORDERS: {} }, { ofConsumers: { n3: silent } }), consumerReplica)).toMatchObject([
      {
        severity: 'warning',
        entity: { kind: 'consumer', name: 'ORDERS > shipping (APP)' },
        summary: 'Consumer ORDERS > shipping (APP) goes on without 1 replica that its stream has: n3.',
      },
    ]);
  });
});
