/** JSON as nats-server 2.15.1 sends it, with what a test changes. `undefined` takes a key out. */
type Json = Readonly<Record<string, unknown>>;

const sent = (json: Json): unknown => JSON.parse(JSON.stringify(json));

export const now = '2026-11-20T09:32:10.5Z';
export const nowMs = Date.UTC(2026, 10, 20, 9, 32, 10, 500);

export const varzJson = (changes: Json = {}): unknown =>
  sent({
    server_id: 'NBB3',
    server_name: 'hub1',
    version: '2.15.1',
    proto: 1,
    host: '0.0.0.0',
    port: 4222,
    auth_required: true,
    max_connections: 65536,
    ping_interval: 120000000000,
    ping_max: 2,
    auth_timeout: 0.5,
    max_payload: 1048576,
    max_pending: 67108864,
    cluster: { name: 'C', addr: '0.0.0.0', cluster_port: 6222, pool_size: 3, urls: ['10.0.0.2:6222'] },
    gateway: {},
    leaf: { host: '0.0.0.0', port: 7422, auth_timeout: 2 },
    write_deadline: 10000000000,
    start: '2026-11-20T09:32:08.25Z',
    now,
    uptime: '1d0h0m2s',
    mem: 19066880,
    cores: 2,
    gomaxprocs: 2,
    cpu: 12.5,
    connections: 1,
    total_connections: 6,
    routes: 3,
    remotes: 1,
    leafnodes: 1,
    in_msgs: 10,
    in_bytes: 100,
    out_msgs: 20,
    out_bytes: 200,
    slow_consumers: 0,
    stale_connections: 0,
    stalled_clients: 0,
    subscriptions: 68,
    http_req_stats: { '/varz': 1 },
    config_digest: 'sha256:7aa9',
    trusted_operators_jwt: ['eyJ0eXAiOiJKV1QifQ.eyJpYXQiOjE3OTUxNjcxMzJ9.c2lnbmF0dXJl'],
    system_account: '$SYS',
    slow_consumer_stats: { clients: 0, routes: 0, gateways: 0, leafs: 0 },
    stale_connection_stats: { clients: 0, routes: 0, gateways: 0, leafs: 0 },
    ...changes,
  });

export const leafJson = (changes: Json = {}): Json => ({
  id: 5,
  name: 'leaf1',
  is_spoke: false,
  account: '$G',
  ip: '10.0.1.7',
  port: 43654,
  rtt: '305\u00b5s',
  in_msgs: 1,
  out_msgs: 2,
  in_bytes: 3,
  out_bytes: 4,
  subscriptions: 5,
  compression: 's2_uncompressed',
  ...changes,
});

export const leafzJson = (leafs: readonly Json[] | null, changes: Json = {}): unknown =>
  sent({ server_id: 'NBB3', now, leafnodes: leafs?.length ?? 0, leafs, ...changes });

export const openRowJson = (changes: Json = {}): Json => ({
  cid: 6,
  kind: 'Client',
  type: 'nats',
  ip: '10.0.1.8',
  port: 53444,
  start: '2026-11-20T15:02:08.268966626+05:30',
  last_activity: '2026-11-20T09:32:08.370401424Z',
  rtt: '1.25ms',
  uptime: '2s',
  idle: '1s',
  pending_bytes: 7,
  in_msgs: 1,
  out_msgs: 2,
  in_bytes: 3,
  out_bytes: 4,
  subscriptions: 2,
  name: 'orders',
  lang: 'go',
  version: '1.2.3',
  authorized_user: 'alice',
  account: 'APP',
  jwt: 'eyJ0eXAiOiJKV1QifQ.eyJpYXQiOjE3OTUxNjcxMzJ9.c2lnbmF0dXJl',
  issuer_key: 'ADPTJBNC7P7AAKL2FFOBFKNP6QJIL5XBY7RXH7VLULPYFSXYCNG3IPAK',
  name_tag: 'APP',
  tags: ['team:a'],
  ...changes,
});

export const closedRowJson = (changes: Json = {}): Json =>
  openRowJson({ stop: '2026-11-20T15:02:09.5+05:30', reason: 'Stale Connection', ...changes });

export const connectionsJson = (connections: readonly Json[] | null, changes: Json = {}): unknown =>
  sent({
    server_id: 'NBB3',
    now,
    num_connections: connections?.length ?? 0,
    total: connections?.length ?? 0,
    offset: 0,
    limit: 256,
    connections,
    ...changes,
  });
