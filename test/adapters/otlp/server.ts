import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A request as it came over the wire. */
export type Received = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: Buffer;
  /** Its body, unzipped. */
  readonly text: string;
};

/** `reset` cuts the connection, `silence` never answers. */
export type Answer = { readonly status: number; readonly body: string } | 'reset' | 'silence';

export type OtlpServer = {
  readonly url: string;
  readonly received: readonly Received[];
  /** Connections that are open now. */
  readonly connections: () => number;
  readonly stop: () => Promise<void>;
};

/** Takes posts as CloudWatch's OTLP endpoint does. `answer` is asked with the request and how many came before it. */
export async function startOtlpServer(
  answer: (request: Received, before: number) => Answer = () => ({ status: 200, body: '{}' }),
): Promise<OtlpServer> {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const { method = '', url: path = '', headers } = request;
      const text = (headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString('utf8');
      const each = { method, path, headers, raw, text };
      const given = answer(each, received.length);
      received.push(each);
      if (given === 'silence') return;
      if (given === 'reset') request.socket.resetAndDestroy();
      else response.writeHead(given.status, { 'content-type': 'application/json' }).end(given.body);
    });
  });
  // Left alone, sockets stay for longer than anything here is awaited.
  server.keepAliveTimeout = 600_000;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    connections: () => sockets.size,
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
