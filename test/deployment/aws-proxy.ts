import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * What a run of one check on one cluster asks of AWS: it claims the minute, notes what is open where that is due, takes it for itself and writes a base where that
 * is due, saves, sends metrics and a message a severity, and clears the outbox, or keeps what of it could not be sent.
 */
export const steps = [
  'claim',
  'note',
  'take',
  'base',
  'save',
  'metrics',
  'critical',
  'warning',
  'keep',
  'clear',
] as const;
export type Step = (typeof steps)[number];

/**
 * What becomes of a request: `hold` leaves it without an answer, `drop` closes its connection, `refuse` and `throttle`
 * answer as an overloaded AWS does, `lose` passes it on and drops its reply the first time.
 */
export type Verdict = 'pass' | 'hold' | 'drop' | 'refuse' | 'throttle' | 'lose';

type Watcher = {
  judge(step: Step): Verdict;
  /** After AWS has done it and before the run learns of it. */
  done?(step: Step): Promise<void>;
  held?(step: Step): Promise<void>;
};

/** Stands between one run and AWS. */
export async function startAwsProxy(upstream: string, watcher: Watcher) {
  const named = new Map<string, Step>();
  const stepOf = (incoming: IncomingMessage, body: Buffer): Step => {
    // The SDK tries again under the same id.
    const id = String(incoming.headers['amz-sdk-invocation-id']);
    const known = named.get(id);
    if (known !== undefined) return known;
    const kind = kindOf(incoming, body.toString());
    const step = kind === 'save' && [...named.values()].includes('save') ? 'keep' : kind;
    named.set(id, step);
    return step;
  };
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await buffer(incoming);
    const step = stepOf(incoming, body);
    const verdict = watcher.judge(step);
    if (verdict === 'hold') return watcher.held?.(step);
    if (verdict === 'drop') return void outgoing.destroy();
    if (verdict === 'refuse') return void outgoing.writeHead(500).end();
    if (verdict === 'throttle') {
      const error = { __type: 'ThrottlingException', message: 'Rate exceeded' };
      return void outgoing
        .writeHead(400, { 'content-type': 'application/x-amz-json-1.0' })
        .end(JSON.stringify(error));
    }
    const reply = await pass(upstream, incoming, body);
    await watcher.done?.(step);
    const isFirst = /attempt=1\b/.test(String(incoming.headers['amz-sdk-request']));
    if (verdict === 'lose' && isFirst) return void outgoing.destroy();
    outgoing.writeHead(reply.status, reply.headers).end(reply.body);
  };
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The steps that a run took, in order. */
    taken: (): readonly Step[] => [...named.values()],
    stop(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Told by the signature's scope and what DynamoDB is asked to change, or the severity of the message. */
function kindOf({ headers }: IncomingMessage, body: string): Step {
  const service = /\/([a-z]+)\/aws4_request/.exec(headers.authorization ?? '')?.[1];
  if (service === 'monitoring') return 'metrics';
  if (service === 'sns') {
    const message = JSON.parse(new URLSearchParams(body).get('Message') ?? '{}') as {
      readonly default: string;
    };
    return (JSON.parse(message.default) as { readonly severity: 'critical' | 'warning' }).severity;
  }
  if (String(headers['x-amz-target']).endsWith('.GetItem')) return 'claim';
  const { UpdateExpression = '' } = JSON.parse(body) as { readonly UpdateExpression?: string };
  if (UpdateExpression === 'REMOVE #outbox') return 'clear';
  if (/#(state|delta) = /.test(UpdateExpression)) return 'save';
  if (UpdateExpression.includes(':open')) return 'note';
  if (UpdateExpression.includes('#text = ')) return 'base';
  if (UpdateExpression.includes('#claimed = ')) return 'take';
  throw new Error(`no step of a run: ${service ?? 'an unsigned request'} ${body.slice(0, 200)}`);
}

type Reply = { readonly status: number; readonly headers: IncomingMessage['headers']; readonly body: Buffer };

/** What AWS answers to a request. */
export function pass(
  upstream: string,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const onReply = (reply: IncomingMessage): void => {
      buffer(reply).then(
        (received) => resolve({ status: reply.statusCode ?? 502, headers: reply.headers, body: received }),
        reject,
      );
    };
    request(new URL(url ?? '/', upstream), { method, headers }, onReply)
      .once('error', reject)
      .end(body);
  });
}
