import { describe, expect, it } from 'vitest';
import { decodeLeafz } from '../../../lambdas/readings/decoders/leafz.ts';
import { leafJson, leafzJson, nowMs } from './samples.ts';

it('keeps a leafnode connection as NATS names it, its round trip in seconds', () => {
  expect(
    decodeLeafz(leafzJson([leafJson({ is_isolated: true, subscriptions_list: ['a.>'], proxy: {} })])),
  ).toStrictEqual({
    ok: true,
    value: {
      server_id: 'NBB3',
      now: nowMs,
      leafnodes: 1,
      leafs: [
        {
          id: 5,
          name: 'leaf1',
          is_spoke: false,
          is_isolated: true,
          account: '$G',
          ip: '10.0.1.7',
          port: 43654,
          rtt: 0.000305,
          in_msgs: 1,
          out_msgs: 2,
          in_bytes: 3,
          out_bytes: 4,
          subscriptions: 5,
          subscriptions_list: ['a.>'],
          compression: 's2_uncompressed',
        },
      ],
    },
  });
});

it('knows a leafnode of 2.9.10 by account, ip and port only', () => {
  const old = leafJson({ id: undefined, name: undefined, is_spoke: undefined, compression: undefined });
  const decoded = decodeLeafz(leafzJson([old]));
  expect(decoded).toMatchObject({
    ok: true,
    value: { leafs: [{ account: '$G', ip: '10.0.1.7', port: 43654 }] },
  });
  expect(decoded).not.toHaveProperty('value.leafs[0].name');
});

describe('no leafnodes', () => {
  it.each([
    ['an empty list', []],
    ['null, on 2.9.10', null],
  ])('are %s', (_, leafs) => {
    expect(decodeLeafz(leafzJson(leafs))).toEqual({
      ok: true,
      value: { server_id: 'NBB3', now: nowMs, leafnodes: 0, leafs: [] },
    });
  });

  it.each([
    ['an empty list', []],
    ['null', null],
  ])('are not meant by %s where the server counts two', (_, leafs) => {
    expect(decodeLeafz(leafzJson(leafs, { leafnodes: 2 }))).toEqual({
      ok: false,
      problem: 'leafs: expected 2 rows as leafnodes says, received 0',
    });
  });

  it('are not meant by a missing list', () => {
    expect(decodeLeafz(leafzJson([], { leafs: undefined }))).toEqual({
      ok: false,
      problem: 'leafs: expected array, received nothing',
    });
  });
});

describe('rows that are not as expected', () => {
  const bad = leafJson({ subscriptions: 'many' });

  it('are left out, the first told with its field', () => {
    expect(decodeLeafz(leafzJson([leafJson(), bad, leafJson({ name: 'leaf3' }), bad]))).toMatchObject({
      ok: true,
      value: {
        leafnodes: 4,
        leafs: [{ name: 'leaf1' }, { name: 'leaf3' }],
        leftOut: { count: 2, problem: 'leafs[1].subscriptions: expected number, received string "many"' },
      },
    });
  });

  it('are another shape where all are', () => {
    expect(decodeLeafz(leafzJson([bad, bad]))).toEqual({
      ok: false,
      problem: 'leafs[0].subscriptions: expected number, received string "many"',
    });
  });
});

it.each([
  ['leafnodes', { leafnodes: -1 }, 'leafnodes: expected count, received number -1'],
  [
    'subscriptions',
    { leafs: [leafJson({ subscriptions: 1e300 })] },
    'leafs[0].subscriptions: expected count, received number 1e+300',
  ],
])('has no count of %s that cannot be', (_, changes, problem) => {
  const json = { ...(leafzJson([leafJson()]) as object), ...changes };
  expect(decodeLeafz(json)).toEqual({ ok: false, problem });
});
