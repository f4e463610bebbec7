import { createServer, request } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';

/**
 * Stands before moto in a thread of its own and makes up for three things in which it is not like AWS: it answers some
 * requests with two `Date` headers, which the SDK joins into a date it cannot read, fails on bodies sent with
 * `Content-Encoding: gzip`, and lets two conditional writes of one item race, so that both may win. A thread, so that it also answers while the test waits for a command synchronously.
 */
const { motoPort } = workerData as { readonly motoPort: number };

const server = createServer((incoming, outgoing) => {
  const answer = () =>
    forward(incoming, outgoing).catch((error: unknown) => {
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502).end(String(error));
    });
  const target = incoming.headers['x-amz-target'];
  if (String(target).startsWith('DynamoDB')) lastWrite = lastWrite.then(answer);
  else void answer();
});
let lastWrite: Promise<unknown> = Promise.resolve();
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));

async function forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const sent = Buffer.concat(chunks);
  const gzipped = incoming.headers['content-encoding'] === 'gzip';
  const body = gzipped ? gunzipSync(sent) : sent;

  const headers: OutgoingHttpHeaders = {
    ...incoming.headers,
    connection: 'close',
    'content-length': String(body.length),
  };
  delete headers['transfer-encoding'];
  if (gzipped) delete headers['content-encoding'];
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    request(
      { host: '127.0.0.1', port: motoPort, method: incoming.method, path: incoming.url, headers },
      resolve,
    )
      .on('error', reject)
      .end(body);
  });
  outgoing.writeHead(reply.statusCode ?? 502, reply.statusMessage, onceEach(reply.rawHeaders));
  // Ends also when the one who asked is gone, so that the writes behind it are not held up.
  await pipeline(reply, outgoing);
}

const single = new Set(['date', 'server', 'content-type', 'content-length']);
const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding']);

function onceEach(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  const seen = new Set<string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (hopByHop.has(name) || (single.has(name) && seen.has(name))) continue;
    seen.add(name);
    kept.push(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  }
  return kept;
}
