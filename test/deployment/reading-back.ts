import {
  CloudWatchClient,
  GetMetricDataCommand,
  paginateListMetrics,
  type Metric,
} from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, paginateScan, type AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { unpackText } from '../../lambdas/adapters/memory/codec.ts';
import { unpackDelta } from '../../lambdas/adapters/memory/delta.ts';
import type { MemoryState } from '../../lambdas/engine/memory-state.ts';
import type { Notice } from '../../lambdas/engine/findings/report.ts';
import { awsEndpoint } from '../infra/unsigned.ts';
import type { Moto } from '../services/moto.ts';

export type Point = {
  /** `up{cluster=prod,server_id=hub1}` */
  readonly series: string;
  readonly cluster: string;
  /** The largest of the minute: a datapoint sent twice is one. */
  readonly value: number;
};

/** What GetMetricData has of a namespace in one minute (epoch ms). */
export async function pointsAt(moto: Moto, namespace: string, minute: number): Promise<readonly Point[]> {
  const client = new CloudWatchClient(awsEndpoint(moto).client);
  const metrics = [...(await metricsOf(client, namespace))];
  const points: Point[] = [];
  for (let from = 0; from < metrics.length; from += 500) {
    const asked = metrics.slice(from, from + 500);
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(minute),
        EndTime: new Date(minute + 60_000),
        MetricDataQueries: asked.map(([, Metric], i) => ({
          Id: `m${i}`,
          MetricStat: { Metric, Period: 60, Stat: 'Maximum' },
        })),
      }),
    );
    for (const { Id, Values: [value] = [] } of MetricDataResults) {
      const [series = '', metric] = asked[Number(Id?.slice(1))] ?? [];
      const cluster = metric?.Dimensions?.find(({ Name }) => Name === 'cluster')?.Value ?? '';
      if (value !== undefined) points.push({ series, cluster, value });
    }
  }
  client.destroy();
  return points;
}

/** A namespace's metrics by series. moto lists one with several dimensions once for each datapoint. */
async function metricsOf(client: CloudWatchClient, Namespace: string): Promise<ReadonlyMap<string, Metric>> {
  const metrics = new Map<string, Metric>();
  for await (const { Metrics = [] } of paginateListMetrics({ client }, { Namespace })) {
    for (const metric of Metrics) {
      const { MetricName = '', Dimensions = [] } = metric;
      const labels = Dimensions.map(({ Name = '', Value = '' }) => [Name, Value] as const);
      metrics.set(seriesText(MetricName, Object.fromEntries(labels)), metric);
    }
  }
  return metrics;
}

/** `up{cluster=prod,server_id=hub1}`, labels in the order of their names. */
export const seriesText = (name: string, labels: Readonly<Record<string, string>>): string =>
  `${name}{${Object.keys(labels)
    .sort()
    .map((label) => `${label}=${labels[label] ?? ''}`)
    .join(',')}}`;

export type Received = {
  readonly attributes: Readonly<Record<string, string>>;
  /** The form for machines. */
  readonly message: {
    readonly version: number;
    readonly at: string;
    readonly check: string;
    readonly cluster: string;
    readonly severity: string;
    readonly notices: readonly Notice[];
  };
  /** As SQS delivered it. */
  readonly body: string;
};

/** What a subscription names a queue by. */
export const queueArn = ({ region, account }: Moto, name: string): string =>
  `arn:aws:sqs:${region}:${account}:${name}`;

export async function createQueue(moto: Moto, name: string): Promise<void> {
  const client = new SQSClient(awsEndpoint(moto).client);
  await client.send(new CreateQueueCommand({ QueueName: name }));
  client.destroy();
}

/** Takes all messages out of a queue, raw or in SNS' envelope. SNS' delivery in moto is over when Publish answers. */
export async function drain(moto: Moto, name: string): Promise<readonly Received[]> {
  const client = new SQSClient(awsEndpoint(moto).client);
  const QueueUrl = `${moto.endpoint}/${moto.account}/${name}`;
  const received: Received[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    if (Messages.length === 0) break;
    for (const { Body = '', MessageAttributes = {} } of Messages) {
      const envelope = JSON.parse(Body) as {
        readonly Message?: string;
        readonly MessageAttributes?: Readonly<Record<string, { readonly Value: string }>>;
      };
      const raw = Object.entries(MessageAttributes).map(([key, { StringValue = '' }]) => [key, StringValue]);
      const wrapped = Object.entries(envelope.MessageAttributes ?? {}).map(([key, { Value }]) => [
        key,
        Value,
      ]);
      received.push({
        attributes: Object.fromEntries(
          envelope.Message === undefined ? raw : wrapped,
        ) as Received['attributes'],
        message: JSON.parse(envelope.Message ?? Body) as Received['message'],
        body: Body,
      });
    }
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
  client.destroy();
  return received;
}

type Item = Readonly<Record<string, AttributeValue>>;

/** The memory of a check and cluster, as it stands in the table. */
export type Remembered = {
  readonly item: Item;
  /** The state, unpacked. */
  readonly state: string;
  /** States of earlier runs, in items beside it. */
  readonly bases: readonly string[];
};

/** All of the memory table, by the ids of memories. */
export async function memoryItems(moto: Moto, table: string): Promise<Readonly<Record<string, Remembered>>> {
  const client = new DynamoDBClient(awsEndpoint(moto).client);
  const items: Item[] = [];
  for await (const page of paginateScan({ client }, { TableName: table })) items.push(...(page.Items ?? []));
  client.destroy();
  const byId = new Map(items.map((item) => [item['id']?.S ?? '', item]));
  const baseOf = (id: string) => byId.get(id)?.['text']?.B;
  const own = [...byId].filter(([id]) => id.split('#').length === 2 && !id.startsWith('open#'));
  return Object.fromEntries(
    own.map(([id, item]) => {
      const bases = ['a', 'b'].map((slot) => baseOf(`${id}#${slot}`)).filter((each) => each !== undefined);
      const base = baseOf(`${id}#${item['base']?.S ?? ''}`);
      const state =
        item['delta']?.B === undefined
          ? unpackText(item['state']?.B ?? new Uint8Array())
          : unpackDelta(item['delta'].B, Buffer.from(unpackText(base ?? new Uint8Array())));
      return [id, { item, state, bases: bases.map(unpackText) }];
    }),
  );
}

/** What a memory remembers. */
export const stateOf = (memory: Remembered | undefined): MemoryState & { readonly format: number } =>
  JSON.parse(memory?.state ?? 'null') as MemoryState & { readonly format: number };
