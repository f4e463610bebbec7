import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeAssets } from '../../../lambdas/readings/decoders/assets.ts';
import { rowsOf } from '../../jetstream-kit.ts';

type Json = Record<string, unknown>;

/** What a server of cluster east, led by east1, shows of ORDERS > shipping, and with these changes of another consumer beside it. */
function consumersOn(server: 'east1' | 'east2', changes: Json = {}, config: Json = {}) {
  const file = new URL(`../../recorded/2.15.1/streams/${server}/jsz.json`, import.meta.url);
  const json = JSON.parse(readFileSync(file, 'utf8')) as Json & {
    account_details: { stream_detail: Json[] }[];
  };
  for (const stream of json.account_details.flatMap((account) => account.stream_detail)) {
    const all = (stream['consumer_detail'] ?? []) as (Json & { config: Json })[];
    const one = all.find(({ name }) => name === 'shipping');
    if (one === undefined) continue;
    const other = { ...one, name: 'other', ...changes, config: { ...one.config, ...config } };
    stream['consumer_detail'] = [one, other];
  }
  const decoded = decodeAssets(json);
  if (!decoded.ok) throw new Error(decoded.problem);
  const orders = decoded.value.streams.find(({ name }) => name === 'ORDERS');
  const [one, other] = orders === undefined ? [] : rowsOf(orders.consumers);
  return { one, other, leftOut: decoded.value.leftOut };
}

describe('rows of consumers', () => {
  it('of a leader say which replicas are well, in one list for all consumers', () => {
    const { one, other } = consumersOn('east1');
    expect(one?.group.replicas).toEqual([
      { ...replica('east2', 'NpUTxX2j'), current: true, active: 1e9 },
      { ...replica('east3', 'HjgSsLG7'), current: true, active: 1e9 },
    ]);
    expect(other?.group.replicas).toBe(one?.group.replicas);
  });

  it.each([
    [{ current: false, active: 5 }],
    [{ current: true, active: 5, lag: 1 }],
    [{ current: true, active: 5, offline: true }],
    [{ current: true, active: 10e9 }],
    [{ current: true, active: 0 }],
  ])('of a leader say how a replica is that is not well: %j', (how) => {
    const replicas = [{ name: 'east2', peer: 'p', ...how }];
    const { other } = consumersOn('east1', { cluster: { leader: 'east1', replicas } });
    expect(other?.group.replicas).toEqual([{ ...replica('east2', 'p'), ...how }]);
  });

  it('of followers are of one group where the same server leads, and of another where another does', () => {
    const { one, other } = consumersOn('east2');
    expect(other?.group).toBe(one?.group);
    const replicas = [
      { name: 'east1', peer: 'fSkcEV2W', current: false, active: 0 },
      { name: 'east3', peer: 'HjgSsLG7', current: true, active: 7 },
    ];
    const led = consumersOn('east2', { cluster: { leader: 'east3', replicas } });
    expect([led.one?.group.leader, led.other?.group.leader]).toEqual(['east1', 'east3']);
  });

  it('say when something was last delivered where their server leads, and only there', () => {
    const last = { consumer_seq: 4, stream_seq: 3, last_active: '2026-11-20T12:00:00Z' };
    const [led, followed] = (['east1', 'east2'] as const).map(
      (server) => consumersOn(server, { delivered: last }).other?.delivered,
    );
    expect([led, followed]).toEqual([
      { consumerSeq: 4, streamSeq: 3, at: Date.UTC(2026, 10, 20, 12) },
      { consumerSeq: 4, streamSeq: 3, at: null },
    ]);
  });

  it('of a follower say which replicas there are, and nothing of how they are', () => {
    expect(consumersOn('east2').one?.group.replicas).toEqual([
      replica('east1', 'fSkcEV2W'),
      replica('east3', 'HjgSsLG7'),
    ]);
  });

  it('of a follower without a leader say what it knows', () => {
    const cluster = {
      raft_group: 'C',
      replicas: [{ name: 'east1', current: true, active: 7, peer: 'p', lag: 3 }],
    };
    expect(consumersOn('east2', { cluster }).other?.group).toMatchObject({
      leader: null,
      replicas: [{ name: 'east1', current: true, active: 7, lag: 3 }],
    });
  });

  it('of a follower whose peer is to come is told apart from the one that is there', () => {
    const cluster = { leader: 'east1', replicas: [{ name: 'east1', peer: 'fSkcEV2W', pending: true }] };
    const { one, other } = consumersOn('east2', { cluster });
    expect([one?.group.replicas[0]?.pending, other?.group.replicas[0]?.pending]).toEqual([false, true]);
  });

  it('share a configuration that is the same, and no other', () => {
    const { one, other } = consumersOn('east1');
    expect(other?.config).toBe(one?.config);
  });

  it.each([
    [{ durable_name: '' }, { durable: false }],
    [{ ack_policy: 'none' }, { ackPolicy: 'none' }],
    [{ ack_wait: 1 }, { ackWait: 1 }],
    [{ max_deliver: 5 }, { maxDeliver: 5 }],
    [{ max_ack_pending: 7 }, { maxAckPending: 7 }],
    [{ deliver_subject: 'to' }, { deliverSubject: 'to' }],
    [{ filter_subject: 'a' }, { filters: ['a'] }],
    [{ filter_subjects: ['a', 'b'] }, { filters: ['a', 'b'] }],
    [{ inactive_threshold: 9 }, { inactiveThreshold: 9 }],
    [{ num_replicas: 3 }, { replicas: 3 }],
    [{ priority_policy: 'overflow' }, { priorityPolicy: 'overflow' }],
    [{ replay_policy: 'original' }, { replaysPace: true }],
    [{ metadata: { team: 'a' } }, { metadata: { team: 'a' } }],
  ])('keep their own configuration: %j', (config, read) => {
    const { one, other } = consumersOn('east1', {}, config);
    expect(other?.config).toEqual({ ...one?.config, ...read });
  });

  it.each([
    [{ created: 'soon' }, 'created: expected RFC 3339 time, received string "soon"'],
    [
      { delivered: { consumer_seq: -1, stream_seq: 1 } },
      'delivered.consumer_seq: expected count, received number -1',
    ],
    [
      { cluster: { leader: 'east1', replicas: [{ name: 'east1', lag: 'x' }] } },
      'cluster.replicas.lag: expected number, received string "x"',
    ],
  ])('that are not as expected are left out and told: %j', (changes, problem) => {
    const { one, other, leftOut } = consumersOn('east2', changes);
    expect([one?.name, other]).toEqual(['shipping', undefined]);
    expect(leftOut?.count).toBe(1);
    expect(leftOut?.problem.endsWith(problem)).toBe(true);
  });
});

const replica = (name: string, peer: string) => ({
  ...{ name, peer, current: false, offline: false, active: 0, lag: 0, pending: false },
});
