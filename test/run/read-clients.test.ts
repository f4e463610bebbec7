import { describe, expect, it } from 'vitest';
import { readClients, type Ask } from '../../lambdas/run/read-clients.ts';
import { readServices } from '../../lambdas/run/read-services.ts';
import { failing, varz } from '../kit.ts';
import { now, openRowJson } from '../readings/decoders/samples.ts';

type Row = Parameters<typeof openRowJson>[0];

/** `900ms` is 900. */
const figure = (value: unknown): number =>
  typeof value === 'number' ? value : Number.parseFloat(typeof value === 'string' ? value : '0');

/** A server with these connections, and what it was asked for. */
function serverOf(rows: readonly Row[], subjects: readonly string[] = []) {
  const asked: string[] = [];
  const ask: Ask = ({ request: { path }, decode }) => {
    asked.push(path);
    const { pathname, searchParams: query } = new URL(path, 'http://n1');
    const [limit, offset] = [Number(query.get('limit') ?? 1_024), Number(query.get('offset') ?? 0)];
    const order = { rtt: 'rtt', pending: 'pending_bytes', subs: 'subscriptions' }[query.get('sort') ?? ''];
    const sorted =
      order === undefined ? rows : rows.toSorted((a, b) => figure(b?.[order]) - figure(a?.[order]));
    const connections = sorted
      .slice(offset, offset + limit)
      .map((row) => openRowJson({ jwt: undefined, ...row }));
    const page = { num_connections: connections.length, total: rows.length, offset, limit, connections };
    const listening = subjects.map((subject, cid) => ({ subject, cid, account: 'APP' }));
    const ofOne = {
      connections: [
        { cid: Number(query.get('cid')), subscriptions: subjects.length, subscriptions_list: subjects },
      ],
    };
    const reply =
      pathname === '/subsz'
        ? { num_subscriptions: 9, subscriptions_list: listening }
        : query.has('cid')
          ? ofOne
          : page;
    const decoded = decode({ server_id: 'S1', now, ...reply }, 200);
    if (!decoded.ok) throw new Error(decoded.problem);
    return Promise.resolve(decoded);
  };
  const read = (turn: number, version = '2.15.1') =>
    readClients(ask, Promise.resolve({ ok: true, value: varz({ version, connections: rows.length }) }), turn);
  return { ask, asked, read };
}
const rowsOf = (count: number, changesOf: (i: number) => Row = () => ({})) =>
  Array.from({ length: count }, (_, cid) => ({ cid: cid + 1, ...changesOf(cid) }));

describe('open connections', () => {
  it('take one request where they are on one page, on releases that cannot sort by round trip, too', async () => {
    const server = serverOf(rowsOf(100, (i) => ({ rtt: `${i}ms`, pending_bytes: i === 7 ? 9 : 0 })));
    const read = await server.read(3, '2.9.10');
    expect(server.asked).toEqual(['/connz?auth=1&sort=cid&limit=4096&offset=0']);
    expect(read).toMatchObject({
      value: { total: 100, part: { page: 0, pages: 1 }, most: { pending: [{ cid: 8 }] }, subjects: null },
    });
    if (read.ok) expect([read.value.rows.length, read.value.most.rtt?.[0]?.cid]).toEqual([100, 100]);
  });

  it('are read page by page where there are more, those that stand out each time', async () => {
    const rows = rowsOf(5_000, (i) => ({ rtt: i === 4_999 ? '900ms' : '1ms', pending_bytes: 0 }));
    const server = serverOf(rows);
    const [first, second, third] = [await server.read(0), await server.read(1), await server.read(2)];
    expect(server.asked.slice(0, 4)).toEqual([
      '/connz?auth=1&sort=cid&limit=4096&offset=0',
      '/connz?auth=1&sort=rtt&limit=64',
      '/connz?auth=1&sort=pending&limit=64',
      '/connz?auth=1&sort=subs&limit=64',
    ]);
    expect(
      [first, second, third].map((read) => (read.ok ? [read.value.part, read.value.rows.length] : null)),
    ).toEqual([
      [{ page: 0, pages: 2 }, 4_096],
      [{ page: 1, pages: 2 }, 904],
      [{ page: 0, pages: 2 }, 4_096],
    ]);
    if (first.ok) expect(first.value.most.rtt?.[0]?.cid).toBe(5_000);
  });

  it('of many are not sorted by round trip before 2.9.17', async () => {
    const read = await serverOf(rowsOf(5_000)).read(0, '2.9.10');
    expect(read).toMatchObject({ value: { most: { rtt: null } } });
  });

  it('show what one client with very many subscriptions subscribes to, no leafnode', async () => {
    const rows = rowsOf(3, (i) => ({
      subscriptions: [5_000, 3_000, 10][i] ?? 0,
      kind: i === 0 ? 'Leafnode' : 'Client',
    }));
    const server = serverOf(rows, ['a', 'a', 'b']);
    expect(await server.read(0)).toMatchObject({ value: { subjects: { cid: 2, repeated: [['a', 2]] } } });
    expect(server.asked.at(-1)).toBe('/connz?subs=1&cid=2');
  });

  it('are not read without /varz, whose failure is told', async () => {
    const { ask } = serverOf([]);
    expect(await readClients(ask, Promise.resolve(failing('timeout')), 0)).toEqual({
      ok: false,
      failure: { code: 'timeout', message: 'not read without /varz: no reply: timeout' },
    });
  });
});

describe('services that settings expect', () => {
  it('are asked for one by one, and a wildcard is no instance', async () => {
    const server = serverOf([], ['$SRV.PING.orders', '>', '$SRV.PING.orders', '$SRV.PING.*']);
    const orders = { name: 'orders', account: 'APP' };
    expect(await readServices(server.ask, { expect: { services: [orders] } })).toEqual({
      ok: true,
      value: [
        {
          service: orders,
          instances: [
            { cid: 0, account: 'APP' },
            { cid: 2, account: 'APP' },
          ],
        },
      ],
    });
  });

  it('take no request where there are none', async () => {
    const server = serverOf([]);
    expect([await readServices(server.ask, { expect: {} }), server.asked]).toEqual([
      { ok: true, value: [] },
      [],
    ]);
  });
});
