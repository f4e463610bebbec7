import { expect, it } from 'vitest';
import { decodeGatewayz } from '../../../lambdas/readings/decoders/gatewayz.ts';

const connection = {
  cid: 9,
  kind: 'Gateway',
  name: 'NW',
  ip: '10.0.0.9',
  port: 7_222,
  start: '2026-11-20T10:00:00Z',
  rtt: '20ms',
  pending_bytes: 512,
  subscriptions: 74,
};
const reply = { server_id: 'NA', now: '2026-11-20T11:00:00Z', name: 'east' };
const row = {
  configured: true,
  connection: {
    ...{ cid: 9, name: 'NW', start: Date.parse('2026-11-20T10:00:00Z') },
    ...{ rtt: 0.02, pending_bytes: 512, subscriptions: 74 },
  },
};

it('keeps gateways out and in, by the cluster at the other end', () => {
  const outbound_gateways = { west: { configured: true, connection } };
  const inbound_gateways = { west: [{ configured: true, connection }], south: null };
  expect(decodeGatewayz({ ...reply, outbound_gateways, inbound_gateways })).toEqual({
    ok: true,
    value: {
      ...{ server_id: 'NA', now: Date.parse('2026-11-20T11:00:00Z') },
      outbound: { west: row },
      inbound: { west: [row], south: [] },
    },
  });
});

it('takes empty lists for none', () => {
  const decoded = decodeGatewayz({ ...reply, outbound_gateways: {}, inbound_gateways: null });
  expect(decoded).toMatchObject({ ok: true, value: { outbound: {}, inbound: {} } });
});

it('is a problem without its lists, and names a row that is not as expected', () => {
  expect(decodeGatewayz(reply)).toMatchObject({ ok: false });
  const outbound_gateways = { west: { connection: { ...connection, rtt: 'soon' } } };
  expect(decodeGatewayz({ ...reply, outbound_gateways, inbound_gateways: {} })).toEqual({
    ok: false,
    problem:
      'outbound_gateways.west.connection.rtt: expected round trip such as 80.7ms, received string "soon"',
  });
});
