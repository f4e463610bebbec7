import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../../lambdas/define.ts';
import type { TargetReadings } from '../../../lambdas/engine/judgement/views.ts';
import outstandingAcks from '../../../lambdas/diagnoses/consumer/consumer-006-outstanding-acks.ts';
import waitingPulls from '../../../lambdas/diagnoses/consumer/consumer-007-waiting-pulls.ts';
import unprocessed from '../../../lambdas/diagnoses/consumer/consumer-008-unprocessed.ts';
import lastDelivery from '../../../lambdas/diagnoses/consumer/consumer-009-last-delivery.ts';
import lastAck from '../../../lambdas/diagnoses/consumer/consumer-010-last-ack.ts';
import redelivered from '../../../lambdas/diagnoses/consumer/consumer-011-redelivered.ts';
import notPinned from '../../../lambdas/diagnoses/consumer/consumer-012-not-pinned.ts';
import consumerMetadata from '../../../lambdas/diagnoses/consumer/consumer-121-metadata-unreadable.ts';
import mirrorLag from '../../../lambdas/diagnoses/jetstream/jetstream-017-mirror-lag.ts';
import originSilent from '../../../lambdas/diagnoses/jetstream/jetstream-018-origin-silent.ts';
import tooFewSources from '../../../lambdas/diagnoses/jetstream/jetstream-019-too-few-sources.ts';
import tooManySources from '../../../lambdas/diagnoses/jetstream/jetstream-020-too-many-sources.ts';
import peersExpected from '../../../lambdas/diagnoses/jetstream/jetstream-021-peers-expected.ts';
import peerLag from '../../../lambdas/diagnoses/jetstream/jetstream-022-peer-lag.ts';
import peerSilent from '../../../lambdas/diagnoses/jetstream/jetstream-023-peer-silent.ts';
import messages from '../../../lambdas/diagnoses/jetstream/jetstream-024-messages-out-of-band.ts';
import subjects from '../../../lambdas/diagnoses/jetstream/jetstream-025-subjects-out-of-band.ts';
import streamMetadata from '../../../lambdas/diagnoses/jetstream/jetstream-121-metadata-unreadable.ts';
import type { Origin } from '../../../lambdas/readings/decoders/assets.ts';
import { consuming, holding, replica } from '../../jetstream-kit.ts';
import { firstMinute, watching } from '../../kit.ts';

const metadata = (entries: Readonly<Record<string, string>>) => ({
  config: {
    metadata: Object.fromEntries(
      Object.entries(entries).map(([key, value]) => [`io.nats.monitor.${key}`, value]),
    ),
  },
});
const origin = (changes: Partial<Origin> = {}): Origin => ({
  ...{
    name: 'ORIGIN',
    lag: 0,
    active: 1_000_000,
    seq: 10,
    external: undefined,
    isFiltered: false,
    error: null,
  },
  ...changes,
});

/** In the second of two looks, as a level must hold for a minute. */
function told(diagnosis: Diagnosis, servers: readonly TargetReadings[]) {
  const watch = watching(diagnosis, { remembers: true });
  watch.look(servers);
  const { outcomes, findings } = watch.look(servers);
  return [outcomes['cluster'], ...findings.map(({ summary }) => summary)];
}

const lag = (value: number) =>
  holding({ ...metadata({ 'lag-critical': '100' }), mirror: origin({ lag: value }) });
const silent = (active: number) =>
  holding({ ...metadata({ 'seen-critical': '1m' }), sources: [origin({ active })] });
const sources = (most: 'min-sources' | 'max-sources', count: number) =>
  holding({ ...metadata({ [most]: '2' }), sources: Array.from({ length: count }, () => origin()) });
const peers = (names: readonly string[]) =>
  holding({ ...metadata({ 'peer-expect': '3' }), group: { replicas: names.map((name) => replica(name)) } });
const behind = (entries: number) =>
  holding({
    ...metadata({ 'peer-lag-critical': '10' }),
    group: { replicas: [replica('n2', { lag: entries })] },
  });
const unheard = (active: number) =>
  holding({ ...metadata({ 'peer-seen-critical': '10s' }), group: { replicas: [replica('n2', { active })] } });
const count = (levels: Readonly<Record<string, string>>, held: number) =>
  holding({ config: metadata(levels).config, state: { messages: held, subjects: held } });

const owned = 'its metadata io.nats.monitor';
const stream = 'Stream ORDERS (APP)';
const consumer = 'Consumer ORDERS > shipping (APP)';
const second = 1e9;

describe("a stream's owner is told", () => {
  it.each<readonly [Diagnosis, readonly TargetReadings[], readonly TargetReadings[], string]>([
    [
      mirrorLag,
      lag(99),
      lag(100),
      `${stream} is 100 messages behind ORIGIN; ${owned}.lag-critical allows 100.`,
    ],
    [
      originSilent,
      silent(59 * second),
      silent(60 * second),
      `${stream} last heard ORIGIN, 1 min by now; ${owned}.seen-critical allows 1 min.`,
    ],
    [
      tooFewSources,
      sources('min-sources', 2),
      sources('min-sources', 1),
      `${stream} has 1 source; ${owned}.min-sources allows 2.`,
    ],
    [
      tooManySources,
      sources('max-sources', 2),
      sources('max-sources', 3),
      `${stream} has 3 sources; ${owned}.max-sources allows 2.`,
    ],
    [
      peersExpected,
      peers(['n2', 'n3']),
      peers(['n2']),
      `${stream} has 2 replicas; ${owned}.peer-expect allows 3.`,
    ],
    [
      peersExpected,
      peers(['n2', 'n3']),
      peers(['n2', 'n3', 'n4']),
      `${stream} has 4 replicas; ${owned}.peer-expect allows 3.`,
    ],
    [
      peerLag,
      behind(10),
      behind(11),
      `${stream} has a replica on n2 that is 11 raft entries behind; ${owned}.peer-lag-critical allows 10.`,
    ],
    [
      peerSilent,
      unheard(10 * second),
      unheard(10.6 * second),
      `${stream} has not heard its replica on n2 for 11 s; ${owned}.peer-seen-critical allows 10 s.`,
    ],
    [
      messages,
      count({ 'msgs-critical': '5' }, 6),
      count({ 'msgs-critical': '5' }, 5),
      `${stream} holds 5 messages; ${owned}.msgs-critical allows 5.`,
    ],
    [
      messages,
      count({ 'msgs-warn': '3', 'msgs-critical': '5' }, 2),
      count({ 'msgs-warn': '3', 'msgs-critical': '5' }, 5),
      `${stream} holds 5 messages; ${owned}.msgs-critical allows 5.`,
    ],
    [
      subjects,
      count({ 'subjects-critical': '5' }, 4),
      count({ 'subjects-critical': '5' }, 5),
      `${stream} holds 5 subjects; ${owned}.subjects-critical allows 5.`,
    ],
    [
      subjects,
      count({ 'subjects-warn': '9', 'subjects-critical': '5' }, 10),
      count({ 'subjects-warn': '9', 'subjects-critical': '5' }, 5),
      `${stream} holds 5 subjects; ${owned}.subjects-critical allows 5.`,
    ],
  ])('by $id at the level and not before', (diagnosis, within, beyond, summary) => {
    expect([told(diagnosis, within), told(diagnosis, beyond)]).toEqual([['ok'], ['critical', summary]]);
  });

  it('by a warning where it set one', () => {
    expect(told(messages, count({ 'msgs-warn': '3', 'msgs-critical': '5' }, 4))[0]).toBe('warning');
  });

  it('of a source that was never heard since the stream was made', () => {
    const created = firstMinute - 120_000;
    const never = holding({
      ...metadata({ 'seen-critical': '1m' }),
      sources: [origin({ active: -1 })],
      created,
    });
    expect(told(originSilent, never)[1]).toContain('has never heard ORIGIN');
  });

  it('of nothing without a level, whatever the value', () => {
    expect(told(mirrorLag, holding({ mirror: origin({ lag: 1e9 }) }))).toEqual(['ok']);
  });

  it('of nothing by a follower', () => {
    const [, n2] = lag(1e9);
    expect(told(mirrorLag, n2 === undefined ? [] : [n2])).toEqual(['ok']);
  });

  it('that its metadata cannot be used', () => {
    expect(told(streamMetadata, holding(metadata({ 'lag-critical': 'many' })))).toEqual([
      'warning',
      `${stream} has 1 entry of io.nats.monitor in its metadata that cannot be used.`,
    ]);
    expect(told(streamMetadata, holding(metadata({ 'lag-critical': '5' })))).toEqual(['ok']);
  });
});

const atHour = firstMinute - 3_600_000;
const consumed = (key: string, level: string, changes: Parameters<typeof consuming>[0]) =>
  consuming({ ...changes, config: metadata({ [key]: level }).config });
const acked = (secondsAgo: number, at: 'delivered' | 'ackFloor', key: string) =>
  consumed(key, '10m', { [at]: { at: firstMinute + 60_000 - secondsAgo * 1_000 } });

describe("a consumer's owner is told", () => {
  it.each<readonly [Diagnosis, readonly TargetReadings[], readonly TargetReadings[], string]>([
    [
      outstandingAcks,
      consumed('outstanding-ack-critical', '7', { ackPending: 6 }),
      consumed('outstanding-ack-critical', '7', { ackPending: 7 }),
      `${consumer} has 7 messages that are not acknowledged; ${owned}.outstanding-ack-critical allows 7.`,
    ],
    [
      waitingPulls,
      consumed('waiting-critical', '7', { waiting: 6 }),
      consumed('waiting-critical', '7', { waiting: 7 }),
      `${consumer} has 7 pull requests waiting; ${owned}.waiting-critical allows 7.`,
    ],
    [
      unprocessed,
      consumed('unprocessed-critical', '7', { pending: 6 }),
      consumed('unprocessed-critical', '7', { pending: 7 }),
      `${consumer} has 7 messages waiting; ${owned}.unprocessed-critical allows 7.`,
    ],
    [
      redelivered,
      consumed('redelivery-critical', '7', { redelivered: 6 }),
      consumed('redelivery-critical', '7', { redelivered: 7 }),
      `${consumer} has 7 redelivered messages; ${owned}.redelivery-critical allows 7.`,
    ],
    [
      lastDelivery,
      acked(599, 'delivered', 'last-delivery-critical'),
      acked(660, 'delivered', 'last-delivery-critical'),
      `${consumer} has delivered nothing for 11 min; ${owned}.last-delivery-critical allows 10 min.`,
    ],
    [
      lastAck,
      acked(599, 'ackFloor', 'last-ack-critical'),
      acked(660, 'ackFloor', 'last-ack-critical'),
      `${consumer} has acknowledged nothing for 11 min; ${owned}.last-ack-critical allows 10 min.`,
    ],
  ])('by $id at the level and not before', (diagnosis, within, beyond, summary) => {
    expect([told(diagnosis, within), told(diagnosis, beyond)]).toEqual([['ok'], ['critical', summary]]);
  });

  it.each([
    ['an hour ago', atHour, 'critical'],
    ['just now', firstMinute, 'ok'],
    ['at a time that an older server does not say', null, 'ok'],
  ])('of silence by a leader that has seen nothing and was elected %s', (_, leaderSince, outcome) => {
    const quiet = consumed('last-ack-critical', '10m', { ackFloor: { at: null }, group: { leaderSince } });
    expect(told(lastAck, quiet)[0]).toBe(outcome);
  });

  it('that it is not pinned though it should be', () => {
    const pinned = (priorityPolicy: string | undefined) =>
      consuming({ config: { ...metadata({ pinned: 'true' }).config, priorityPolicy } });
    expect(told(notPinned, pinned('pinned_client'))).toEqual(['ok']);
    expect(told(notPinned, pinned(undefined))).toEqual([
      'critical',
      `${consumer} has priority policy none; its metadata io.nats.monitor.pinned wants pinned_client.`,
    ]);
  });

  it('that its metadata cannot be used', () => {
    expect(told(consumerMetadata, consuming(metadata({ 'waiting-critical': '5x' })))[1]).toBe(
      `${consumer} has 1 entry of io.nats.monitor in its metadata that cannot be used.`,
    );
  });
});
