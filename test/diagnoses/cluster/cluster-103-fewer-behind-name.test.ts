import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-103-fewer-behind-name.ts';
import { minutes, type DnsLook } from '../../../lambdas/define.ts';
import { failing, firstMinute, server, watching } from '../../kit.ts';

const names = (count: number) => Array.from({ length: count }, (_, i) => `nats-${i}`);
const behind = (
  servers: readonly string[],
  changes: Partial<DnsLook> = {},
  expect: number | null = 3,
): DnsLook => ({
  dns: { dns: 'nats.internal', port: 8222, scheme: 'http', expect, labels: {} },
  failure: null,
  servers,
  gone: [],
  ...changes,
});
const left = (name: string, minutesAgo: number) => ({
  name,
  address: '10.0.0.9',
  seenAt: firstMinute - minutes(minutesAgo),
  isThere: false,
});
const dead = { code: 'dns', message: 'DNS gives no address for nats.internal: ETIMEOUT' } as const;
const first = (...looks: readonly DnsLook[]) =>
  watching(diagnosis).look(
    looks.flatMap(({ servers }) => servers.map((name) => server(name))),
    minutes(1),
    looks,
  );
const told = (...looks: readonly DnsLook[]) =>
  first(...looks).findings.map(({ severity, entity, summary }) => [severity, entity.name, summary]);

describe('CLUSTER_103, fewer servers behind a DNS name than expected', () => {
  it('is a warning once it held for two minutes', () => {
    const watch = watching(diagnosis, { remembers: true });
    const looks = Array.from({ length: 3 }, () =>
      watch.look([server('nats-0')], minutes(1), [behind(['nats-0'])]),
    );
    expect(looks.map(({ outcomes }) => outcomes)).toEqual(
      ['ok', 'ok', 'warning'].map((cluster) => ({ cluster })),
    );
  });

  it.each([
    [3, 3, []],
    [4, 3, []],
    [2, 3, ['warning']],
    [1, 3, ['warning']],
    [0, 3, ['critical']],
    [1, null, []],
    [0, null, ['critical']],
    [0, 1, ['critical']],
    [1, 1, []],
  ])('of %i servers, where %s are expected: %j', (count, expected, severities) => {
    expect(told(behind(names(count), {}, expected)).map(([severity]) => severity)).toEqual(severities);
  });

  it('says who is gone, since when and from where, and who is left', () => {
    const [finding] = first(behind(names(2), { gone: [left('nats-2', 4)] })).findings;
    expect(finding).toMatchObject({
      entity: { kind: 'name', name: 'nats.internal:8222' },
      summary: '2 of 3 servers behind nats.internal:8222: gone is nats-2.',
      observed: 1,
      limit: 1,
      evidence: ['nats-2: was at 10.0.0.9 until 2026-11-20 09:56 UTC', 'behind the name now: nats-0, nats-1'],
    });
  });

  it('says that nobody is there', () => {
    const gone = names(3).map((name) => left(name, 4));
    expect([...told(behind([], { gone })), ...told(behind([], {}, null))]).toEqual([
      [
        'critical',
        'nats.internal:8222',
        '0 of 3 servers behind nats.internal:8222: gone are nats-0, nats-1, nats-2.',
      ],
      ['critical', 'nats.internal:8222', 'No server behind nats.internal:8222.'],
    ]);
  });

  it('mentions who left within 15 minutes where nobody is missed', () => {
    expect(told(behind(names(3), { gone: [left('nats-3', 15)] }))).toEqual([
      ['info', 'nats.internal:8222', '1 server left nats.internal:8222 within 15 min: gone is nats-3.'],
    ]);
    expect(told(behind(names(3), { gone: [left('nats-3', 16)] }))).toEqual([]);
  });

  it('is told of each name by itself, though DNS does not answer for another', () => {
    const [one, other] = [behind(['nats-0']), behind(['leaf-0'], { failure: dead })];
    const named = { ...other, dns: { ...other.dns, dns: 'leafs.internal' } };
    const look = first(one, named);
    expect(look.findings.map(({ entity }) => entity.name)).toEqual(['nats.internal:8222']);
    expect(look.seen['cluster']).toContain(dead.message);
    expect(first(behind(names(3)), named).outcomes).toEqual({ cluster: 'unknown' });
  });

  it('keeps what was open while DNS does not answer', () => {
    const watch = watching(diagnosis);
    const look = (dns: DnsLook) =>
      watch.look([server('nats-0', { varz: failing('dns') })], minutes(5), [dns]);
    const looks = [
      look(behind(['nats-0'])),
      look(behind(['nats-0'], { failure: dead })),
      look(behind(names(3))),
    ];
    looks.push(look(behind(names(3))));
    expect(looks.map(({ notices }) => notices.map(({ kind }) => kind))).toEqual([
      ['opened'],
      [],
      [],
      ['resolved'],
    ]);
  });

  it('is not asked where settings name no DNS name', () => {
    expect(watching(diagnosis).look([server('n1')]).outcomes).toEqual({});
  });
});
