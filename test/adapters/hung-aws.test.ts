import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { awsLimits } from '../../lambdas/adapters/aws-limits.ts';
import { cloudWatchMetrics } from '../../lambdas/adapters/cloudwatch.ts';
import { dynamoMemory } from '../../lambdas/adapters/memory/dynamodb.ts';
import { otlpMetrics } from '../../lambdas/adapters/otlp/sink.ts';
import { snsNotices } from '../../lambdas/adapters/sns.ts';
import { datapoint, message } from './memory/laws.ts';
import { gauge } from './otlp/sample-points.ts';

/** Takes connections and requests, and never answers. */
const silent = createServer((socket: Socket) => {
  open.add(socket);
  socket.on('error', () => undefined);
});
const open = new Set<Socket>();

let failures: Readonly<Record<'memory' | 'metrics' | 'series' | 'notices', string>>;
let connections: number;
beforeAll(async () => {
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const client = {
    ...awsLimits,
    endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
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
  failures = { memory: claim, metrics: put, series: sent, notices: publish };
  connections = open.size;
});
afterAll(() => {
  silent.close();
  for (const socket of open) socket.destroy();
});

it('where AWS takes requests and never answers, each service ends as a failure that names it', () => {
  expect(failures).toEqual({
    memory: expect.stringMatching(
      /memory server-up#c1 in table memory: its claim failed: .*Timeout/s,
    ) as string,
    metrics: expect.stringMatching(/CloudWatch did not take 1 of 1 datapoints.*Timeout/s) as string,
    series: expect.stringMatching(
      /CloudWatch did not take 1 of 1 points by OTLP.*no answer within 4 s/s,
    ) as string,
    notices: expect.stringMatching(/SNS topic arn:\S+ did not take 1 of 1 messages: .*Timeout/s) as string,
  });
});

it('after three tries', () => {
  expect(connections).toBe(12);
});
