import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { beforeAll, describe, expect, it } from 'vitest';
import { awsLimits } from '../../lambdas/adapters/aws-limits.ts';
import { cloudWatchMetrics } from '../../lambdas/adapters/cloudwatch.ts';
import { dynamoMemory } from '../../lambdas/adapters/memory/dynamodb.ts';
import { otlpMetrics } from '../../lambdas/adapters/otlp/sink.ts';
import { snsNotices } from '../../lambdas/adapters/sns.ts';
import { datapoint, message } from './memory/laws.ts';
import { gauge } from './otlp/sample-points.ts';

/** Of each service, what its caller got to know. */
type Failures = Readonly<Record<'memory' | 'metrics' | 'series' | 'notices', string>>;

/** A stand-in for AWS, each of whose requests ends so, and what the services' callers make of it. */
async function hanging(
  answer: (socket: Socket) => void,
): Promise<{ failures: Failures; connections: number }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const failures = await failuresAt((server.address() as AddressInfo).port);
    return { failures, connections: open.size };
  } finally {
    server.close();
    for (const socket of open) socket.destroy();
  }
}

async function failuresAt(port: number): Promise<Failures> {
  const client = {
    ...awsLimits,
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const at = '2026-11-20T10:00:00.000Z';
  const failureOf = (work: Promise<unknown>) =>
    work.then(
      () => 'it succeeded',
      (error: unknown) => String(error),
    );
  const memory = dynamoMemory(new DynamoDBClient(client), 'memory', { now: () => Date.parse(at) });
  const log = { info() {}, warn() {} };
  const [claim, put, sent, publish] = await Promise.all([
    failureOf(memory.claim({ check: 'server-up', cluster: 'c1' }, Date.parse(at))),
    failureOf(cloudWatchMetrics(new CloudWatchClient(client), 'NATS').put([datapoint])),
    failureOf(otlpMetrics(new CloudWatchClient(client), { log }).put([gauge(1)])),
    failureOf(snsNotices(new SNSClient(client), 'arn:aws:sns:eu-central-1:1:findings').publish([message])),
  ]);
  return { memory: claim, metrics: put, series: sent, notices: publish };
}

const ways = {
  'and never answers': () => undefined,
  'and stops after the headers of its answer': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 9\r\n\r\n{');
  },
} as const satisfies Readonly<Record<string, (socket: Socket) => void>>;
type Way = keyof typeof ways;

const seen = new Map<Way, Awaited<ReturnType<typeof hanging>>>();
beforeAll(async () => {
  const all = Object.keys(ways) as Way[];
  await Promise.all(all.map(async (way) => seen.set(way, await hanging(ways[way]))));
});

describe.each(Object.keys(ways) as Way[])('AWS that takes requests %s', (way) => {
  it('ends at each service as a failure that names it', () => {
    expect(seen.get(way)?.failures).toEqual({
      memory: expect.stringMatching(
        /memory server-up#c1 in table memory: its claim failed: .*Timeout/s,
      ) as string,
      metrics: expect.stringMatching(/CloudWatch did not take 1 of 1 datapoints.*Timeout/s) as string,
      series: expect.stringMatching(
        /CloudWatch did not take 1 of 1 points by OTLP.*answer within 4 s/s,
      ) as string,
      notices: expect.stringMatching(/SNS topic arn:\S+ did not take 1 of 1 messages: .*Timeout/s) as string,
    });
  });

  it('is asked three times', () => {
    expect(seen.get(way)?.connections).toBe(12);
  });
});
