import { CloudWatchClient, type CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import { onTestFinished } from 'vitest';
import { otlpMetrics } from '../../../lambdas/adapters/otlp/sink.ts';
import type { Log } from '../../../lambdas/ports.ts';
import { decodeExport } from './decode.ts';
import { startOtlpServer, type OtlpServer } from './server.ts';

export const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG',
  sessionToken: 'IQoJb3JpZ2lu/X2VjE+a==',
};

/** A sink that posts to a server of its own, what the server received, what was logged, and how long it paused. */
export async function open(
  answer?: Parameters<typeof startOtlpServer>[0],
  { timeoutMs = 10_000, ...config }: CloudWatchClientConfig & { readonly timeoutMs?: number } = {},
) {
  const server = await startOtlpServer(answer);
  onTestFinished(server.stop);
  return { ...server, ...sinkTo(server.url, timeoutMs, config) };
}

export function sinkTo(endpoint: string, timeoutMs = 10_000, config: CloudWatchClientConfig = {}) {
  const client = new CloudWatchClient({ endpoint, region: 'eu-west-1', credentials, ...config });
  const warnings: unknown[] = [];
  const paused: number[] = [];
  const log: Log = { info() {}, warn: (message, facts) => void warnings.push([message, facts]) };
  const wait = (ms: number) => Promise.resolve(paused.push(ms));
  return { sink: otlpMetrics(client, { log, timeoutMs, wait }), warnings, paused };
}

export const points = ({ received }: Pick<OtlpServer, 'received'>) =>
  received.map(({ text }) => decodeExport(text));
export const pointCounts = (server: Pick<OtlpServer, 'received'>) =>
  points(server).map(({ length }) => length);
