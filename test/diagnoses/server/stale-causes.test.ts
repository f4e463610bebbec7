import { describe, expect, it } from 'vitest';
import { causesOf, type StaleFacts } from '../../../lambdas/diagnoses/server/stale-causes.ts';
import { networkOf, type StaleRow } from '../../../lambdas/diagnoses/server/stale-rows.ts';
import { minutes, seconds } from '../../../lambdas/define.ts';
import { firstMinute } from '../../kit.ts';

const row = (changes: Partial<StaleRow> = {}): StaleRow => ({
  who: 'billing',
  ip: '10.0.3.7',
  at: firstMinute,
  pendingBytes: 25,
  hangs: false,
  lifetimeSeconds: 600,
  ...changes,
});
const facts = (changes: Partial<StaleFacts> = {}): StaleFacts => ({
  kind: 'clients',
  rows: [],
  pingIntervalMs: minutes(2),
  pingMax: 2,
  cpuPercent: 10,
  cores: 2,
  memoryBytes: 2 ** 30,
  memoryLimitBytes: undefined,
  slowConsumers: 0,
  version: '2.15.1',
  before: null,
  at: firstMinute,
  ...changes,
});
const headlines = (changes: Partial<StaleFacts>) => causesOf(facts(changes)).map(({ headline }) => headline);

const spread = (count: number, changes: (i: number) => Partial<StaleRow>) =>
  Array.from({ length: count }, (_, i) => row({ who: `pod-${i}`, ...changes(i) }));

describe('stale connections of one network', () => {
  const pods = spread(5, (i) => ({ ip: `10.0.3.${i}`, at: firstMinute + seconds(i) }));

  it('that broke together point to what lies between: firewall, load balancer, NAT', () => {
    expect(headlines({ rows: pods })).toEqual(['5 of them are in 10.0.3.0/24 and broke at one time']);
    expect(causesOf(facts({ rows: pods }))[0]?.remedy).toContain('firewall, load balancer or NAT gateway');
  });

  it('count as together within one ping_interval, for each has its own timer, and not beyond', () => {
    const apart = (gap: number) => spread(3, (i) => ({ ip: `10.0.3.${i}`, at: firstMinute + i * gap }));
    expect(headlines({ rows: apart(minutes(1)) })).toHaveLength(1);
    expect(headlines({ rows: apart(minutes(1) + 1) })).toEqual([]);
  });

  it('are a NAT gateway even where all come from one address, under many names', () => {
    expect(headlines({ rows: spread(4, () => ({})) })).toEqual([
      '4 of them are in 10.0.3.0/24 and broke at one time',
    ]);
  });

  it('are nothing where two of many happen to share it', () => {
    expect(headlines({ rows: spread(6, (i) => ({ ip: `10.0.${i % 5}.1` })) })).toEqual([]);
  });
});

describe('one client again and again', () => {
  const again = (changes: Partial<StaleRow>) =>
    [0, 1, 2].map((i) => row({ at: firstMinute + i * minutes(3), ...changes }));

  it('hangs, if bytes waited for it', () => {
    expect(causesOf(facts({ rows: again({ pendingBytes: 22_550_263, hangs: true }) }))[0]).toMatchObject({
      headline: 'billing hangs again and again',
      evidence: 'billing 3 of 3 times, from 10.0.3.7; up to 21.5 MiB waited for it: it no longer read',
    });
  });

  it('vanishes, if nothing waited: its network or its host', () => {
    expect(headlines({ rows: again({}) })).toEqual(['billing vanishes again and again']);
  });

  it('is not one that was stale once', () => {
    expect(headlines({ rows: [row()] })).toEqual([]);
  });
});

describe('the server itself', () => {
  it('is short of CPU from 80 % of its cores on', () => {
    expect([headlines({ cpuPercent: 159 }), headlines({ cpuPercent: 160 })]).toEqual([
      [],
      ['the server is short of CPU'],
    ]);
  });

  it('is short of memory from 90 % of GOMEMLIMIT on, and without one nobody knows', () => {
    const memory = (memoryBytes: number, memoryLimitBytes?: number) =>
      headlines({ memoryBytes, memoryLimitBytes });
    expect([memory(899, 1_000), memory(900, 1_000), memory(900)]).toEqual([
      [],
      ['the server is short of memory'],
      [],
    ]);
  });

  it('may have changed its version within the last hour', () => {
    const before = { version: '2.10.27', lastSeen: firstMinute - minutes(12) };
    expect(headlines({ before })).toEqual(['nats-server changed from 2.10.27 to 2.15.1 12 min ago']);
  });

  it('may ask too impatiently: silence of 15 s is enough, of 16 s is not', () => {
    expect([
      headlines({ pingIntervalMs: 15_000, pingMax: 1 }),
      headlines({ pingIntervalMs: 16_000, pingMax: 1 }),
    ]).toEqual([['15 s of silence is enough to be dropped'], []]);
  });

  it('asks gateways every 15 s whatever ping_interval says', () => {
    expect(headlines({ kind: 'gateways', pingMax: 1 })).toEqual(['15 s of silence is enough to be dropped']);
  });
});

it('leafnodes that lived two seconds were given up in the handshake with their hub', () => {
  const rows = [row({ who: 'hub', lifetimeSeconds: 2 })];
  expect(headlines({ kind: 'leafnodes', rows })).toEqual(['the hub did not answer the handshake within 2 s']);
  expect(headlines({ kind: 'clients', rows })).toEqual([]);
});

it('every cause that holds is shown, the server’s own first', () => {
  const rows = [0, 1, 2].map((i) => row({ at: firstMinute + i * minutes(3) }));
  expect(headlines({ rows, cpuPercent: 190 })).toEqual([
    'the server is short of CPU',
    'billing vanishes again and again',
  ]);
});

it.each([
  ['10.0.3.7', '10.0.3.0/24'],
  ['::ffff:10.0.3.7', '10.0.3.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::7', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('the network of %s is %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network);
});
