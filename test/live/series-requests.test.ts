import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpSource } from '../../lambdas/adapters/http/source.ts';
import { seconds } from '../../lambdas/durations.ts';
import type { Target } from '../../lambdas/readings/reading.ts';
import { exporterSeries } from '../../lambdas/series/exporter-series.ts';
import { observer } from '../../lambdas/series/observe.ts';
import { accountRequests, requestsOf } from '../../lambdas/series/requests.ts';
import { startAlone, type Servers } from '../scenes/alone.ts';
import { natsVersions } from '../services/nats-server.ts';

describe.each(natsVersions)('series read from nats-server %s', (version) => {
  const source = httpSource({ timeoutMs: seconds(60) });
  let scene: Servers;
  let target: Target;
  beforeAll(async () => {
    scene = await startAlone({ version });
    target = { name: 'alone', url: scene.servers[0]?.monitoringUrl ?? '' };
  });
  afterAll(async () => {
    await source.close();
    await scene.stop();
  });

  const read = async (request: Parameters<typeof source.read>[1]): Promise<unknown> => {
    const reading = await source.read(target, request);
    if (!reading.ok) throw new Error(reading.failure.message);
    return reading.value.json;
  };

  it('need requests that the server answers, and no other, and observe without a problem', async () => {
    const replies = Object.fromEntries(
      await Promise.all(
        requestsOf(exporterSeries).map(async ({ reply, request }) => [reply, await read(request)] as const),
      ),
    );
    const accountz = await Promise.all(accountRequests(replies['accountz']).map(read));
    const observe = observer({ ...replies, accountz }, { server_id: 'alone' });
    const observed = exporterSeries.map((series) => ({ name: series.name, decoded: observe(series) }));
    expect(observed.filter(({ decoded }) => !decoded.ok)).toEqual([]);
    const counts = Object.fromEntries(
      observed.map(({ name, decoded }) => [name, decoded.ok ? decoded.value.length : 0]),
    );
    expect(counts).toMatchObject({
      up: 1,
      varz_cpu: 1,
      routez_num_routes: 1,
      subsz_num_subscriptions: 1,
      healthz_status: 1,
      healthz_js_enabled_only_status: 1,
      healthz_js_server_only_status_value: 1,
      leafz_conn_nodes_total: 1,
      // The system's own account and the global one.
      accstatz_current_connections: 2,
      accountz_is_system: 2,
      server_jetstream_disabled: 1,
    });
  });

  it('of each level of /jsz need requests that the server answers', async () => {
    const levels = ['jszServer', 'jszAccount', 'jszStream', 'jszConsumer'] as const;
    const answered = await Promise.all(
      levels.map(async (level) => {
        const some = exporterSeries.filter(({ collector }) => collector === level);
        const jsz = requestsOf(some).find(({ reply }) => reply === 'jsz');
        return jsz && (await read(jsz.request));
      }),
    );
    expect(answered).toEqual(levels.map(() => expect.objectContaining({ disabled: true }) as unknown));
  });
});
