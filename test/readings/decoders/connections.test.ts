import { describe, expect, it } from 'vitest';
import { decodeClosed } from '../../../lambdas/readings/decoders/closed.ts';
import { decodeConnz } from '../../../lambdas/readings/decoders/connz.ts';
import { closedRowJson, connectionsJson, nowMs, openRowJson } from './samples.ts';

it('keeps an open connection as NATS names it, times in ms, durations in seconds, no JWT, user, issuer or tags', () => {
  expect(decodeConnz(connectionsJson([openRowJson()], { total: 40, offset: 3 }))).toStrictEqual({
    ok: true,
    value: {
      server_id: 'NBB3',
      now: nowMs,
      num_connections: 1,
      total: 40,
      offset: 3,
      limit: 256,
      connections: [
        {
          cid: 6,
          kind: 'Client',
          type: 'nats',
          ip: '10.0.1.8',
          port: 53444,
          start: nowMs - 2_232,
          last_activity: nowMs - 2_130,
          rtt: 0.00125,
          uptime: 2,
          idle: 1,
          pending_bytes: 7,
          in_msgs: 1,
          out_msgs: 2,
          in_bytes: 3,
          out_bytes: 4,
          subscriptions: 2,
          name: 'orders',
          mqtt_client: undefined,
          lang: 'go',
          version: '1.2.3',
          account: 'APP',
        },
      ],
    },
  });
});

it('keeps a closed connection as NATS names it, times in ms, no JWT, user, issuer or tags', () => {
  expect(decodeClosed(connectionsJson([closedRowJson()]))).toStrictEqual({
    ok: true,
    value: {
      server_id: 'NBB3',
      now: nowMs,
      num_connections: 1,
      total: 1,
      offset: 0,
      limit: 256,
      connections: [
        {
          cid: 6,
          kind: 'Client',
          type: 'nats',
          ip: '10.0.1.8',
          port: 53444,
          start: nowMs - 2_232,
          stop: nowMs - 1_000,
          reason: 'Stale Connection',
          rtt: undefined,
          idle: undefined,
          pending_bytes: 7,
          in_msgs: 1,
          out_msgs: 2,
          in_bytes: 3,
          out_bytes: 4,
          subscriptions: 2,
          name: 'orders',
          mqtt_client: undefined,
          lang: 'go',
          version: '1.2.3',
          account: 'APP',
        },
      ],
    },
  });
});

it('keeps the id of an MQTT client, and for how long it had been idle when it closed', () => {
  const unnamed = {
    type: 'mqtt',
    name: undefined,
    lang: undefined,
    version: undefined,
    mqtt_client: 'pump-8',
  };
  const decoded = (changes: object) =>
    decodeClosed(connectionsJson([closedRowJson({ ...unnamed, ...changes })]));
  expect(decoded({ idle: '1m30s', rtt: '0s' })).toMatchObject({
    value: { connections: [{ mqtt_client: 'pump-8', idle: 90, rtt: 0 }] },
  });
  expect(decoded({ idle: 'long', rtt: undefined })).toMatchObject({
    ok: true,
    value: { connections: [{ idle: undefined, rtt: undefined }] },
  });
  expect(decodeConnz(connectionsJson([openRowJson(unnamed)]))).toMatchObject({
    value: { connections: [{ mqtt_client: 'pump-8' }] },
  });
});

it('leaves undefined what a leafnode that failed to log in does not have', () => {
  const absent = {
    type: undefined,
    name: undefined,
    lang: undefined,
    version: undefined,
    account: undefined,
  };
  const row = closedRowJson({ ...absent, kind: 'Leafnode' });
  expect(decodeClosed(connectionsJson([row]))).toMatchObject({
    value: {
      connections: [{ ...absent, kind: 'Leafnode' }],
    },
  });
});

it('has no last activity where NATS writes its zero time, and no round trip where it writes none', () => {
  const row = openRowJson({ last_activity: '0001-01-01T00:00:00Z', rtt: undefined });
  expect(decodeConnz(connectionsJson([row]))).toMatchObject({
    value: { connections: [{ last_activity: null, rtt: undefined }] },
  });
});

describe.each([
  ['open', decodeConnz, openRowJson],
  ['closed', decodeClosed, closedRowJson],
] as const)('a page of %s connections', (_, decode, rowJson) => {
  it('may be empty', () => {
    expect(decode(connectionsJson([], { total: 6, offset: 1000 }))).toMatchObject({
      value: { total: 6, num_connections: 0, connections: [] },
    });
  });

  it('is a problem where the list is null: the server does not know the account asked for', () => {
    expect(decode(connectionsJson(null, { server_id: '' }))).toEqual({
      ok: false,
      problem: 'connections: expected array, received null',
    });
  });

  it('is a problem where rows are missing', () => {
    expect(decode(connectionsJson([rowJson()], { num_connections: 2 }))).toEqual({
      ok: false,
      problem: 'connections: expected 2 rows as num_connections says, received 1',
    });
  });

  it.each([
    [{ cid: '6' }, 'connections[1].cid: expected number, received string "6"'],
    [{ name: 7 }, 'connections[1].name: expected string, received number 7'],
    [{ start: 'soon' }, 'connections[1].start: expected RFC 3339 time, received string "soon"'],
    [
      { start: '0001-01-01T00:00:00Z' },
      'connections[1].start: expected RFC 3339 time, received string "0001-01-01T00:00:00Z"',
    ],
  ])('leaves a row out that is not as expected, and names its field: %j', (changes, problem) => {
    expect(decode(connectionsJson([rowJson(), rowJson({ cid: 7, ...changes })]))).toMatchObject({
      ok: true,
      value: { num_connections: 2, connections: [{ cid: 6 }], leftOut: { count: 1, problem } },
    });
  });

  it('tells which rows it left out, as far as they have an id', () => {
    const rows = [
      rowJson(),
      rowJson({ cid: 8, ip: 1 }),
      rowJson({ cid: null }),
      rowJson({ cid: 9, port: 'x' }),
    ];
    expect(decode(connectionsJson(rows))).toMatchObject({ value: { leftOut: { count: 3, cids: [8, 9] } } });
  });

  it('is a problem where no row is as expected', () => {
    expect(decode(connectionsJson([rowJson({ ip: 1 }), rowJson({ ip: 2 })]))).toEqual({
      ok: false,
      problem: 'connections[0].ip: expected string, received number 1',
    });
  });

  it('is read behind the first where it holds nothing but such a row', () => {
    expect(decode(connectionsJson([rowJson({ ip: 1 })], { offset: 256, total: 257 }))).toMatchObject({
      ok: true,
      value: { num_connections: 1, connections: [], leftOut: { count: 1 } },
    });
  });

  it('is a problem where a row is none', () => {
    expect(decode({ ...(connectionsJson([]) as object), num_connections: 1, connections: [null] })).toEqual({
      ok: false,
      problem: 'connections[0]: expected object, received null',
    });
  });
});

it('refuses an open row whose uptime is no duration', () => {
  expect(decodeConnz(connectionsJson([openRowJson({ uptime: '2 s' })]))).toEqual({
    ok: false,
    problem: 'connections[0].uptime: expected duration such as 1d2h3m4s or 80.7ms, received string "2 s"',
  });
});

it.each([
  ['cid', -1],
  ['pending_bytes', -7],
  ['in_msgs', 1e300],
  ['subscriptions', 0.5],
])('a row has no %s of %d', (field, value) => {
  expect(decodeClosed(connectionsJson([{ ...closedRowJson(), [field]: value }]))).toEqual({
    ok: false,
    problem: `connections[0].${field}: expected count, received number ${JSON.stringify(value)}`,
  });
});

it.each([
  [{ pending_bytes: 2 ** 52, rtt: '365d0s' }, 2],
  [{ pending_bytes: 2 ** 52 + 1 }, 1],
  [{ rtt: '365d1s' }, 1],
  [{ rtt: '-1ms' }, 1],
])('leaves out an open connection with a figure that cannot be: %j', (changes, kept) => {
  const decoded = decodeConnz(connectionsJson([openRowJson(), openRowJson(changes)]));
  expect(decoded.ok ? decoded.value.connections.length : decoded.problem).toBe(kept);
});
