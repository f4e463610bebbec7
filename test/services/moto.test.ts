import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { CloudWatchClient, GetMetricDataCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { motoCommand, startMoto } from './moto.ts';
import type { Moto } from './moto.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Each way to come by moto: what this machine has, and what a machine without moto brings. */
const ways = { 'as this machine has it': () => process.env, 'brought from Debian': withoutMoto };

describe.each(Object.keys(ways) as (keyof typeof ways)[])('moto, %s,', (way) => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto(await ways[way]());
  });
  afterAll(() => moto.stop());

  const client = () => ({
    endpoint: moto.endpoint,
    region: moto.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

  it('gives back metrics that were sent compressed', async () => {
    const cloudWatch = new CloudWatchClient(client());
    const minute = new Date(Math.floor(Date.now() / 60_000) * 60_000);
    // Above 10 KiB the SDK compresses the body.
    const data = Array.from({ length: 500 }, (_, value) => ({
      MetricName: 'sample',
      Dimensions: [{ Name: 'server_id', Value: `server-${value}` }],
      Value: value,
      Timestamp: minute,
    }));
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'test', MetricData: data }));
    const reply = await cloudWatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(minute.getTime() - 60_000),
        EndTime: new Date(minute.getTime() + 60_000),
        MetricDataQueries: [
          {
            Id: 'a',
            MetricStat: {
              Metric: {
                Namespace: 'test',
                MetricName: 'sample',
                Dimensions: [{ Name: 'server_id', Value: 'server-499' }],
              },
              Period: 60,
              Stat: 'Sum',
            },
          },
        ],
      }),
    );
    expect(reply.MetricDataResults?.[0]?.Values).toEqual([499]);
  });

  it('delivers what is published to a queue that subscribed', async () => {
    const [sns, sqs] = [new SNSClient(client()), new SQSClient(client())];
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'findings' }));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'pager' }));
    const Endpoint = `arn:aws:sqs:${moto.region}:${moto.account}:pager`;
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
    await sns.send(new PublishCommand({ TopicArn, Message: 'hello' }));
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(JSON.parse(Messages?.[0]?.Body ?? '')).toMatchObject({ Message: 'hello' });
  });

  it('forgets all it holds when it is reset', async () => {
    const dynamo = new DynamoDBClient(client());
    await dynamo.send(
      new CreateTableCommand({
        TableName: 'memory',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    const tables = async () => (await dynamo.send(new ListTablesCommand())).TableNames;
    expect(await tables()).toEqual(['memory']);
    await moto.reset();
    expect(await tables()).toEqual([]);
  });

  it('answers a command that the test waits for without giving way', () => {
    const get = `fetch('${moto.endpoint}/moto-api/').then((reply) => console.log(reply.status))`;
    expect(execFileSync(process.execPath, ['--eval', get], { encoding: 'utf8' })).toBe('200\n');
  });
});

it('is an error that says what is lacking when it is nowhere', async () => {
  const env = { PATH: temporaryFolder('empty'), NATS_CLOUDWATCH_CACHE: temporaryFolder('cache') };
  await expect(motoCommand(env)).rejects.toThrow(
    'no moto_server on PATH (pip install "moto[server]"); ' +
      'cannot bring python3-moto of Debian sid: apt-get is not on PATH',
  );
});

it('repeats no date, whatever stands behind', async () => {
  const twice = createServer((_, response) => {
    response.writeHead(200, [
      'Date',
      'Fri, 20 Nov 2026 10:00:00 GMT',
      'date',
      'Fri, 20 Nov 2026 10:00:01 GMT',
    ]);
    response.end('{}');
  });
  await once(twice.listen(0, '127.0.0.1'), 'listening');
  const front = new Worker(new URL('./moto-front.ts', import.meta.url), {
    workerData: { motoPort: (twice.address() as AddressInfo).port },
    execArgv: [],
  });
  const [port] = (await once(front, 'message')) as [number];
  const reply = await fetch(`http://localhost:${port}/`);
  expect(reply.headers.get('date')).toBe('Fri, 20 Nov 2026 10:00:00 GMT');
  await front.terminate();
  twice.close();
});

/** This machine's PATH, with links to all that is in it but moto. */
async function withoutMoto(): Promise<NodeJS.ProcessEnv> {
  const folder = await mkdtemp(path.join(temporaryFolder('path'), 'bin-'));
  for (const directory of (process.env['PATH'] ?? '').split(path.delimiter)) {
    for (const name of await readdir(directory).catch(() => [])) {
      if (name.startsWith('moto')) continue;
      await symlink(path.join(directory, name), path.join(folder, name)).catch(() => undefined);
    }
  }
  return { ...process.env, PATH: folder };
}
