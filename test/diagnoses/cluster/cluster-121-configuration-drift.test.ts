import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-121-configuration-drift.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { failing, firstMinute, server, watching } from '../../kit.ts';
import { member, unclustered } from './members.ts';

const every = minutes(5);
const now = firstMinute;
const own = (name: string, changes: Partial<Varz> = {}) =>
  member(name, 2, { now, start: now - hours(900), config_load_time: now - hours(300), ...changes });
const others = [own('n1'), own('n2')];
const mib = 1_024 ** 2;
const gb = 1e9;
const jetstream = (config: Partial<NonNullable<Varz['jetstream']['config']>>) => ({
  jetstream: {
    stats: {},
    config: { max_memory: mib * 64, max_storage: gb, sync_interval: 120e9, ...config },
  },
});
const remote = (url: string, local_account = 'APP') => ({ urls: [url], local_account });
const dialling = (...remotes: readonly { urls: string[]; local_account: string }[]): Partial<Varz> => ({
  leaf: { port: 0, remotes },
});
const joined = (...names: readonly string[]): Partial<Varz> => ({
  gateway: { name: 'east', port: 7_222, gateways: names.map((name) => ({ name })) },
});

const drift = (n3: Partial<Varz>, same: Partial<Varz> = {}) =>
  watching(diagnosis, { every }).look([own('n1', same), own('n2', same), own('n3', { ...same, ...n3 })])
    .findings;

describe('CLUSTER_121, servers of one cluster that are configured differently', () => {
  it('are one warning for the cluster, by name and value', () => {
    const n3 = own('n3', { max_payload: 8 * mib, max_connections: 1_000, config_load_time: now - hours(50) });
    expect(watching(diagnosis, { every }).look([...others, n3]).findings).toMatchObject([
      {
        severity: 'warning',
        entity: { kind: 'cluster', name: 'east' },
        summary:
          'In cluster east n3 differs from most of 3 servers in 2 settings: max_payload, max_connections.',
        evidence: [
          'max_payload: n3 8 MiB, the others 1 MiB',
          'max_connections: n3 1,000, the others 65,536',
          'n3 has loaded its configuration on 2026-11-18 08:00 UTC',
        ],
      },
    ]);
  });

  it('of whom there are two have no majority', () => {
    const two = [own('n1'), own('n2', { max_payload: 8 * mib })];
    expect(watching(diagnosis, { every }).look(two).findings).toMatchObject([
      {
        summary: 'The 2 watched servers of cluster east differ in 1 setting: max_payload.',
        evidence: [
          expect.stringMatching(/^max_payload: n\d \d MiB, as many others \d MiB$/),
          expect.anything(),
        ],
      },
    ]);
  });

  it.each<[string, Partial<Varz>, Partial<Varz>, string]>([
    ['max_payload', { max_payload: mib + 1 }, {}, 'n3 1,048,577 B, the others 1 MiB'],
    ['max_subscriptions', { max_subscriptions: 10 }, {}, 'n3 10, the others none'],
    ['max_pending', { max_pending: mib }, {}, 'n3 1 MiB, the others 64 MiB'],
    ['max_control_line', { max_control_line: 8_192 }, {}, 'n3 8 KiB, the others 4 KiB'],
    ['ping_interval', { ping_interval: 30e9 }, {}, 'n3 30 s, the others 2 min'],
    ['ping_max', { ping_max: 5 }, {}, 'n3 5, the others 2'],
    ['write_deadline', { write_deadline: 2.5e9 }, {}, 'n3 2.5 s, the others 10 s'],
    ['tls', { tls_required: true }, {}, 'n3 on, the others off'],
    ['tls.verify', { tls_verify: true }, {}, 'n3 on, the others off'],
    ['leafnodes.remotes', dialling(), dialling(remote('a')), 'n3 none, the others 1 remote of account APP'],
    [
      'gateway.gateways',
      joined('east', 'west'),
      joined('east', 'west', 'north'),
      'n3 east, west, the others east, north, west',
    ],
    ['jetstream.domain', jetstream({ domain: 'a' }), jetstream({}), 'n3 a, the others none'],
    [
      'jetstream.max_memory_store',
      jetstream({ max_memory: mib * 32 }),
      jetstream({}),
      'n3 32 MiB, the others 64 MiB',
    ],
    [
      'jetstream.max_file_store',
      jetstream({ max_storage: 2 * gb }),
      jetstream({}),
      'n3 2,000,000,000 B, the others 1,000,000,000 B',
    ],
    [
      'jetstream.sync_interval',
      jetstream({ sync_always: true }),
      jetstream({}),
      'n3 always, the others 2 min',
    ],
    [
      'feature_flags.f',
      { feature_flags: { f: true } },
      { feature_flags: { f: false } },
      'n3 on, the others off',
    ],
  ])('may differ in %s', (option, n3, same, words) => {
    expect(drift(n3, same).map(({ evidence }) => evidence[0])).toEqual([`${option}: ${words}`]);
  });

  it.each<[string, Partial<Varz>, Partial<Varz>]>([
    [
      'differ by name, ports and folders alone',
      { port: 1, host: '10.0.0.3', config_digest: 'x' },
      { config_digest: 'y' },
    ],
    [
      'have as much JetStream as their disks and memory had room for',
      jetstream({ max_memory: 18_957_020_160, max_storage: 54_567_890_123 }),
      jetstream({ max_memory: 18_957_020_161, max_storage: 54_567_890_999 }),
    ],
    ['dial other hubs', dialling(remote('b')), dialling(remote('a'))],
    ['list their own gateway or not', joined('west'), joined('east', 'west')],
    [
      'run releases with other flags',
      { version: '2.14.1', feature_flags: { f: true } },
      { feature_flags: { f: false } },
    ],
    ['have no JetStream on one of them', { jetstream: {} }, jetstream({})],
    [
      'run a release that knows no pool',
      {},
      { cluster: { name: 'east', cluster_port: 6_222, pool_size: 3 } },
    ],
  ])('are none where they %s', (_, n3, same) => {
    const isOlder = 'cluster' in same ? { cluster: { name: 'east', cluster_port: 6_222 } } : {};
    expect(drift({ ...n3, ...isOlder }, same)).toEqual([]);
  });

  it('are told after an hour: a rolling reload is silent', () => {
    const watch = watching(diagnosis, { every, remembers: true });
    const n3 = own('n3', { max_payload: 8 * mib });
    const told = Array.from({ length: 15 }, (_, i) =>
      watch.look([...others, n3]).notices.length > 0 ? [i * 5] : [],
    );
    expect(told.flat()).toEqual([60]);
  });

  it.each([
    [hours(1) - 1_000, 'ok'],
    [hours(1), 'warning'],
  ])('wait at the first look where one has loaded its configuration %d ms ago', (age, outcome) => {
    const n3 = own('n3', { max_payload: 8 * mib, config_load_time: now - age });
    expect(watching(diagnosis, { every }).look([...others, n3]).outcomes).toEqual({ cluster: outcome });
  });

  it('end when they are alike', () => {
    const watch = watching(diagnosis, { every });
    const odd = [...others, own('n3', { ping_max: 9 })];
    const alike = [...others, own('n3')];
    const looks = [odd, alike, alike].map((servers) => watch.look(servers));
    expect(looks.flatMap(({ notices }) => notices.map(({ kind }) => kind))).toEqual(['opened', 'resolved']);
  });

  it.each([
    ['a single server', [own('n1')], 'not-applicable'],
    ['a hub and its leaf server', [...others, unclustered('leaf1')], 'ok'],
    ['one that cannot be read', [...others, server('n3', { varz: failing() })], 'unknown'],
  ])('of %s are not compared', (_, servers, outcome) => {
    expect(watching(diagnosis, { every }).look(servers).outcomes).toEqual({ cluster: outcome });
  });
});
