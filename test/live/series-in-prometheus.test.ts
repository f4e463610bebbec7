import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInGroups } from '../../infra/rules/built-in.ts';
import { mirrors } from '../../infra/settings/mirrors.ts';
import { httpSource } from '../../lambdas/adapters/http/source.ts';
import { otlpMetrics } from '../../lambdas/adapters/otlp/sink.ts';
import { seconds } from '../../lambdas/durations.ts';
import type { SeriesPoint } from '../../lambdas/ports.ts';
import { evaluate, metricName, parse, readerOf, written } from '../../lambdas/promql/index.ts';
import type { Sample, Series } from '../../lambdas/promql/index.ts';
import { exporterSeries } from '../../lambdas/series/exporter-series.ts';
import { exporterName } from '../../lambdas/series/find.ts';
import { observer } from '../../lambdas/series/observe.ts';
import { seriesPoints } from '../../lambdas/rules/engines/series-points.ts';
import { accountRequests, requestsOf } from '../../lambdas/series/requests.ts';
import { decodeExport, openMetrics } from '../adapters/otlp/decode.ts';
import { startOtlpServer } from '../adapters/otlp/server.ts';
import { differences } from '../promql/compare.ts';
import type { Answer } from '../promql/promtool.ts';
import { startStreams } from '../scenes/streams.ts';
import { connect } from '../services/nats-client.ts';
import type { NatsServer } from '../services/nats-server.ts';
import { startPrometheus, type PrometheusServer } from '../services/prometheus-server.ts';

const edition = 3;
const from = Date.parse('2026-11-05T10:00:00Z');
const rounds = 10;
const minuteOf = (round: number): number => from + round * 60_000;
const minutes = Array.from({ length: rounds }, (_, round) => minuteOf(round));
/** In this round one server is down, and back with new counters in the next. */
const downIn = 6;

const source = httpSource({ timeoutMs: seconds(60) });

/** Every series of one server as it is now. */
async function pointsOf(server: NatsServer, at: number): Promise<readonly SeriesPoint[]> {
  const target = { name: server.name, url: server.monitoringUrl };
  const read = async (request: Parameters<typeof source.read>[1]): Promise<unknown> => {
    const reading = await source.read(target, request);
    return reading.ok ? reading.value.json : null;
  };
  const replies = Object.fromEntries(
    await Promise.all(
      requestsOf(exporterSeries).map(async ({ reply, request }) => [reply, await read(request)] as const),
    ),
  );
  const accounts = accountRequests(replies['accountz']);
  const accountz = replies['accountz'] === null ? null : await Promise.all(accounts.map(read));
  const startMs = replies['varz'] === null ? null : Date.parse((replies['varz'] as { start: string }).start);
  const observe = observer(
    { ...replies, accountz },
    { server_id: server.name, instance: new URL(server.monitoringUrl).host, job: 'nats', cluster: 'east' },
  );
  return exporterSeries.flatMap((series) => {
    const samples = observe(series);
    if (!samples.ok) throw new Error(`${series.name}: ${samples.problem}`);
    return seriesPoints(series, { name: exporterName(series), samples: samples.value, at, startMs });
  });
}

/** All points of some minutes: traffic, more and more clients, and a server that is down for one minute. */
async function watch(servers: readonly NatsServer[], put: (points: readonly SeriesPoint[]) => Promise<void>) {
  const [east1, east2] = servers;
  if (east1 === undefined || east2 === undefined) throw new Error('the scene lacks a server');
  for (const round of minutes.keys()) {
    const client = await connect({
      port: east1.clientPort,
      user: 'app',
      pass: 'app',
      name: `shop "${round}"`,
    });
    for (let order = 0; order <= round; order += 1) client.publish('orders.more', '{"parcels":1}');
    await client.flush();
    if (round === downIn) await east2.stop();
    if (round === downIn + 1) await east2.restart();
    const points = await Promise.all(servers.map((server) => pointsOf(server, minuteOf(round))));
    await put(points.flat());
  }
}

const seriesOf = (points: readonly SeriesPoint[]): readonly Series[] =>
  [...Map.groupBy(points, ({ name, labels }) => written({ ...labels, [metricName]: name })).values()].map(
    (some) => ({
      labels: { ...some[0]?.labels, [metricName]: some[0]?.name ?? '' },
      samples: some.map(({ at, value }): Sample => [at, value]),
    }),
  );

type Result = {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
  readonly values: readonly (readonly [number, string])[];
};
const resultsOf = (data: unknown) => (data as { readonly result: readonly Result[] }).result;
const numberOf = (text: string): number => Number(text.replace('Inf', 'Infinity'));

describe('series of real servers, sent to CloudWatch and held by a real Prometheus,', () => {
  let prometheus: PrometheusServer;
  let observed: readonly Series[];
  let requests: number;
  const stops: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const scene = await startStreams({ version: '2.15.1' });
    stops.push(scene.stop);
    const endpoint = await startOtlpServer();
    stops.push(endpoint.stop);
    const client = new CloudWatchClient({
      endpoint: endpoint.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const warnings: string[] = [];
    const sink = otlpMetrics(client, { log: { info() {}, warn: (message) => void warnings.push(message) } });
    const points: SeriesPoint[] = [];
    await watch(scene.servers, async (some) => {
      points.push(...some);
      await sink.put(some);
    });
    expect(warnings).toEqual([]);
    observed = seriesOf(points);
    requests = endpoint.received.length;
    prometheus = await startPrometheus(
      edition,
      openMetrics(endpoint.received.flatMap(({ text }) => decodeExport(text))),
    );
    stops.push(prometheus.stop);
  });
  afterAll(async () => {
    await source.close();
    for (const stop of stops.reverse()) await stop();
  });

  it('are there with every label, time and value', async () => {
    const data = await prometheus.query('{__name__=~".+"}[1h]', minuteOf(rounds));
    const lines = (labels: Readonly<Record<string, string>>, samples: readonly (readonly unknown[])[]) =>
      samples.map((sample) => `${written(labels)} ${sample.join(' ')}`);
    const theirs = resultsOf(data).flatMap(({ metric, values }) =>
      lines(
        metric,
        values.map(([time, value]) => [time * 1_000, numberOf(value)]),
      ),
    );
    const ours = observed.flatMap(({ labels, samples }) => lines(labels, samples));
    expect(theirs.toSorted()).toEqual(ours.toSorted());
    expect([ours.length > 8_000, requests > rounds]).toEqual([true, true]);
  });

  /** What the answers of Prometheus and ours differ in, each minute and half a minute later. */
  async function disagreements(
    expressions: readonly string[],
  ): Promise<{ reported: string[]; samples: number }> {
    const read = readerOf(observed, edition);
    const reported: string[] = [];
    let samples = 0;
    for (const expression of expressions) {
      const { ast, problem } = parse(expression, edition);
      if (problem !== undefined) throw new Error(`${expression}: ${problem.message}`);
      for (const at of minutes.flatMap((minute) => [minute, minute + 30_000])) {
        const value = evaluate(ast, { at, read, edition });
        if (value.type !== 'vector') throw new Error(`${expression} is no vector`);
        const theirs: Answer = {
          samples: resultsOf(await prometheus.query(expression, at)).map(({ metric, value: [, text] }) => ({
            labels: metric,
            value: numberOf(text),
          })),
        };
        samples += theirs.samples.length;
        const different = differences(theirs, value);
        if (different !== undefined)
          reported.push(`${expression} at ${new Date(at).toISOString()}: ${different}`);
      }
    }
    return { reported, samples };
  }

  it.each(mirrors)('answer the built-in rules (%s) as they do here', async (mirror) => {
    const rules = builtInGroups(mirror, edition).flatMap((group) => group.rules.map(({ expr }) => expr));
    // Nothing is amiss with these servers: limits that everything is above show what the rules compare.
    const lowered = rules.map((rule) => rule.replaceAll(' > ', ' > -1 + 0 * '));
    const { reported, samples } = await disagreements([...rules, ...lowered]);
    expect([reported, samples > 500]).toEqual([[], true]);
  });

  it('answer what else rules ask, of streams and consumers and over windows, as they do here', async () => {
    const { reported, samples } = await disagreements([
      'up{job="nats"} == 0',
      'rate(gnatsd_varz_in_msgs[5m]) > 0',
      'increase(gnatsd_varz_total_connections[5m])',
      'resets(gnatsd_varz_in_msgs[10m]) > 0',
      'sum by (stream_name) (increase(jetstream_stream_last_seq{is_stream_leader="true"}[5m]))',
      'max by (stream_name, consumer_name) (jetstream_consumer_num_pending) > 10',
      'jetstream_stream_total_bytes / jetstream_stream_limit_bytes > 0.0001 and jetstream_stream_limit_bytes > 0',
      'delta(jetstream_consumer_num_pending[5m]) > 0 and min_over_time(jetstream_consumer_num_pending[5m]) > 5',
      'count by (exported_cluster) (jetstream_server_jetstream_disabled == 0)',
      'gnatsd_varz_connections - on (server_id) group_left () gnatsd_varz_routes',
      'time() - gnatsd_varz_start / 1000 < 300',
      'absent_over_time(up{server_id="east2"}[1m])',
      'changes(up[10m]) > 0',
    ]);
    expect([reported, samples > 300]).toEqual([[], true]);
  });
});
