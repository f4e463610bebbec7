import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { httpSource } from '../../../lambdas/adapters/http/source.ts';

const size = 1_000;
/** Of a hundred servers: five hang, five refuse, five send garbage, two have no address. */
const kindOf = (index: number): 'hangs' | 'refuses' | 'garbage' | 'nameless' | 'healthy' => {
  const at = index % 100;
  if (at < 5) return 'hangs';
  if (at < 10) return 'refuses';
  if (at < 15) return 'garbage';
  return at < 17 ? 'nameless' : 'healthy';
};
const hostOf = (index: number) => `127.1.${Math.floor(index / 250)}.${(index % 250) + 1}`;

const paths = ['/varz', '/healthz'];
let unanswered =
  Array.from({ length: size }, (_, index) => kindOf(index)).filter(
    (kind) => kind === 'garbage' || kind === 'healthy',
  ).length * paths.length;
const hanging = new Set<Socket>();

/**
 * All servers of the fleet in one, by the address they are asked at. Those that hang do so until all others have answered,
 * however long that takes: the machine's speed decides nothing.
 */
const fleet = createServer((request, response) => {
  const { socket } = request;
  const [, , third = '0', fourth = '1'] = (socket.localAddress ?? '').split('.');
  const kind = kindOf(Number(third) * 250 + Number(fourth) - 1);
  if (kind === 'hangs') hanging.add(socket);
  else {
    response.end(kind === 'garbage' ? '<html>' : `{"path":"${request.url ?? ''}"}`);
    unanswered -= 1;
  }
  if (unanswered === 0) for (const each of hanging) each.destroy();
});
const open = new Set<Socket>();
let most = 0;
fleet.on('connection', (socket: Socket) => {
  open.add(socket);
  most = Math.max(most, open.size);
  socket.on('error', () => undefined).on('close', () => open.delete(socket));
});

let codes: Readonly<Record<string, Readonly<Record<string, number>>>>;
beforeAll(async () => {
  fleet.listen(0, '0.0.0.0');
  await once(fleet, 'listening');
  const { port } = fleet.address() as AddressInfo;
  const closed = createServer();
  closed.listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port: closedPort } = closed.address() as AddressInfo;
  closed.close();

  const source = httpSource({ timeoutMs: 240_000, runMs: 240_000 });
  const urlOf = (index: number): string => {
    const kind = kindOf(index);
    if (kind === 'nameless') return `http://n${index}.invalid:${port}`;
    return `http://${hostOf(index)}:${kind === 'refuses' ? closedPort : port}`;
  };
  const read = await Promise.all(
    Array.from({ length: size }, async (_, index) => {
      const target = { name: `n${index}`, url: urlOf(index) };
      const readings = await Promise.all(paths.map((path) => source.read(target, { path, statuses: [200] })));
      return readings.map((reading) => [kindOf(index), reading.ok ? 'ok' : reading.failure.code] as const);
    }),
  );
  await source.close();
  const counted: Record<string, Record<string, number>> = {};
  for (const [kind, code] of read.flat()) {
    const own = (counted[kind] ??= {});
    own[code] = (own[code] ?? 0) + 1;
  }
  codes = counted;
});
afterAll(() => {
  fleet.close();
  for (const socket of open) socket.destroy();
});

it('of a thousand servers each is read for what it is, whatever the others do', () => {
  expect(codes).toEqual({
    // Cut off in the end, with all of its time left.
    hangs: { unreachable: 100 },
    refuses: { unreachable: 100 },
    garbage: { 'not-json': 100 },
    nameless: { dns: 40 },
    healthy: { ok: 1_660 },
  });
});

it('there are never more than 400 connections to them', () => {
  expect(most).toBeGreaterThan(64);
  expect(most).toBeLessThanOrEqual(400);
});
