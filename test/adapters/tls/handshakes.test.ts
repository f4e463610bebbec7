import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { tlsHandshakes } from '../../../lambdas/adapters/tls/handshakes.ts';
import type { Handshakes } from '../../../lambdas/ports.ts';
import { startNameServer } from '../../services/name-server.ts';
import { selfSigned } from '../http/self-signed.ts';

const day = 86_400_000;
const second = (at: number): number => at - (at % 1_000);
const validity = (days: number) => {
  const until = second(Date.now()) + days * day;
  return { from: until - 365 * day, until };
};

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => once(server.close(), 'close')));
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** What is seen of a port of a host, whose monitoring port does not matter. */
const seen = (port: number, { host = '127.0.0.1', timeoutMs = 5_000 } = {}) =>
  tlsHandshakes({ timeoutMs, nameservers: ['127.0.0.1:1'] }).certificate(
    { name: 'n1', url: `http://${host}:8222` },
    port,
  );

/** A listener that says something in clear before TLS begins. */
const greeting = (words: readonly string[], days: number) =>
  createServer((socket) => {
    socket.on('error', () => {});
    for (const each of words) socket.write(each);
    const { key, cert } = selfSigned('nats', validity(days));
    new TLSSocket(socket, { isServer: true, key, cert }).on('error', () => {}).resume();
  });

describe('a TLS handshake with a listener', () => {
  it.each([
    ['that is valid', 100],
    ['that expires today', 0.5],
    ['that has expired', -3],
  ])('shows the dates of a certificate %s, whoever signed it', async (_, days) => {
    const { from, until } = validity(days);
    const { key, cert } = selfSigned('nats', { from, until });
    const server = createTlsServer({ key, cert }, (socket) => socket.resume());
    expect(await seen(await listening(server))).toEqual({
      ok: true,
      value: { notBefore: second(from), notAfter: second(until) },
    });
  });

  it('that asks for a client certificate shows its own before', async () => {
    const { from, until } = validity(10);
    const own = selfSigned('nats', { from, until });
    const server = createTlsServer({ ...own, ca: own.cert, requestCert: true, rejectUnauthorized: true });
    server.on('tlsClientError', () => {});
    expect(await seen(await listening(server))).toMatchObject({ ok: true, value: { notAfter: until } });
  });

  it.each([
    ['in one piece', ['INFO {"server_id":"N"} \r\n']],
    ['in pieces', ['IN', 'FO {"server_id":"N"', '} \r', '\n']],
  ])('begins after what NATS says in clear, %s', async (_, words) => {
    const { until } = validity(20);
    const shown = await seen(await listening(greeting(words, 20)));
    expect(shown.ok && Math.abs(shown.value.notAfter - until) <= 2_000).toBe(true);
  });

  it('ends as soon as the certificate is seen', async () => {
    const { key, cert } = selfSigned('nats');
    const ended = Promise.withResolvers<boolean>();
    const server = createTlsServer({ key, cert }, (socket) => {
      socket.resume().on('end', () => ended.resolve(true));
    });
    await seen(await listening(server));
    expect(await ended.promise).toBe(true);
  });
});

describe('a listener that shows no certificate is a failure of its own kind:', () => {
  it('without TLS', async () => {
    const port = await listening(createServer((socket) => socket.on('error', () => {}).end('-ERR \r\n')));
    expect(await seen(port)).toEqual({
      ok: false,
      failure: { code: 'tls', message: `n1 127.0.0.1:${port}: no TLS: ERR_SSL_WRONG_VERSION_NUMBER` },
    });
  });

  it('that hangs up', async () => {
    const port = await listening(createServer((socket) => socket.on('error', () => {}).end()));
    const failed = await seen(port);
    expect(failed.ok ? '' : failed.failure.code).toBe('tls');
  });

  it('that says nothing, within its time', async () => {
    const port = await listening(createServer(() => {}));
    expect(await seen(port, { timeoutMs: 50 })).toEqual({
      ok: false,
      failure: { code: 'timeout', message: `n1 127.0.0.1:${port}: no answer in time` },
    });
  });

  it('whose greeting does not end', async () => {
    const endless = createServer((socket) => {
      socket.on('error', () => {});
      socket.write(`INFO ${'x'.repeat(200_000)}`);
    });
    const port = await listening(endless);
    expect(await seen(port)).toEqual({
      ok: false,
      failure: { code: 'tls', message: `n1 127.0.0.1:${port}: no TLS: a line that does not end` },
    });
  });

  it('where nobody listens', async () => {
    const server = createServer();
    const port = await listening(server);
    await once(servers.splice(0)[0]?.close() ?? server, 'close');
    expect(await seen(port)).toEqual({
      ok: false,
      failure: { code: 'unreachable', message: `n1 127.0.0.1:${port}: no connection: ECONNREFUSED` },
    });
  });

  it('whose host has no address', async () => {
    const failed = await seen(4_222, { host: 'nats.invalid', timeoutMs: 300 });
    expect(failed.ok ? '' : failed.failure.code).toBe('dns');
  });
});

describe('handshakes of one run', () => {
  const each = (handshakes: Handshakes, count: number, port: number) =>
    Promise.all(
      Array.from({ length: count }, (_, i) =>
        handshakes.certificate({ name: `n${i}`, url: `http://127.0.1.${i + 1}:8222` }, port),
      ),
    ).then((looked) => looked.map((look) => (look.ok ? 'ok' : look.failure.code)));
  const onAllAddresses = async (server: Server): Promise<number> => {
    servers.push(server);
    await once(server.listen(0, '0.0.0.0'), 'listening');
    return (server.address() as AddressInfo).port;
  };

  it('are 64 at once: who comes then waits until one of them has ended', async () => {
    const many = Promise.withResolvers<undefined>();
    const held: Socket[] = [];
    const silent = createServer((socket) => {
      socket.on('error', () => {});
      if (held.push(socket) === 64) many.resolve(undefined);
    });
    const port = await onAllAddresses(silent);
    const codes = each(tlsHandshakes({ timeoutMs: 5_000 }), 100, port);
    await many.promise;
    sockets.push(connect(port, '127.0.0.1'));
    const [next] = (await once(silent, 'connection')) as [Socket];
    expect(next.remotePort).toBe(sockets[0]?.localPort);
    silent.on('connection', (socket) => socket.destroy());
    for (const socket of held) socket.destroy();
    expect(await codes).toEqual(Array(100).fill('tls'));
  });

  it('end in the time of one, however many there are', async () => {
    const port = await onAllAddresses(createServer((socket) => sockets.push(socket)));
    const codes = await each(tlsHandshakes({ timeoutMs: 200 }), 250, port);
    expect(codes.filter((code) => code !== 'timeout' && code !== 'not-reached')).toEqual([]);
  });

  it('look a host up once', async () => {
    const names = await startNameServer(() => ['127.0.0.1']);
    const handshakes = tlsHandshakes({ timeoutMs: 5_000, nameservers: [names.at] });
    const target = { name: 'n1', url: 'http://nats.example:8222' };
    const port = await listening(createServer((socket) => socket.on('error', () => {}).end()));
    await Promise.all([handshakes.certificate(target, port), handshakes.certificate(target, port)]);
    names.stop();
    expect(names.asked.toSorted()).toEqual(['nats.example A', 'nats.example AAAA']);
  });
});
