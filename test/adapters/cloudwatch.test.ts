import {
  CloudWatchClient,
  GetMetricDataCommand,
  paginateListMetrics,
  type Metric,
  type PutMetricDataCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cloudWatchMetrics } from '../../lambdas/adapters/cloudwatch.ts';
import type { Datapoint } from '../../lambdas/ports.ts';
import type { Moto } from '../services/moto.ts';
import { borrowMoto } from '../services/shared-moto.ts';

let moto: Moto;
beforeAll(async () => {
  moto = await borrowMoto();
});
afterAll(() => moto.stop());
beforeEach(() => moto.reset());

type Sent = { readonly input: PutMetricDataCommandInput; readonly bodyBytes: number };

/** A client of moto and what it has put so far. `refuses` picks requests that fail before they leave. */
function connect(refuses: (sent: Sent) => boolean = () => false) {
  const client = new CloudWatchClient({
    endpoint: moto.endpoint,
    region: moto.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    // Bodies are measured as they are before gzip.
    disableRequestCompression: true,
  });
  const sent: Sent[] = [];
  client.middlewareStack.add(
    (next, { commandName }) =>
      (request) => {
        if (commandName !== 'PutMetricDataCommand') return next(request);
        const { body } = request.request as { readonly body: string | Uint8Array };
        const put = { input: request.input as PutMetricDataCommandInput, bodyBytes: Buffer.byteLength(body) };
        sent.push(put);
        return refuses(put) ? Promise.reject(new Error('connection reset')) : next(request);
      },
    { step: 'finalizeRequest', priority: 'low', name: 'records what is sent' },
  );
  return { client, sent, sink: cloudWatchMetrics(client, 'NATS') };
}

const at = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 120_000);
const datapoint = (value: number, changes: Partial<Datapoint> = {}): Datapoint => ({
  series: 'gnatsd_varz_connections',
  labels: { cluster: 'eu', server_id: 'hub-1' },
  value,
  unit: 'count',
  at: at.toISOString(),
  ...changes,
});

const metric = (changes: Partial<Metric> = {}): Metric => ({
  Namespace: 'NATS',
  MetricName: 'gnatsd_varz_connections',
  Dimensions: [
    { Name: 'cluster', Value: 'eu' },
    { Name: 'server_id', Value: 'hub-1' },
  ],
  ...changes,
});

/** What the metric holds around the datapoints' time, as `[time, value]`. */
async function readBack(client: CloudWatchClient, of: Metric): Promise<unknown> {
  const { MetricDataResults } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(at.getTime() - 600_000),
      EndTime: new Date(at.getTime() + 600_000),
      MetricDataQueries: [{ Id: 'm', MetricStat: { Metric: of, Period: 60, Stat: 'Maximum' } }],
    }),
  );
  const { Timestamps = [], Values = [] } = MetricDataResults?.[0] ?? {};
  return Timestamps.map((time, i) => [time.toISOString(), Values[i]]);
}

const many = (count: number): Datapoint[] =>
  Array.from({ length: count }, (_, i) => datapoint(i, { labels: { cluster: 'eu', server_id: `hub-${i}` } }));

describe('metrics in CloudWatch', () => {
  it('can be read back at the minute they were measured for, by their labels', async () => {
    const { client, sink } = connect();
    await sink.put([datapoint(12.5)]);
    expect(await readBack(client, metric())).toEqual([[at.toISOString(), 12.5]]);
  });

  it('hold a zero as a datapoint', async () => {
    const { client, sink } = connect();
    await sink.put([datapoint(0)]);
    expect(await readBack(client, metric())).toEqual([[at.toISOString(), 0]]);
  });

  it('are kept apart by their labels', async () => {
    const { client, sink } = connect();
    await sink.put([datapoint(1), datapoint(2, { labels: { cluster: 'eu', server_id: 'hub-2' } })]);
    const other = metric({
      Dimensions: [
        { Name: 'cluster', Value: 'eu' },
        { Name: 'server_id', Value: 'hub-2' },
      ],
    });
    expect([await readBack(client, metric()), await readBack(client, other)]).toEqual([
      [[at.toISOString(), 1]],
      [[at.toISOString(), 2]],
    ]);
  });

  it('are sent with the unit CloudWatch has for ours, at a resolution of a minute', async () => {
    const { sent, sink } = connect();
    await sink.put(
      (['count', 'ratio', 'percent', 'seconds', 'bytes'] as const).map((unit) => datapoint(1, { unit })),
    );
    const sentData = sent.flatMap(({ input }) => input.MetricData ?? []);
    expect(sentData.map(({ Unit, StorageResolution }) => [Unit, StorageResolution])).toEqual([
      ['Count', 60],
      ['None', 60],
      ['Percent', 60],
      ['Seconds', 60],
      ['Bytes', 60],
    ]);
  });

  it('can be read back where the request was large enough to be gzipped', async () => {
    const client = new CloudWatchClient({
      endpoint: moto.endpoint,
      region: moto.region,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await cloudWatchMetrics(client, 'NATS').put([...many(200), datapoint(7)]);
    expect(await readBack(client, metric())).toEqual([[at.toISOString(), 7]]);
  });

  it('cost no request when there are none', async () => {
    const { sent, sink } = connect();
    await sink.put([]);
    expect(sent).toEqual([]);
  });

  it('go in one request up to 1,000', async () => {
    const { sent, sink } = connect();
    await sink.put(many(1_000));
    expect(sent.map(({ input }) => input.MetricData?.length)).toEqual([1_000]);
  });

  it('go in two requests beyond 1,000, and all arrive', async () => {
    const { client, sent, sink } = connect();
    await sink.put(many(1_001));
    const listed: Metric[] = [];
    for await (const page of paginateListMetrics({ client }, { Namespace: 'NATS' })) {
      listed.push(...(page.Metrics ?? []));
    }
    expect({ requests: sent.map(({ input }) => input.MetricData?.length), listed: listed.length }).toEqual({
      requests: [1_000, 1],
      listed: 1_001,
    });
  });

  it('go in requests that stay under 1 MB with labels of any allowed length', async () => {
    const { sent, sink } = connect();
    const long = Object.fromEntries(Array.from({ length: 4 }, (_, i) => [`label_${i}`, '"'.repeat(1_024)]));
    await sink.put(Array.from({ length: 300 }, (_, i) => datapoint(i, { labels: long })));
    expect(sent.reduce((sum, { input }) => sum + (input.MetricData?.length ?? 0), 0)).toBe(300);
    expect(sent.length).toBeLessThanOrEqual(4);
    expect(sent.filter(({ bodyBytes }) => bodyBytes > 1_000_000)).toEqual([]);
  });

  const refused: readonly [string, Datapoint, string][] = [
    ['NaN', datapoint(NaN), 'its value is NaN, not a number within 2^360'],
    ['infinite', datapoint(-Infinity), 'its value is -Infinity, not a number within 2^360'],
    ['beyond 2^360', datapoint(2 ** 361), `its value is ${2 ** 361}, not a number within 2^360`],
    ['without a time', datapoint(1, { at: 'noon' }), 'its time is "noon"'],
  ];
  it.each(refused)('are refused by name when one is %s', async (_what, bad, why) => {
    const { sink } = connect();
    await expect(sink.put([datapoint(1), bad])).rejects.toThrow(
      `CloudWatch takes no datapoint gnatsd_varz_connections{cluster="eu",server_id="hub-1"}: ${why}`,
    );
  });

  it('are not sent at all when one is refused', async () => {
    const { sent, sink } = connect();
    await sink.put([...many(1_500), datapoint(NaN)]).catch(() => undefined);
    expect(sent).toEqual([]);
  });

  it('are taken up to 2^360', async () => {
    const { client, sink } = connect();
    await sink.put([datapoint(2 ** 360)]);
    expect(await readBack(client, metric())).toEqual([[at.toISOString(), 2 ** 360]]);
  });

  const badLabels: readonly [string, Record<string, string>, string][] = [
    ['empty', { cluster: '' }, 'the label cluster is not 1 to 1,024 characters of printable ASCII'],
    ['blank', { cluster: '  ' }, 'the label cluster is not 1 to 1,024 characters of printable ASCII'],
    ['too long', { cluster: 'x'.repeat(1_025) }, 'the label cluster is not 1 to 1,024 characters'],
    ['not ASCII', { cluster: 'Zoë' }, 'the label cluster is not 1 to 1,024 characters of printable ASCII'],
    ['named by nothing', { '': 'x' }, 'the label name "" is not 1 to 255 characters of printable ASCII'],
    ['named too long', { ['x'.repeat(256)]: 'x' }, 'is not 1 to 255 characters of printable ASCII'],
    ['named with a colon first', { ':x': 'x' }, 'the label name ":x" is not 1 to 255 characters'],
    [
      'one of 31',
      Object.fromEntries(Array.from({ length: 31 }, (_, i) => [`l${i}`, 'x'])),
      'it has 31 labels, at most 30',
    ],
  ];
  it.each(badLabels)('are refused when a label is %s', async (_what, labels, why) => {
    const { sent, sink } = connect();
    await expect(sink.put([datapoint(1, { labels })])).rejects.toThrow(why);
    expect(sent).toEqual([]);
  });

  it('are taken with 30 labels of the longest names and values', async () => {
    const { sent, sink } = connect();
    const labels = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`${i}`.padEnd(255, 'n'), 'v'.repeat(1_024)]),
    );
    await sink.put([datapoint(1, { labels })]);
    expect(sent.map(({ input }) => input.MetricData?.[0]?.Dimensions?.length)).toEqual([30]);
  });

  it('that are in other requests arrive when one request fails, and the failure says how many did not', async () => {
    const { client, sink } = connect(({ input }) => input.MetricData?.length === 1_000);
    const [lost, up] = [many(1_000), datapoint(5, { series: 'up' })];
    const put = sink.put([...lost, up]);
    await expect(put).rejects.toMatchObject({ unsent: new Set(lost) });
    await expect(put).rejects.toThrow(
      'CloudWatch did not take 1000 of 1001 datapoints for namespace NATS (the first is gnatsd_varz_connections): Error: connection reset',
    );
    expect(await readBack(client, metric({ MetricName: 'up' }))).toEqual([[at.toISOString(), 5]]);
  });
});
