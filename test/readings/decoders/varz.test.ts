import { describe, expect, it } from 'vitest';
import { known } from '../../../lambdas/readings/decoders/impossible.ts';
import { decodeVarz } from '../../../lambdas/readings/decoders/varz.ts';
import { nowMs, varzJson } from './samples.ts';

const decoded = (changes: Readonly<Record<string, unknown>> = {}) => {
  const result = decodeVarz(varzJson(changes));
  if (!result.ok) throw new Error(result.problem);
  return result.value;
};

it('keeps what diagnoses need under NATS’ own names, and no operator JWT', () => {
  expect(decodeVarz(varzJson())).toStrictEqual({
    ok: true,
    value: {
      server_id: 'NBB3',
      server_name: 'hub1',
      version: '2.15.1',
      start: nowMs - 2_250,
      now: nowMs,
      uptime: 86_402,
      host: '0.0.0.0',
      port: 4222,
      https_port: 0,
      auth_required: true,
      tls_required: false,
      tls_verify: false,
      max_connections: 65536,
      ping_interval: 120_000_000_000,
      ping_max: 2,
      max_payload: 1048576,
      max_pending: 67108864,
      write_deadline: 10_000_000_000,
      auth_timeout: 0.5,
      cluster: { name: 'C', cluster_port: 6222, urls: ['10.0.0.2:6222'], pool_size: 3 },
      leaf: { host: '0.0.0.0', port: 7422, remotes: [] },
      mqtt: { port: 0 },
      websocket: {},
      gateway: {},
      jetstream: {},
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
      out_msgs: 20,
      in_bytes: 100,
      out_bytes: 200,
      slow_consumers: 0,
      slow_consumer_stats: { clients: 0, routes: 0, gateways: 0, leafs: 0 },
      stale_connections: 0,
      stale_connection_stats: { clients: 0, routes: 0, gateways: 0, leafs: 0 },
      stalled_clients: 0,
      subscriptions: 68,
      http_req_stats: { '/varz': 1 },
      config_digest: 'sha256:7aa9',
      system_account: '$SYS',
    },
  });
});

describe('a field that is left out', () => {
  it('means no leafnode listener and no remote', () => {
    expect(decoded({ leaf: {} }).leaf).toEqual({ port: 0, remotes: [] });
  });

  it('means that no login and no TLS are required', () => {
    const { auth_required, tls_required } = decoded({ auth_required: undefined });
    expect([auth_required, tls_required]).toEqual([false, false]);
  });

  it('means that the server runs alone', () => {
    expect(decoded({ cluster: {} }).cluster).toEqual({});
  });

  it.each([
    'slow_consumer_stats',
    'stale_connections',
    'stale_connection_stats',
    'stalled_clients',
    'config_digest',
  ] as const)('of a later version is unknown, never 0: %s', (field) => {
    expect(decoded({ [field]: undefined })[field]).toBe(undefined);
  });
});

it('lists the configured remotes of a leaf server', () => {
  const remotes = [
    { local_account: '$G', urls: ['10.0.0.1:7422', 'hub2:7422'], deny: {} },
    { tls_timeout: 2 },
  ];
  expect(decoded({ leaf: { remotes } }).leaf).toEqual({
    port: 0,
    remotes: [{ local_account: '$G', urls: ['10.0.0.1:7422', 'hub2:7422'] }, { urls: [] }],
  });
});

describe('a reply of another shape names path, expected and received', () => {
  it.each([
    [{ connections: undefined }, 'connections: expected number, received nothing'],
    [{ connections: '12' }, 'connections: expected number, received string "12"'],
    [{ version: 'x'.repeat(33), mem: null }, 'mem: expected number, received null'],
    [{ mem: 'x'.repeat(33) }, 'mem: expected number, received string of 33 characters'],
    [{ leaf: { remotes: [{ urls: [7] }] } }, 'leaf.remotes[0].urls[0]: expected string, received number 7'],
    [{ uptime: 'long' }, 'uptime: expected duration such as 1d2h3m4s or 80.7ms, received string "long"'],
    [{ now: '0001-01-01T00:00:00Z' }, 'now: expected RFC 3339 time, received string "0001-01-01T00:00:00Z"'],
    [{ slow_consumer_stats: [] }, 'slow_consumer_stats: expected object, received array'],
  ])('%j', (changes, problem) => {
    expect(decodeVarz(varzJson(changes))).toEqual({ ok: false, problem });
  });

  it('also when it is no object at all', () => {
    expect(decodeVarz('ok')).toEqual({ ok: false, problem: 'reply: expected object, received string "ok"' });
  });
});

describe('a count that cannot be', () => {
  it.each([
    ['connections', -5],
    ['connections', 1e300],
    ['connections', 2 ** 31 + 1],
    ['subscriptions', 4_294_967_295],
    ['remotes', 0.5],
    ['leafnodes', -1],
    ['total_connections', 1e300],
    ['slow_consumers', -1],
    ['stale_connections', -1],
    ['in_bytes', 2 ** 65],
    ['mem', -1],
    ['cores', -1],
  ] as const)('throws where it is read, and hides nothing else of the reply: %s %d', (field, value) => {
    const problem = `${field}: expected count, received number ${value}`;
    const varz = decoded({ [field]: value });
    expect(() => varz[field]).toThrow(problem);
    expect({ ...varz }).toEqual({ ...decoded(), [field]: undefined });
    expect(known(() => varz[field])).toBe(null);
  });

  it('may be too large for a number', () => {
    const varz = decodeVarz({ ...(varzJson() as object), connections: Infinity });
    expect(() => varz.ok && varz.value.connections).toThrow(
      'connections: expected number, received number Infinity',
    );
  });

  it('may be a part of others', () => {
    const { slow_consumer_stats: stats } = decoded({
      slow_consumer_stats: { clients: 1, routes: -1, gateways: 0, leafs: 0 },
    });
    expect(stats?.clients).toBe(1);
    expect(() => stats?.routes).toThrow('slow_consumer_stats.routes: expected count, received number -1');
  });

  it('is a share of CPU below 0, and none of several cores', () => {
    expect([decoded({ cpu: 0 }).cpu, decoded({ cpu: 799.5 }).cpu]).toEqual([0, 799.5]);
    expect(() => decoded({ cpu: -3 }).cpu).toThrow('cpu: expected percentage, received number -3');
  });

  it('is not what tells of another shape, which says so first', () => {
    expect(decodeVarz(varzJson({ connections: -3, version: 7 }))).toEqual({
      ok: false,
      problem: 'version: expected string, received number 7',
    });
  });

  it('is none of those that are real: none, the most of both kinds, more bytes than JavaScript counts one by one', () => {
    const { connections, subscriptions, in_bytes, total_connections } = decoded({
      connections: 0,
      subscriptions: 2 ** 31,
      in_bytes: 2 ** 60,
      total_connections: 2 ** 64,
    });
    expect([connections, subscriptions, in_bytes, total_connections]).toEqual([0, 2 ** 31, 2 ** 60, 2 ** 64]);
  });

  it('is not what a setting may be', () => {
    expect(decoded({ max_connections: -1 }).max_connections).toBe(-1);
  });
});

describe('JetStream', () => {
  it.each([
    ['off', {}, {}],
    [
      'on',
      { config: { max_memory: 3, max_storage: 5 }, stats: { memory: 0, api: { total: 1 } } },
      { config: { max_memory: 3, max_storage: 5 }, stats: {} },
    ],
    ['on, and asked for before it ran', { stats: { memory: 0 } }, { stats: {} }],
  ])('%s is told by its stats', (_, jetstream, expected) => {
    expect(decoded({ jetstream }).jetstream).toEqual(expected);
  });
});
