import { gzipSync } from 'node:zlib';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Dispatcher } from 'undici';
import { exchange, takeText, type Exchanged } from '../http/exchange.ts';
import { otlpEndpoint } from './endpoint.ts';
import { firstWords } from './reply.ts';

const mostAnswerBytes = 1024 * 1024;
/** Before the second and the third attempt. */
const pausesMs = [250, 1_000];

export type PostOptions = {
  /** For one attempt as a whole. */
  readonly timeoutMs: number;
  readonly wait: (ms: number) => Promise<unknown>;
};

type Tried = { readonly body: string } | { readonly fault: string; readonly again: boolean };

/**
 * Makes a function that posts an export to CloudWatch, gzipped and signed with the client's credentials, and gives the
 * answer's body. Too many requests and faults of the service or the connection are tried again, twice.
 * @throws Error naming the endpoint and what it answered, and nothing of the credentials
 */
export function poster(
  client: CloudWatchClient,
  agent: Dispatcher,
  { timeoutMs, wait }: PostOptions,
): (json: string) => Promise<string> {
  const { credentials, region, sha256 } = client.config;
  const signer = new SignatureV4({ service: 'monitoring', credentials, region, sha256 });

  const attempt = async (endpoint: URL, body: Uint8Array): Promise<Tried> => {
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: endpoint.protocol,
      hostname: endpoint.hostname,
      path: endpoint.pathname,
      headers: { host: endpoint.host, 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body,
    });
    const exchanged = await exchange(
      agent,
      { origin: endpoint.origin, path: endpoint.pathname, method: 'POST', headers, body },
      { timeoutMs, maxBytes: mostAnswerBytes },
    );
    const { accessKeyId, secretAccessKey, sessionToken = '' } = await credentials();
    return tried(exchanged, timeoutMs, [accessKeyId, secretAccessKey, sessionToken]);
  };

  const attempts = async (endpoint: URL, body: Uint8Array, pauses: readonly number[]): Promise<string> => {
    const outcome = await attempt(endpoint, body);
    if ('body' in outcome) return outcome.body;
    const [pauseMs, ...rest] = pauses;
    if (!outcome.again || pauseMs === undefined) throw new Error(`${endpoint.href} ${outcome.fault}`);
    await wait(pauseMs);
    return attempts(endpoint, body, rest);
  };

  return async (json) => attempts(await otlpEndpoint(client), gzipSync(json), pausesMs);
}

function tried(exchanged: Exchanged, timeoutMs: number, secrets: readonly string[]): Tried {
  switch (exchanged.end) {
    case 'answered': {
      const { status, chunks } = exchanged;
      const body = takeText(chunks);
      if (status === 200) return { body };
      const words = firstWords(body, secrets);
      return {
        fault: `answered ${status}${hints[status] ?? ''}${words === '' ? '' : `: ${words}`}`,
        again: status === 429 || status >= 500,
      };
    }
    case 'late': {
      const what = exchanged.status === 0 ? 'gave no answer' : 'did not finish its answer';
      return {
        fault: `${what} within ${timeoutMs / 1_000} s (security group, route or VPC endpoint)`,
        again: true,
      };
    }
    case 'too-large':
      return { fault: `answered with more than ${mostAnswerBytes} bytes`, again: false };
    case 'broken': {
      const { error, cutAt } = exchanged;
      const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
      const what = cutAt === 'connecting' ? 'could not be connected to' : 'cut the connection';
      return { fault: `${what}: ${code}`, again: true };
    }
  }
}

const hints: Readonly<Record<number, string>> = {
  403: ' (the role needs cloudwatch:PutMetricData)',
  404: ' (does CloudWatch take OTLP metrics in this Region?)',
};
