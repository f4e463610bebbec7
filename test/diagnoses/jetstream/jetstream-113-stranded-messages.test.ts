import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-113-stranded-messages.ts';
import type { TargetReadings } from '../../../lambdas/engine/judgement/views.ts';
import { assets, consumer, ledBy, member, stream } from '../../jetstream-kit.ts';
import { failing, firstMinute, server, varz, watching } from '../../kit.ts';

type StreamChanges = NonNullable<Parameters<typeof stream>[0]>;
type ConsumerChanges = NonNullable<Parameters<typeof consumer>[0]>;

/** A consumer of all subjects that is done with everything up to sequence 10. */
const done: ConsumerChanges = {
  pending: 0,
  ackPending: 0,
  redelivered: 0,
  delivered: { streamSeq: 10 },
  ackFloor: { streamSeq: 10 },
  config: { filters: [] },
};

/** What of ORDERS, a work queue of ten messages, the oldest so old, with these consumers, three servers show. */
const queue = (
  age: number,
  consumers: readonly ConsumerChanges[],
  { config, state, ...changes }: StreamChanges = {},
): readonly TargetReadings[] =>
  ['n1', 'n2', 'n3'].map((name) => {
    const reading = assets(
      stream({
        group: ledBy('n1', name),
        ...changes,
        config: { retention: 'workqueue', maxAge: 0, ...config },
        state: { messages: 10, firstSeq: 1, lastSeq: 10, firstAt: firstMinute - age, ...state },
        consumers: consumers.map((each, i) => consumer({ name: `c${i}`, group: ledBy('n2', name), ...each })),
      }),
    );
    return member(name, { consumers: { ...reading, now: firstMinute } });
  });

/** What is told of a stream that is seen so for so many minutes. */
function seeing(servers: readonly TargetReadings[], looks = 3) {
  const watch = watching(diagnosis, { remembers: true });
  return Array.from({ length: looks }, () => watch.look(servers)).at(-1);
}
const outcome = (servers: readonly TargetReadings[], looks?: number) =>
  seeing(servers, looks)?.outcomes['cluster'];

describe('JETSTREAM_113, messages that their consumers are done with', () => {
  it.each([
    [minutes(15) - 1_000, 'ok'],
    [minutes(15), 'warning'],
  ])('and that are %d ms old are %s', (age, expected) => {
    expect(outcome(queue(age, [done]))).toBe(expected);
  });

  it('are told with the stream, how many, how old, and what is not known', () => {
    expect(
      seeing(queue(hours(2), [done]))?.findings.map(({ summary, evidence }) => [summary, ...evidence]),
    ).toEqual([
      [
        'Work queue ORDERS (APP) holds 10 messages that no consumer wants: the oldest has been there for 2 h.',
        '1 consumer, none with it pending or to be acknowledged',
        'oldest: sequence 1 of 2026-11-20 08:00 UTC; 510 B in all',
        'no max_age: it stays until somebody deletes it',
        'led by n1, replicas on n2, n3',
      ],
    ]);
  });

  it('are named as given up where the consumer tried as often as it may', () => {
    const gaveUp = { ...done, redelivered: 10, config: { maxDeliver: 5 } };
    const servers = queue(hours(2), [gaveUp], { config: { maxAge: 86_400e9 } });
    // CONSUMER_104 tells of them for an hour.
    expect(outcome(servers, 60)).toBe('ok');
    const [finding] = seeing(servers, 63)?.findings ?? [];
    expect(finding?.severity).toBe('warning');
    expect(finding?.evidence.slice(1, 4)).toEqual([
      'given up after max_deliver by: c0 (10 after 5 tries)',
      'oldest: sequence 1 of 2026-11-20 08:00 UTC; 510 B in all',
      'max_age deletes it after 1 d',
    ]);
    expect(finding?.why).toContain('delivered `max_deliver` times');
  });

  it.each<readonly [string, ConsumerChanges]>([
    ['that are to be delivered', { pending: 10, delivered: { streamSeq: 0 }, ackFloor: { streamSeq: 0 } }],
    ['that wait for an acknowledgement', { ackPending: 1, ackFloor: { streamSeq: 0 } }],
    ['of a paused consumer', { pending: 10, paused: true, ackFloor: { streamSeq: 0 } }],
  ])('are none of those %s, however old', (_, changes) => {
    expect(outcome(queue(hours(99), [{ ...done, ...changes }]), 60)).toBe('ok');
  });

  it('are none of a stream that keeps messages for whoever comes', () => {
    const keeping = queue(hours(99), [done], { config: { retention: 'limits' } });
    expect(seeing(keeping)?.seen).toEqual({ cluster: 'no work queue or interest stream' });
  });

  it('are none of an empty queue', () => {
    expect(outcome(queue(hours(99), [done], { state: { messages: 0 } }))).toBe('ok');
  });

  it('are held by an interest stream too', () => {
    expect(outcome(queue(hours(1), [done, done], { config: { retention: 'interest' } }))).toBe('warning');
    const wanted = { ...done, pending: 3, ackFloor: { streamSeq: 0 } };
    expect(outcome(queue(hours(1), [done, wanted], { config: { retention: 'interest' } }))).toBe('ok');
  });
});

describe('JETSTREAM_113, a queue at work', () => {
  /** Its consumer is beyond the oldest message, as read a moment later. */
  const at = (firstSeq: number) =>
    queue(
      hours(1),
      [{ ...done, pending: 500, ackPending: 4, delivered: { streamSeq: 40 }, ackFloor: { streamSeq: 30 } }],
      { state: { messages: 507, firstSeq } },
    );

  it('whose oldest message goes on is a backlog, whatever its age', () => {
    const watch = watching(diagnosis, { remembers: true });
    const looks = Array.from({ length: 40 }, (_, i) => watch.look(at(1 + (i % 20))));
    expect(new Set(looks.map(({ outcomes }) => outcomes['cluster']))).toEqual(new Set(['ok']));
  });

  it('whose oldest message stays has left it behind: told after 15 minutes, with how many', () => {
    expect(outcome(at(3), 15)).toBe('ok');
    const look = seeing(at(3), 18);
    expect(look?.findings.map(({ summary }) => summary)).toEqual([
      'Work queue ORDERS (APP) holds about 3 of 507 messages that no consumer wants: the oldest has been there for 1 h.',
    ]);
  });
});

describe('JETSTREAM_113, messages that no consumer takes', () => {
  const elsewhere = { ...done, config: { filters: ['orders.other'] } };

  it.each([
    [hours(1) - 1_000, 'ok', []],
    [hours(1), 'ok', ['info']],
    [hours(25) - 1_000, 'ok', ['info']],
    [hours(25), 'warning', ['warning']],
  ])('and that are %d ms old are %s: a batch may come for them once a day', (age, expected, severities) => {
    for (const consumers of [[], [elsewhere]]) {
      const look = seeing(queue(age, consumers));
      expect(look?.findings.map(({ severity }) => severity)).toEqual(severities);
      if (severities[0] !== 'info') expect(look?.outcomes['cluster']).toBe(expected);
    }
  });

  it('say whether there is a consumer at all', () => {
    const row = (consumers: readonly ConsumerChanges[]) =>
      seeing(queue(hours(26), consumers))?.findings[0]?.evidence[0];
    expect(row([])).toBe('it has no consumer');
    expect(row([elsewhere])).toBe('1 consumer, with filters that need not take its subject');
  });
});

describe('JETSTREAM_113, what cannot be seen', () => {
  it('is no finding: a consumer without a leader, or whose leader was not read', () => {
    expect(seeing(queue(hours(99), [{ ...done, group: ledBy(null, 'n1') }]))?.findings).toEqual([]);
    const [first, , last] = queue(hours(99), [done]);
    if (first === undefined || last === undefined) throw new Error('three servers were expected');
    expect(seeing([first, last])?.findings).toEqual([]);
  });

  it('is unknown where a server that may hold a consumer was not read', () => {
    const silent = server('n3', { varz: varz(), consumers: failing() });
    const look = seeing([...queue(hours(99), []).slice(0, 2), silent]);
    expect([look?.findings, look?.outcomes]).toEqual([[], { cluster: 'unknown' }]);
  });
});
