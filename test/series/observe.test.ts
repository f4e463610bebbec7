import { describe, expect, it } from 'vitest';
import { collectorOf } from '../../lambdas/series/definition.ts';
import { exporterSeries, seriesByName } from '../../lambdas/series/exporter-series.ts';
import { observer, type ObserveOptions, type Sample } from '../../lambdas/series/observe.ts';
import type { SeriesReplies } from '../../lambdas/series/replies.ts';

const target = { server_id: 'n1', job: 'nats' };

function observed(
  name: string,
  replies: SeriesReplies,
  { per = 0, ...options }: ObserveOptions & { readonly per?: number } = {},
) {
  const series = seriesByName.get(name)?.[per];
  if (series === undefined) throw new Error(`no series ${name}`);
  const decoded = observer(replies, target, options)(series);
  return decoded.ok ? decoded.value : decoded.problem;
}
/** Samples in short, without the target's labels: `3 {"value":"ok"}`. */
const inShort = (samples: readonly Sample[] | string) =>
  typeof samples === 'string'
    ? samples
    : samples.map(({ labels, value }) => {
        const own = Object.entries(labels).filter(([name]) => !(name in target));
        return own.length === 0 ? `${value}` : `${value} ${JSON.stringify(Object.fromEntries(own))}`;
      });
const short = (...input: Parameters<typeof observed>) => inShort(observed(...input));

describe('series of a flattened reply', () => {
  it('are its numbers', () => {
    expect(
      observed('varz_jetstream_stats_memory', { varz: { jetstream: { stats: { memory: 7 } } } }),
    ).toEqual([{ labels: target, value: 7 }]);
  });

  it('are 1 with its text in a label', () => {
    expect(short('varz_version', { varz: { version: '2.15.1' } })).toEqual(['1 {"value":"2.15.1"}']);
  });

  it('are not there while the field is not', () => {
    expect(short('varz_stalled_clients', { varz: { cpu: 1 } })).toEqual([]);
  });
});

describe('series of /connz', () => {
  const connection = {
    cid: 5,
    kind: 'Client',
    ip: '127.0.0.1',
    port: 4_000,
    start: '2026-11-20T10:00:00.5Z',
    last_activity: '0001-01-01T00:00:00Z',
    rtt: '123.9µs',
    uptime: '1d2h3m4s',
    in_msgs: 3,
    account: 'APP',
  };
  const connz = { num_connections: 2, connections: [connection, { ...connection, cid: 6, in_msgs: 4 }] };

  it('are sums over the page', () => {
    expect(short('connz_in_msgs', { connz })).toEqual(['7']);
  });

  it('are one a connection too, its account under both names', () => {
    const labels = '"kind":"Client","ip":"127.0.0.1","port":"4000","account":"APP","account_id":"APP"';
    expect(short('connz_in_msgs', { connz }, { per: 1 })).toEqual([
      `3 {"cid":"5",${labels}}`,
      `4 {"cid":"6",${labels}}`,
    ]);
  });

  it.each([
    ['start', Date.parse('2026-11-20T10:00:00.5Z')],
    ['last_activity', -62_135_596_800_000],
    ['rtt', 123],
    ['uptime', 93_784_000],
  ])('have %s in the unit of the exporter', (name, value) => {
    expect(observed(`connz_${name}`, { connz: { connections: [connection] } })).toMatchObject([{ value }]);
  });

  it('have an rtt of 0 before the first pong', () => {
    const young = { ...connection, rtt: undefined };
    expect(observed('connz_rtt', { connz: { connections: [young] } })).toMatchObject([{ value: 0 }]);
  });
});

describe('series of /healthz', () => {
  it.each([
    [{ status: 'ok' }, ['0'], ['1 {"value":"ok"}']],
    [{ status: 'unavailable', error: 'x' }, ['1'], ['0 {"value":"unavailable"}']],
    [null, [], ['0 {"value":"unreachable"}']],
    [undefined, [], []],
  ])('of %j are inverted in the one and not in the other', (healthz, status, value) => {
    expect([short('healthz_status', { healthz }), short('healthz_status_value', { healthz })]).toEqual([
      status,
      value,
    ]);
  });

  it('come from the answer to their own question', () => {
    const replies = { healthz: { status: 'error' }, healthzJsServerOnly: { status: 'ok' } };
    expect([
      short('healthz_js_server_only_status', replies),
      short('healthz_js_enabled_only_status', replies),
    ]).toEqual([['0'], []]);
  });
});

describe('series of /leafz', () => {
  const leaf = { name: 'leaf1', account: 'APP', ip: '10.0.0.1', port: 7_422, rtt: '1.5ms', in_msgs: 2 };
  const labels = '"ip":"10.0.0.1","port":"7422","name":"leaf1","account":"APP","account_id":"APP"';

  it('are one a connection', () => {
    const leafz = { leafnodes: 1, leafs: [leaf] };
    expect([
      short('leafz_conn_nodes_total', { leafz }),
      short('leafz_info', { leafz }),
      short('leafz_conn_rtt', { leafz }),
    ]).toEqual([['1'], [`1 {${labels}}`], [`0.0015 {${labels}}`]]);
  });

  it('are none of a list that nats-server 2.9 writes as null', () => {
    const leafz = { leafnodes: 0, leafs: null };
    expect([short('leafz_conn_nodes_total', { leafz }), short('leafz_info', { leafz })]).toEqual([['0'], []]);
  });

  it('are 0 for each subject, where subjects are listed', () => {
    const leafz = { leafs: [{ ...leaf, subscriptions_list: ['a', 'b.*'] }, leaf] };
    expect(short('leafz_conn_subscriptions', { leafz })).toEqual([
      `0 {${labels},"subscription":"a"}`,
      `0 {${labels},"subscription":"b.*"}`,
    ]);
  });
});

describe('series of /jsz', () => {
  const consumer = {
    name: 'shipping',
    ts: '2026-11-20T10:00:10.25Z',
    delivered: { consumer_seq: 3, last_active: '2026-11-20T10:00:00Z' },
    ack_floor: { consumer_seq: 0 },
    config: { description: 'parcels', metadata: { team: 'shop' } },
    cluster: { leader: 'n2' },
  };
  const stream = { name: 'ORDERS', state: { messages: 10 }, cluster: { leader: 'n1' } };
  const account = { name: 'APP', id: 'AABC', memory: 7 };
  const jsz = (over: object = {}, streams: readonly object[] = [], rest: object = {}) => ({
    varz: { server_name: 'n1' },
    jsz: {
      streams: 1,
      meta_cluster: { name: 'east', leader: 'n1' },
      account_details: [{ ...account, ...rest, stream_detail: streams }],
      ...over,
    },
  });
  const server = '"server_name":"n1","cluster":"east","meta_leader":"n1","is_meta_leader":"true"';
  const ofAccount = `${server},"account":"APP","account_name":"APP","account_id":"AABC"`;
  const ofStream = `${ofAccount},"stream_name":"ORDERS","stream_leader":"n1","is_stream_leader":"true"`;

  it('tell the server, the cluster and its leader', () => {
    expect(short('server_total_streams', jsz())).toEqual([`1 {${server}}`]);
  });

  it('say that JetStream is not disabled where the server says nothing', () => {
    const disabled = (over: object) => observed('server_jetstream_disabled', jsz(over));
    expect([disabled({}), disabled({ disabled: true })]).toMatchObject([[{ value: 0 }], [{ value: 1 }]]);
  });

  it('take a server without a cluster for the leader', () => {
    expect(short('server_total_streams', jsz({ meta_cluster: undefined }))).toEqual([
      '1 {"server_name":"n1","is_meta_leader":"true"}',
    ]);
  });

  it('tell a follower from the leader', () => {
    const followed = jsz({}, [{ ...stream, cluster: { leader: 'n2' } }]);
    expect(observed('stream_total_messages', followed)).toMatchObject([
      { labels: { stream_leader: 'n2', is_stream_leader: 'false' } },
    ]);
  });

  it('have no leader where there is none, and no one else’s either', () => {
    const leaderless = jsz({}, [stream, { ...stream, name: 'B', cluster: {} }]);
    const labels = observed('stream_total_messages', leaderless) as readonly Sample[];
    expect(
      labels.map(({ labels: { stream_leader, is_stream_leader } }) => [stream_leader, is_stream_leader]),
    ).toEqual([
      ['n1', 'true'],
      [undefined, 'false'],
    ]);
  });

  it('are of accounts and streams', () => {
    expect([short('account_memory_used', jsz()), short('stream_total_messages', jsz({}, [stream]))]).toEqual([
      [`7 {${ofAccount}}`],
      [`10 {${ofStream}}`],
    ]);
  });

  it('show an unlimited account as the exporter does', () => {
    const unlimited = jsz({}, [], { reserved_memory: 2 ** 64 });
    expect(observed('account_max_memory', unlimited)).toMatchObject([{ value: 2 ** 64 }]);
  });

  it('are of consumers, with what describes them', () => {
    const some = jsz({}, [{ ...stream, consumer_detail: [consumer] }]);
    const labels = `${ofStream},"consumer_name":"shipping","consumer_leader":"n2","is_consumer_leader":"false","consumer_desc":"parcels"`;
    expect(short('consumer_delivered_consumer_seq', some)).toEqual([`3 {${labels}}`]);
  });

  it('are of metadata only as far as it is asked for', () => {
    const some = jsz({}, [
      { ...stream, config: { metadata: { tier: 'gold' } }, consumer_detail: [consumer] },
    ]);
    const metadata = { stream: ['tier', 'none'], consumer: ['team'] };
    expect(observed('consumer_delivered_consumer_seq', some, { metadata })).toMatchObject([
      { labels: { stream_meta_tier: 'gold', consumer_meta_team: 'shop' } },
    ]);
  });

  it('have the seconds since the last delivery, and none since an acknowledgement that never came', () => {
    const some = jsz({}, [{ ...stream, consumer_detail: [consumer] }]);
    expect([
      observed('consumer_last_delivery_seconds', some),
      observed('consumer_last_ack_seconds', some),
    ]).toMatchObject([[{ value: 10.25 }], []]);
  });

  it('are of sources and mirrors by the stream they come from', () => {
    const some = jsz({}, [
      { ...stream, sources: [{ name: 'A', lag: 1, external: { api: '$JS.x.API', deliver: 'd' } }] },
      { ...stream, mirror: { name: 'B', lag: 2, active: -1 } },
    ]);
    expect([short('stream_source_lag', some), short('stream_mirror_active_duration_ns', some)]).toEqual([
      [`1 {${ofStream},"source_name":"A","source_api":"$JS.x.API","source_deliver":"d"}`],
      [`-1 {${ofStream},"mirror_name":"B"}`],
    ]);
  });

  it('are none while nobody knows the name of the server', () => {
    expect(short('server_total_streams', { ...jsz(), varz: null })).toEqual([]);
  });
});

describe('series of accounts', () => {
  it('are none of a counter that the server does not have yet', () => {
    const accstatz = { account_statz: [{ acc: 'APP', conns: 2 }] };
    expect([
      short('accstatz_current_connections', { accstatz }),
      short('accstatz_subscriptions', { accstatz }),
    ]).toEqual([['2 {"account":"APP","account_id":"APP"}'], []]);
  });

  it('have the limits of a JWT, and 0 without one', () => {
    const detail = (more: object) => ({ account_detail: { account_name: 'A', name_tag: 'shop', ...more } });
    const limits = { conn: -1, wildcards: true };
    const accountz = [detail({ decoded_jwt: { nats: { limits } } }), detail({})];
    const labels = '{"account_id":"A","account_name":"shop"}';
    expect([
      short('accountz_limit_conn', { accountz }),
      short('accountz_limit_wildcards', { accountz }),
    ]).toEqual([
      [`-1 ${labels}`, `0 ${labels}`],
      [`1 ${labels}`, `0 ${labels}`],
    ]);
  });
});

describe('up', () => {
  it.each([
    [{ now: '' }, ['1']],
    [null, ['0']],
    ['no object', ['0']],
    [undefined, []],
  ])('of a /varz that is %j is %j', (varz, value) => {
    expect(short('up', { varz })).toEqual(value);
  });
});

describe('a reply of another shape', () => {
  it.each([
    ['varz_cpu', { varz: 'text' }, 'varz: reply: expected an object'],
    ['connz_in_msgs', { connz: { connections: {} } }, 'connz: connections: expected a list'],
    ['leafz_info', { leafz: [] }, 'leafz: reply: expected an object'],
    [
      'gatewayz_outbound_gateway_conn_rtt',
      { gatewayz: { outbound_gateways: [] } },
      'gatewayz: outbound_gateways: expected an object',
    ],
    ['accountz_expired', { accountz: [1] }, 'accountz: reply: expected an object'],
  ])('is a problem of %s that names the path', (name, replies, problem) => {
    expect(observed(name, replies)).toBe(problem);
  });

  it('never throws and never makes a sample that is no number, whatever stands in a field', () => {
    const odd = { server_name: 'n1', status: {}, connections: [null, 1, { cid: {}, in_msgs: 'x' }] };
    const replies: SeriesReplies = {
      ...Object.fromEntries(
        [...new Set(exporterSeries.map((one) => collectorOf(one).reply))].map((reply) => [reply, odd]),
      ),
      accountz: [odd],
    };
    const samples = exporterSeries.flatMap((series) => {
      const decoded = observer(replies, target)(series);
      return decoded.ok ? decoded.value : [];
    });
    expect(samples.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
  });
});
