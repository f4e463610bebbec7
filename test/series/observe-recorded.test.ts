import { describe, expect, it } from 'vitest';
import { exporterSeries, seriesByName } from '../../lambdas/series/exporter-series.ts';
import { exporterName } from '../../lambdas/series/find.ts';
import { observer, type Sample } from '../../lambdas/series/observe.ts';
import type { SeriesReplies } from '../../lambdas/series/replies.ts';
import { recordedReply, recordedVersions, repliesOf, type RecordedVersion } from './streams-scene.ts';

const servers = ['east1', 'east2', 'east3', 'west1'];
const observers = (version: RecordedVersion) =>
  servers.map((server) => observer(repliesOf(version, server), { server_id: server }));

function samplesOf(observe: ReturnType<typeof observer>, name: string): readonly Sample[] {
  const [series] = seriesByName.get(name) ?? [];
  if (series === undefined) throw new Error(`no series ${name}`);
  const decoded = observe(series);
  if (!decoded.ok) throw new Error(decoded.problem);
  return decoded.value;
}

describe.each(recordedVersions)('what JetStream of nats-server %s showed', (version) => {
  const all = (name: string) => observers(version).flatMap((observe) => samplesOf(observe, name));
  const ofLeaders = (name: string) =>
    Object.fromEntries(
      all(name)
        .filter(({ labels }) => labels['is_consumer_leader'] === 'true')
        .map(({ labels, value }) => [String(labels['consumer_name']), value]),
    );

  it('are ten messages in each of three replicas, a mirror and a copy', () => {
    const messages = all('stream_total_messages').map(
      ({ labels, value }) => `${labels['stream_name']} ${value}`,
    );
    expect(messages.toSorted()).toEqual([
      'INVOICES 10',
      'ORDERS 10',
      'ORDERS 10',
      'ORDERS 10',
      'ORDERS-COPY 10',
    ]);
  });

  it('is one leader a stream, whose name all replicas agree on', () => {
    const orders = all('stream_last_seq').filter(({ labels }) => labels['stream_name'] === 'ORDERS');
    const leaders = orders.filter(({ labels }) => labels['is_stream_leader'] === 'true');
    expect(leaders.map(({ labels }) => labels['server_id'])).toEqual([
      ...new Set(orders.map(({ labels }) => labels['stream_leader'])),
    ]);
  });

  it('is one leader of the meta group', () => {
    const leaders = all('server_jetstream_disabled').filter(
      ({ labels }) => labels['cluster'] === 'east' && labels['is_meta_leader'] === 'true',
    );
    expect(leaders.map(({ labels }) => labels['meta_leader'])).toEqual(
      leaders.map(({ labels }) => labels['server_name']).slice(0, 1),
    );
  });

  it('is what each consumer has left, by its leader', () => {
    expect([
      ofLeaders('consumer_num_pending'),
      ofLeaders('consumer_num_ack_pending'),
      ofLeaders('consumer_delivered_stream_seq'),
      ofLeaders('consumer_ack_floor_stream_seq'),
    ]).toEqual([
      { shipping: 7, billing: 10 },
      { shipping: 2, billing: 0 },
      { shipping: 3, billing: 0 },
      { shipping: 1, billing: 0 },
    ]);
  });

  it('is JetStream off on the server beyond the gateway', () => {
    expect(
      Object.fromEntries(
        all('server_jetstream_disabled').map(({ labels, value }) => [labels['server_id'], value]),
      ),
    ).toEqual({ east1: 0, east2: 0, east3: 0, west1: 1 });
  });

  it('are gateways out of every server, and in', () => {
    const out = all('gatewayz_outbound_gateway_configured').map(
      ({ labels, value }) => `${labels['server_id']} to ${labels['remote_gateway_name']}: ${value}`,
    );
    const into = all('gatewayz_inbound_gateway_conn_subscriptions').map(({ labels }) => labels['server_id']);
    expect([out, new Set(into).has('west1'), into.some((server) => server?.startsWith('east'))]).toEqual([
      ['east1 to west: 0', 'east2 to west: 0', 'east3 to west: 0', 'west1 to east: 1'],
      true,
      true,
    ]);
  });

  it('is one client, in its account as in its connection', () => {
    const ofApp = (name: string) =>
      all(name).flatMap(({ labels, value }) =>
        labels['server_id'] === 'east1' && labels['account_id'] === 'APP' ? [value] : [],
      );
    expect([
      ofApp('accstatz_current_connections'),
      ofApp('accountz_client_connections'),
      ofApp('accountz_jetstream_enabled'),
      all('connz_num_connections').map(({ value }) => value),
    ]).toEqual([[1], [1], [1], [1, 0, 0, 0]]);
  });

  it('agrees between endpoints', () => {
    expect(all('routez_num_routes').map(({ value }) => value)).toEqual(
      all('varz_routes').map(({ value }) => value),
    );
  });

  it('has no two samples of a series with equal labels', () => {
    const repeated = observers(version).flatMap((observe) =>
      exporterSeries.filter((series) => {
        const decoded = observe(series);
        const labels = (decoded.ok ? decoded.value : []).map((sample) => JSON.stringify(sample.labels));
        return new Set(labels).size < labels.length;
      }),
    );
    expect(repeated).toEqual([]);
  });

  it('reads without a problem', () => {
    const problems = observers(version).flatMap((observe) =>
      exporterSeries.flatMap((series) => {
        const decoded = observe(series);
        return decoded.ok ? [] : [`${exporterName(series)}: ${decoded.problem}`];
      }),
    );
    expect(problems).toEqual([]);
  });
});

describe.each(recordedVersions)('what leafnodes and clients of nats-server %s showed', (version) => {
  const reply = (server: string, name: string) => recordedReply(`${version}/healthy/${server}/${name}`);
  const hubs = ['hub1', 'hub2'].map((hub) => {
    const replies: SeriesReplies = {
      varz: reply(hub, 'varz'),
      leafz: reply(hub, 'leafz'),
      connz: reply(hub, 'connz'),
    };
    return observer(replies, { server_id: hub });
  });

  it('is a row for each leafnode that /varz counts', () => {
    const rows = hubs.map((hub) => samplesOf(hub, 'leafz_info').length);
    expect(rows).toEqual(hubs.map((hub) => samplesOf(hub, 'varz_leafnodes')[0]?.value));
  });

  it('is a sum over as many connections as there are', () => {
    const perConnection = seriesByName.get('connz_in_msgs')?.[1];
    const sums = hubs.map((hub) => {
      const decoded = perConnection && hub(perConnection);
      return decoded?.ok ? decoded.value.reduce((sum, { value }) => sum + value, 0) : NaN;
    });
    expect(sums).toEqual(hubs.map((hub) => samplesOf(hub, 'connz_in_msgs')[0]?.value));
  });
});

describe('the age of the last delivery', () => {
  const consumers = (version: RecordedVersion) =>
    observers(version).flatMap((observe) =>
      samplesOf(observe, 'consumer_last_delivery_seconds')
        .filter(({ labels, value }) => labels['is_consumer_leader'] === 'true' && value >= 0 && value < 60)
        .map(({ labels }) => labels['consumer_name']),
    );

  it('is that of the one consumer that had any', () => {
    expect([consumers('2.10.27'), consumers('2.15.1')]).toEqual([['shipping'], ['shipping']]);
  });

  it('is unknown on nats-server 2.9, which does not say when it was asked', () => {
    expect(consumers('2.9.10')).toEqual([]);
  });
});

describe('series that are not optional and that no server of the scene has', () => {
  const absent = (version: RecordedVersion) => {
    const servers = observers(version);
    return exporterSeries
      .filter((series) => !series.optional)
      .filter((series) =>
        servers.every((observe) => {
          const decoded = observe(series);
          return decoded.ok && decoded.value.length === 0;
        }),
      )
      .map(({ name }) => name);
  };
  const absentUntil = (version: RecordedVersion, next: RecordedVersion) => {
    const later = absent(next);
    return absent(version).filter((name) => !later.includes(name));
  };

  it('are of leafnodes and of endpoints that nobody asked for', () => {
    const isExpected =
      /^leafz_(info|conn_(?!nodes_total))|^varz_http_req_stats|^healthz_js_(enabled|server)_only_/;
    expect(absent('2.15.1').filter((name) => !isExpected.test(name))).toEqual([]);
  });

  it('are on 2.10 those that came later', () => {
    expect(absentUntil('2.10.27', '2.15.1')).toMatchInlineSnapshot(`
      [
        "varz_in_client_msgs",
        "varz_out_client_msgs",
        "varz_in_client_bytes",
        "varz_out_client_bytes",
        "varz_stale_connections",
        "varz_stalled_clients",
        "varz_stale_connection_stats_clients",
        "varz_stale_connection_stats_routes",
        "varz_stale_connection_stats_gateways",
        "varz_stale_connection_stats_leafs",
        "varz_disk_io_wait_stats_waiters",
        "varz_disk_io_wait_stats_waits",
        "varz_disk_io_wait_stats_wait_time",
        "varz_disk_io_wait_stats_max_wait_time",
        "subsz_total",
        "subsz_offset",
        "subsz_limit",
        "subsz_server_id",
      ]
    `);
  });

  it('are on 2.9 those that came with 2.10, too', () => {
    expect(absentUntil('2.9.10', '2.10.27')).toMatchInlineSnapshot(`
      [
        "varz_slow_consumer_stats_clients",
        "varz_slow_consumer_stats_routes",
        "varz_slow_consumer_stats_gateways",
        "varz_slow_consumer_stats_leafs",
        "routez_server_name",
        "accstatz_subscriptions",
        "consumer_last_delivery_seconds",
        "consumer_last_ack_seconds",
      ]
    `);
  });
});
