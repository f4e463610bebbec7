import { describe, expect, it } from 'vitest';
import { days, minutes } from '../../lambdas/durations.ts';
import {
  foundBehind,
  foundTarget,
  notResolved,
  type DnsTarget,
  type FoundServer,
} from '../../lambdas/readings/found-by-name.ts';
import { firstMinute } from '../kit.ts';

const dns: DnsTarget = { dns: 'nats.internal', port: 8222, scheme: 'http', expect: null, labels: {} };
const at = firstMinute;

type Said = readonly [id: string, name?: string] | null;
/** What is found where these answer, by address; null: nobody does. */
const found = (
  answers: Readonly<Record<string, Said>>,
  before: readonly FoundServer[] = [],
  { now = at, taken = [] as readonly string[] } = {},
) =>
  foundBehind(dns, before, {
    answers: new Map(
      Object.entries(answers).map(([address, said]) => [
        address,
        said === null
          ? null
          : { server_id: said[0], ...(said[1] === undefined ? {} : { server_name: said[1] }) },
      ]),
    ),
    at: now,
    isTaken: (name) => taken.includes(name),
  });
const placed = ({ targets }: ReturnType<typeof found>) =>
  Object.fromEntries(targets.map(({ name, url }) => [name, new URL(url).host]));
const was = (name: string, address: string, changes: Partial<FoundServer> = {}): FoundServer => ({
  name,
  address,
  seenAt: at - minutes(1),
  isThere: true,
  ...changes,
});

describe('who is behind a DNS name', () => {
  it('is named by its server_name, without one by its id', () => {
    expect(placed(found({ '10.0.0.2': ['B', 'nats-1'], '10.0.0.1': ['A'] }))).toEqual({
      A: '10.0.0.1:8222',
      'nats-1': '10.0.0.2:8222',
    });
  });

  it.each([
    ['what settings would not take as a name is replaced', 'naïve server/1\u{202e}', 'na-ve-server-1'],
    ['a long name is cut', 'n'.repeat(70), 'n'.repeat(64)],
    ['nothing that could be a name is left', '☃', 'target'],
  ])('%s', (_what, given, name) => {
    expect(Object.keys(placed(found({ '10.0.0.1': ['A', given] })))).toEqual([name]);
  });

  it('is who last was at its address where nobody answers, the address where nobody was', () => {
    const before = [was('nats-0', '10.0.0.1'), was('nats-9', '10.0.0.9')];
    expect(placed(found({ '10.0.0.1': null, '10.0.0.2': null }, before))).toEqual({
      'nats-0': '10.0.0.1:8222',
      '10.0.0.2': '10.0.0.2:8222',
    });
  });

  it('is one that moved under its own name, and nobody at an address that DNS still has of it', () => {
    const before = [was('nats-0', '10.0.0.1'), was('nats-1', '10.0.0.2')];
    const moved = found(
      { '10.0.0.1': ['A', 'nats-0'], '10.0.0.2': null, '10.0.0.3': ['C', 'nats-1'] },
      before,
    );
    expect(placed(moved)).toEqual({ 'nats-0': '10.0.0.1:8222', 'nats-1': '10.0.0.3:8222' });
    expect([moved.look.gone, moved.moved]).toEqual([[], ['nats-1']]);
  });

  it('is another one at the address of one that is gone', () => {
    const reused = found({ '10.0.0.1': ['C', 'nats-2'] }, [was('nats-0', '10.0.0.1')]);
    expect(placed(reused)).toEqual({ 'nats-2': '10.0.0.1:8222' });
    expect([reused.look.gone, reused.servers.map(({ name, isThere }) => [name, isThere])]).toEqual([
      [],
      [
        ['nats-2', true],
        ['nats-0', false],
      ],
    ]);
  });

  it('is one server under two addresses, the one where it was before all others', () => {
    const both = { '10.0.0.1': ['A', 'nats-0'], '10.0.0.2': ['A', 'nats-0'] } as const;
    expect(placed(found(both))).toEqual({ 'nats-0': '10.0.0.1:8222' });
    expect(placed(found(both, [was('nats-0', '10.0.0.2')]))).toEqual({ 'nats-0': '10.0.0.2:8222' });
  });

  it('is two servers of one name apart, each as before, and apart from targets of other names', () => {
    const two = { '10.0.0.1': ['A', 'nats'], '10.0.0.2': ['B', 'nats'] } as const;
    expect(placed(found(two))).toEqual({ nats: '10.0.0.1:8222', 'nats-2': '10.0.0.2:8222' });
    const swapped = [was('nats', '10.0.0.2'), was('nats-2', '10.0.0.1')];
    expect(placed(found(two, swapped))).toEqual({ nats: '10.0.0.2:8222', 'nats-2': '10.0.0.1:8222' });
    expect(placed(found(two, [], { taken: ['nats'] }))).toEqual({
      'nats-2': '10.0.0.1:8222',
      'nats-3': '10.0.0.2:8222',
    });
  });
});

describe('who is gone from a DNS name', () => {
  it('is remembered for a day, the latest first, and goes on as it was when it comes back', () => {
    const before = [
      was('nats-1', '10.0.0.2', { seenAt: at - days(1) }),
      was('nats-2', '10.0.0.3', { seenAt: at - days(1) - 1 }),
      was('nats-0', '10.0.0.1', { seenAt: at - minutes(5), isThere: false }),
    ];
    const { look, servers } = found({}, before);
    expect(look.gone.map(({ name }) => name)).toEqual(['nats-0', 'nats-1']);
    expect(placed(found({ '10.0.0.2': null }, servers))).toEqual({ 'nats-1': '10.0.0.2:8222' });
  });

  it('is not one that never said its name, and no more than sixteen', () => {
    const before = [
      was('10.0.0.9', '10.0.0.9'),
      ...Array.from({ length: 20 }, (_, i) => was(`nats-${i}`, `10.0.1.${i}`, { seenAt: at - i })),
    ];
    expect(found({}, before).servers.map(({ name }) => name)).toEqual(
      Array.from({ length: 16 }, (_, i) => `nats-${i}`),
    );
  });
});

describe('a name that DNS does not answer for', () => {
  const failure = { code: 'dns', message: 'DNS gives no address for nats.internal: ETIMEOUT' } as const;
  const unresolved = (before: readonly FoundServer[], taken: readonly string[] = []) =>
    notResolved(dns, before, { failure, isTaken: (name) => taken.includes(name) });

  it('has the servers that it last had, asked by that name so that they fail as it does', () => {
    const before = [was('nats-0', '10.0.0.1'), was('nats-1', '10.0.0.2', { isThere: false })];
    const { targets, look, servers } = unresolved(before);
    expect(targets.map(({ name, url }) => [name, url])).toEqual([['nats-0', 'http://nats.internal:8222']]);
    expect(look).toEqual({ dns, failure, servers: ['nats-0'], gone: [before[1]] });
    expect(servers).toEqual(before);
  });

  it('is a server itself where none is known: nothing is known, and that shows', () => {
    expect(unresolved([]).targets.map(({ name }) => name)).toEqual(['nats.internal']);
    expect(unresolved([], ['nats.internal']).targets.map(({ name }) => name)).toEqual(['nats.internal-2']);
  });
});

describe('the target at an address', () => {
  it.each([
    ['IPv4', dns, '10.0.0.1', { url: 'http://10.0.0.1:8222' }],
    ['IPv6', dns, 'fd00::1', { url: 'http://[fd00::1]:8222' }],
    [
      'TLS, for the DNS name',
      { ...dns, scheme: 'https', labels: { az: 'a' } },
      '10.0.0.1',
      { url: 'https://10.0.0.1:8222', labels: { az: 'a' }, tls: { serverName: 'nats.internal' } },
    ],
    [
      'TLS, for another name',
      { ...dns, scheme: 'https', tls: { ca: 'PEM', serverName: 'nats.example' } },
      '10.0.0.1',
      { url: 'https://10.0.0.1:8222', tls: { serverName: 'nats.example', ca: 'PEM' } },
    ],
  ] as const)('by %s', (_what, given, address, expected) => {
    expect(foundTarget(given, 'n1', address)).toEqual({ name: 'n1', labels: {}, ...expected });
  });
});
