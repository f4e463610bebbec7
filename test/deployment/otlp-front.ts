import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { SeriesPoint } from '../../lambdas/ports.ts';
import { decodeExport } from '../adapters/otlp/decode.ts';
import { pass } from './aws-proxy.ts';

/** What CloudWatch's OTLP endpoint answers. */
export type OtlpAnswer = { readonly status: number; readonly body: string };

/** Stands before moto, and takes for AWS what goes to CloudWatch's OTLP endpoint, which moto has not. */
export async function startOtlpFront(upstream: string, answer: () => OtlpAnswer) {
  const exports: (readonly SeriesPoint[])[] = [];
  const signatures: string[] = [];
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await buffer(incoming);
    if (incoming.url !== '/v1/metrics') {
      const reply = await pass(upstream, incoming, body);
      outgoing.writeHead(reply.status, reply.headers).end(reply.body);
      return;
    }
    exports.push(decodeExport(gunzipSync(body).toString()));
    signatures.push(String(incoming.headers.authorization));
    const { status, body: text } = answer();
    outgoing.writeHead(status, { 'content-type': 'application/json' }).end(text);
  };
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Requests since the last time, each with its points. */
    takeExports: () => exports.splice(0),
    signatures,
    stop(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}
