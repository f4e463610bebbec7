import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { failureBesideHealthy, healthyTarget, listen, serve, serveTcp, source, varz } from './servers.ts';

describe('a target that does not answer properly, beside one that does', () => {
  it('is unreachable when it refuses connections', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    server.close();
    expect(await failureBesideHealthy(`http://127.0.0.1:${port}`)).toEqual({
      code: 'unreachable',
      message: `hub1 /varz: no connection to http://127.0.0.1:${port}: ECONNREFUSED (server down, or its http_port is another one)`,
    });
  });

  it('has a failure of DNS when its name has no address', async () => {
    const { code, message } = await failureBesideHealthy('http://hub1.invalid:8222');
    expect([code, message]).toEqual([
      'dns',
      expect.stringMatching(
        /^hub1 \/varz: DNS gives no address for http:\/\/hub1\.invalid:8222: (ENOTFOUND|EAI_AGAIN|ETIMEOUT) \(/,
      ),
    ]);
  });

  it('was not reached when it hangs until the time of the run is over, though not its own', async () => {
    const port = await serveTcp(() => undefined);
    expect(await failureBesideHealthy(`http://127.0.0.1:${port}`, { runMs: 2_000 })).toEqual({
      code: 'not-reached',
      message:
        `hub1 /varz: not asked in time: the 2 s that a run has for all servers were over before http://127.0.0.1:${port} ` +
        "could answer (the run's fault, not the server's)",
    });
  });

  it('is unreachable when it resets the connection', async () => {
    const port = await serveTcp((socket) => socket.on('data', () => socket.resetAndDestroy()));
    expect(await failureBesideHealthy(`http://127.0.0.1:${port}`)).toEqual({
      code: 'unreachable',
      message:
        `hub1 /varz: connection cut by http://127.0.0.1:${port} after 0 bytes: ECONNRESET ` +
        '(server stopped, a load balancer in between, or another protocol on this port)',
    });
  });

  it('is unreachable when it closes the connection within the body', async () => {
    const port = await serveTcp((socket) =>
      socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a"')),
    );
    const { code, message } = await failureBesideHealthy(`http://127.0.0.1:${port}`);
    expect([code, message]).toEqual([
      'unreachable',
      expect.stringContaining('after 4 bytes: UND_ERR_SOCKET'),
    ]);
  });

  it('times out when it accepts and then hangs', async () => {
    const port = await serveTcp(() => undefined);
    expect(await failureBesideHealthy(`http://127.0.0.1:${port}`, { timeoutMs: 2_000 })).toEqual({
      code: 'timeout',
      message: `hub1 /varz: no answer within 2 s from http://127.0.0.1:${port} (security group, route or a hanging server)`,
    });
  });

  it('times out when it hangs within the TLS handshake', async () => {
    const port = await serveTcp(() => undefined);
    expect((await failureBesideHealthy(`https://127.0.0.1:${port}`, { timeoutMs: 2_000 })).code).toBe(
      'timeout',
    );
  });

  it('times out when it drips its body for longer than the deadline', async () => {
    const url = await serve((_, response) => {
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    const { code, message } = await failureBesideHealthy(url, { timeoutMs: 2_000 });
    expect([code, message]).toEqual([
      'timeout',
      expect.stringMatching(/^hub1 \/varz: reply not complete within 2 s, \d+ bytes came from http:/),
    ]);
  });

  it.each([
    ['HTML', '<html><body>welcome</body></html>', 'HTML'],
    ['truncated JSON', '{"server_id":"N', '15 bytes that are not JSON'],
    ['nothing', '', 'an empty body'],
  ])('is not-json when it sends %s', async (_, body, words) => {
    const url = await serve((__, response) => response.end(body));
    expect(await failureBesideHealthy(url)).toEqual({
      code: 'not-json',
      message: `hub1 /varz: answered 200 with ${words} from ${url} (is this nats-server's monitoring port?)`,
    });
  });

  it('is not-json when it is a NATS client port', async () => {
    const port = await serveTcp((socket) => socket.write('INFO {"server_id":"N"}\r\n'));
    expect(await failureBesideHealthy(`http://127.0.0.1:${port}`)).toEqual({
      code: 'not-json',
      message: `hub1 /varz: http://127.0.0.1:${port} does not speak HTTP: HTTPParserError (the client port instead of http_port?)`,
    });
  });

  it('has a status that is no reply when it answers 500', async () => {
    const url = await serve((_, response) => response.writeHead(500).end('{}'));
    expect(await failureBesideHealthy(url)).toEqual({
      code: 'status',
      status: 500,
      message: `hub1 /varz: answered 500 from ${url}`,
    });
  });

  it('has a status that is no reply when it redirects, and the redirect is not followed', async () => {
    let followed = 0;
    const elsewhere = await serve((_, response) => response.end(`${(followed += 1)}`));
    const location = `${elsewhere.replace('//', '//user:secret@')}/varz?token=secret`;
    const url = await serve((_, response) => response.writeHead(302, { location }).end());
    expect([await failureBesideHealthy(url), followed]).toEqual([
      {
        code: 'status',
        status: 302,
        message: `hub1 /varz: answered 302 from ${url}, a redirect to ${elsewhere}/varz that was not followed (give the final URL)`,
      },
      0,
    ]);
  });

  it('is too large when its body does not end', async () => {
    const url = await serve((_, response) => {
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(1_000), () => setImmediate(more));
      };
      more();
    });
    expect(await failureBesideHealthy(url, { maxBytes: 20_000 })).toEqual({
      code: 'too-large',
      message: `hub1 /varz: reply larger than 20000 bytes from ${url} (ask for smaller pages)`,
    });
  });

  it('is too large at once when it announces too long a body', async () => {
    const url = await serve((_, response) =>
      response.writeHead(200, { 'content-length': 1_000_000 }).flushHeaders(),
    );
    expect((await failureBesideHealthy(url, { maxBytes: 20_000 })).code).toBe('too-large');
  });

  it('is unreachable when its URL is none', async () => {
    expect(await failureBesideHealthy('10.0.0.1:8222')).toEqual({
      code: 'unreachable',
      message: "hub1 /varz: the target's URL is not an http:// or https:// URL",
    });
  });
});

describe('a reading', () => {
  it('joins the base path with the endpoint and sends no credentials', async () => {
    const url = await serve(({ url: path, method, headers }, response) =>
      response.end(JSON.stringify({ path, method, authorization: headers.authorization ?? null })),
    );
    const target = { name: 'hub1', url: `${url.replace('//', '//user:secret@')}/nats/` };
    const reading = await source().read(target, { path: '/connz?limit=1&offset=2', statuses: [200] });
    expect(reading).toMatchObject({
      value: { json: { path: '/nats/connz?limit=1&offset=2', method: 'GET', authorization: null } },
    });
  });

  it("shows no credentials of the target's URL", async () => {
    const url = await serve((_, response) => response.writeHead(404).end());
    expect((await failureBesideHealthy(`${url.replace('//', '//user:secret@')}/nats/`)).message).toBe(
      `hub1 /varz: answered 404 from ${url}/nats (http_base_path missing in the URL, or a server too old for this endpoint)`,
    );
  });

  it('takes the body of every status that the request allows', async () => {
    const url = await serve((_, response) => response.writeHead(503).end('{"status":"error"}'));
    const reading = await source().read(
      { name: 'hub1', url },
      { path: '/healthz', statuses: [200, 500, 503] },
    );
    expect(reading).toEqual({ ok: true, value: { status: 503, bytes: 18, json: { status: 'error' } } });
  });

  it('decodes text that is split within a character, and counts bytes, not characters', async () => {
    const [before, after] = [
      Buffer.from('{"rtt":"306\u00b5s"}').subarray(0, 12),
      Buffer.from('\u00b5s"}').subarray(1),
    ];
    const url = await serve((_, response) =>
      response.write(before, () => setImmediate(() => response.end(after))),
    );
    const reading = await source().read({ name: 'hub1', url }, varz);
    expect(reading).toEqual({ ok: true, value: { status: 200, bytes: 16, json: { rtt: '306\u00b5s' } } });
  });

  it('accepts a body of exactly the limit', async () => {
    const reading = await source({ maxBytes: 23 }).read(await healthyTarget(), varz);
    expect(reading.ok).toBe(true);
  });

  it('refuses a body of one byte more than the limit', async () => {
    const reading = await source({ maxBytes: 22 }).read(await healthyTarget(), varz);
    expect(reading).toMatchObject({ failure: { code: 'too-large' } });
  });
});

it('leaves no connection open once closed', async () => {
  const server = createServer((_, response) => response.end('{}'));
  const connected = once(server, 'connection') as Promise<[Socket]>;
  const target = { name: 'hub1', url: `http://127.0.0.1:${await listen(server)}` };
  const reader = source();
  await reader.read(target, varz);
  const [socket] = await connected;
  const closed = once(socket, 'close');
  await reader.close();
  expect(await closed).toEqual([false]);
});
