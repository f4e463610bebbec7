import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/conn/conn-115-reconnect-storm.ts';
import type { ClosedConnection } from '../../../lambdas/define.ts';
import { closed, failing, server, varz, watching } from '../../kit.ts';

type Minute = {
  readonly connections: number;
  /** Came since the last look. */
  readonly opened: number;
  /** Rows that the ring shows, where it is read. */
  readonly rows?: readonly Partial<ClosedConnection>[];
  readonly start?: number;
};

/** Looks a minute apart at one server; the ring shows each minute what left. */
function watch(options: Parameters<typeof watching>[1] = {}) {
  const own = watching(diagnosis, options);
  let total = 100_000;
  return {
    look({ connections, opened, rows, start }: Minute) {
      total += opened;
      const own_ = { connections, total_connections: total, ...(start === undefined ? {} : { start }) };
      return own.look([
        server('n1', { varz: varz(own_), closed: rows === undefined ? failing() : closed(rows) }),
      ]);
    },
  };
}
const left = (count: number, changes: Partial<ClosedConnection> = {}) =>
  Array.from({ length: count }, () => ({ name: 'orders', lang: 'go', lifetimeSeconds: 12, ...changes }));

/** The outcome after so many minutes like this, a quiet day before. */
function after(
  count: number,
  each: Minute,
  quiet: Minute = { connections: each.connections, opened: 10, rows: [] },
) {
  const own = watch();
  for (let i = 0; i < 90; i += 1) own.look(quiet);
  const looks = Array.from({ length: count }, () => own.look(each));
  return looks.map(({ findings }) => (findings.length > 0 ? 'warning' : 'ok'));
}

describe('CONN_115, clients connect and leave again and again', () => {
  it('warns after five minutes in which a quarter of all clients and a thousand come in place of others', () => {
    const storm = { connections: 4_000, opened: 1_500, rows: left(0) };
    expect(after(6, storm)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'warning']);
  });

  it.each([
    [1_000, 4_000, 'ok'],
    [1_001, 4_000, 'warning'],
    [2_499, 10_000, 'ok'],
    [2_500, 10_000, 'warning'],
  ])('%d a minute of %d: %s', (opened, connections, expected) => {
    expect(after(6, { connections, opened, rows: [] }).at(-1)).toBe(expected);
  });

  it('is silent where so many come and go all day, as functions do that connect for each call', () => {
    const usual = { connections: 800, opened: 2_500, rows: [] };
    const looks = after(30, usual, usual);
    expect(new Set(looks)).toEqual(new Set(['ok']));
  });

  it('is silent about a batch of short-lived clients that is over within minutes', () => {
    const looks = after(5, { connections: 1_000, opened: 3_000, rows: [] });
    expect(new Set(looks)).toEqual(new Set(['ok']));
  });

  it('is silent about a deployment that replaces all clients once, over ten minutes', () => {
    const looks = after(10, { connections: 20_000, opened: 2_000, rows: [] });
    expect(new Set(looks)).toEqual(new Set(['ok']));
  });

  it('is silent where the number of clients grows by those that come', () => {
    const own = watch();
    for (let i = 0; i < 90; i += 1) own.look({ connections: 1_000, opened: 10, rows: [] });
    const looks = Array.from({ length: 8 }, (_, i) =>
      own.look({ connections: 1_000 + 2_000 * (i + 1), opened: 2_000, rows: [] }),
    );
    expect(looks.map(({ outcomes }) => outcomes['cluster']).every((outcome) => outcome === 'ok')).toBe(true);
  });

  it('is silent about what others tell of: refused logins, broken connections, health probes', () => {
    const looks = (changes: Partial<ClosedConnection>) =>
      after(7, { connections: 4_000, opened: 1_500, rows: left(1_490, changes) }).at(-1);
    expect([
      looks({ reason: 'Authentication Failure' }),
      looks({ reason: 'Read Error' }),
      looks({ name: undefined, lang: undefined, lifetimeSeconds: 0.01 }),
      looks({ reason: 'Client Closed' }),
    ]).toEqual(['ok', 'ok', 'ok', 'warning']);
  });

  it('is silent about who settings ignore', () => {
    const own = watch({ facts: { clients: { ignore: [{ name: 'batch-*' }] } } });
    for (let i = 0; i < 90; i += 1) own.look({ connections: 4_000, opened: 10, rows: [] });
    const storm = { connections: 4_000, opened: 1_500, rows: left(1_490, { name: 'batch-7' }) };
    const looks = Array.from({ length: 7 }, () => own.look(storm));
    expect(looks.at(-1)?.outcomes).toEqual({ cluster: 'ok' });
  });

  it('is silent after a restart of a server, to which all clients come back', () => {
    const own = watch();
    for (let i = 0; i < 90; i += 1) own.look({ connections: 4_000, opened: 10, rows: [] });
    const look = own.look({ connections: 4_000, opened: -90_000, rows: [], start: 1 });
    expect(look.seen).toEqual({ cluster: '0 clients a minute came in place of others, of 4,000' });
  });

  it('knows what is usual after an hour, and says nothing before', () => {
    const storm = { connections: 2_000, opened: 2_500, rows: [] };
    const quiet = { connections: 2_000, opened: 10, rows: [] };
    const outcome = (quietLooks: number) => {
      const own = watch();
      for (let i = 0; i < quietLooks; i += 1) own.look(quiet);
      const looks = Array.from({ length: 6 }, () => own.look(storm));
      return looks.at(-1)?.outcomes['cluster'];
    };
    expect([outcome(55), outcome(61)]).toEqual(['ok', 'warning']);
  });

  it('goes on as long as the storm does, and does not take it for what is usual', () => {
    const looks = after(hours(3) / minutes(1), { connections: 4_000, opened: 6_000, rows: [] });
    expect(new Set(looks.slice(6))).toEqual(new Set(['warning']));
  });

  it('says who comes and goes, from where and how long they stay', () => {
    const own = watch();
    for (let i = 0; i < 90; i += 1) own.look({ connections: 4_000, opened: 10, rows: [] });
    const storm = {
      connections: 4_000,
      opened: 1_500,
      rows: [...left(900, { ip: '10.0.0.7' }), ...left(590, { name: 'billing', lifetimeSeconds: 300 })],
    };
    const looks = Array.from({ length: 7 }, () => own.look(storm));
    expect(looks.at(-1)?.findings[0]).toMatchObject({
      severity: 'warning',
      summary:
        '1,500 clients a minute connect to cluster c1 and as many leave, while it holds 4,000; usual are 11.',
      evidence: [
        'who left: orders 900, billing 590',
        'from: 10.0.0.7 900, 10.0.0.9 590',
        'they stayed 12 s in the middle',
        'reasons: Client Closed 1,490',
        'servers: n1 1,500 a minute',
      ],
    });
  });
});
