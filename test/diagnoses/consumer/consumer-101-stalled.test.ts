import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/consumer/consumer-101-stalled.ts';
import { hours, minutes } from '../../../lambdas/durations.ts';
import { failing, firstMinute, server, varz, watching } from '../../kit.ts';
import { outcome, shipping, summaries, type Cluster } from './consumers.ts';

type Changes = NonNullable<Parameters<typeof shipping>[0]>;
type State = readonly [changes: Changes, cluster?: Cluster];

/** The same state in as many looks, a minute apart: what the last one says. */
function standing([changes, cluster]: State, looks = 3) {
  const watch = watching(diagnosis, { remembers: true });
  let last = watch.look(shipping(changes, cluster));
  for (let i = 1; i < looks; i += 1) last = watch.look(shipping(changes, cluster));
  return last;
}

const ackWait = 30e9;
const push = { deliverSubject: 'deliver.shipping' };

describe('CONSUMER_101, a consumer that stands with messages pending', () => {
  it('is told two minutes after the first look that sees it stand, and is no matter before', () => {
    expect([1, 2, 3].map((looks) => outcome(standing([{}], looks)))).toEqual(['ok', 'ok', 'warning']);
  });

  it('is told with who and where it is, its figures, the cause and what to do', () => {
    const [finding] = standing([{}]).findings;
    expect(finding).toMatchObject({
      severity: 'warning',
      entity: { kind: 'consumer', name: 'ORDERS > shipping (APP)' },
      summary:
        'Consumer ORDERS > shipping (APP) has not moved for 2 min with 7 messages pending: no client asks for them.',
      evidence: [
        '7 pending, 0 unacknowledged of at most 1,000, 0 delivered more than once, 0 pull requests wait',
        'delivered up to stream sequence 3, acknowledged up to 3, last delivery 2026-11-20 10:59 UTC',
        'led by n1, replicas on n2, n3',
      ],
      why: 'A pull consumer delivers only what is asked for, and no request has waited at it: its clients are gone, or have stopped to ask.',
      remedy:
        'Look whether its clients run and are connected, and start them again; their log may say that a request was refused. If ' +
        'nobody is to read it any more: `nats consumer rm ORDERS shipping` (its place in the stream (3) is lost, and one made anew ' +
        'begins where its deliver policy says).',
      commands: [
        'nats consumer info ORDERS shipping # with a context of account APP',
        "curl -s 'http://n1:8222/jsz?acc=APP&consumers=true&config=true'",
      ],
    });
  });

  it('ends when it moves', () => {
    const watch = watching(diagnosis, { remembers: true });
    for (let i = 0; i < 3; i += 1) watch.look(shipping());
    const moving = (seq: number) => watch.look(shipping({ delivered: { streamSeq: seq } }), minutes(5));
    moving(4);
    expect(moving(5).notices).toEqual([
      { kind: 'resolved', severity: 'warning', entity: 'ORDERS > shipping (APP)' },
    ]);
  });

  it('may wait longer before it is told, by settings', () => {
    const limits = { CONSUMER_101: { clients: { warning: 300 } } } as never;
    const watch = watching(diagnosis, { remembers: true, limits });
    const outcomes = Array.from({ length: 7 }, () => outcome(watch.look(shipping())));
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'warning']);
  });
});

describe('CONSUMER_101, the cause', () => {
  const waiting = { waiting: 2 };
  it.each<readonly [cause: string, state: State, severity: string]>([
    ['no client asks for them', [{ ackPending: 2, ackFloor: { streamSeq: 1 } }], 'warning'],
    ['nobody is subscribed', [{ config: push, pushBound: false }], 'warning'],
    ['clients ask and are not served', [waiting], 'warning'],
    [
      'clients ask and are not served: the CPU of n1 is used up',
      [waiting, { varz: { cpu: 360, gomaxprocs: 4 } }],
      'warning',
    ],
    ['clients ask and are not served', [waiting, { varz: { cpu: 359, gomaxprocs: 4 } }], 'warning'],
    ['a subscriber is there and is sent nothing', [{ config: push, pushBound: true }], 'warning'],
  ])('is told: %s', (cause, state, severity) => {
    const look = standing(state);
    expect([outcome(look), summaries(look)[0]?.split('pending: ')[1]]).toEqual([severity, `${cause}.`]);
  });

  it("that leader's server could not be read is one finding of all that it leads, where replicas stand too", () => {
    const watch = watching(diagnosis, { remembers: true });
    const silent = server('n1', { varz: failing(), consumers: failing() });
    const both = shipping({}, { members: ['n2', 'n3'], names: ['shipping', 'billing'] });
    const looks = Array.from({ length: 3 }, () => watch.look([silent, ...both]));
    const [finding, ...others] = looks[2]?.findings ?? [];
    expect(others).toEqual([]);
    expect([finding?.severity, finding?.entity, finding?.summary]).toEqual([
      'warning',
      { kind: 'server', name: 'n1' },
      '2 consumers that n1 leads, which could not be read, have not moved for 2 min with 14 messages pending: ' +
        'ORDERS > shipping (APP), ORDERS > billing (APP).',
    ]);
  });

  it('is never that it has no leader: CONSUMER_103, CONSUMER_003 or its stream tell that', () => {
    expect(outcome(standing([{}, { leader: null }], 12))).toBe('ok');
  });

  it('is not told by replicas of releases that know nothing of progress, nor where a filter hides what is pending', () => {
    const filtered = standing([{ config: { filters: ['orders.eu'] } }, { leader: null }]);
    const old = standing([{}, { leader: null, varz: { version: '2.9.10' } }]);
    expect([outcome(filtered), outcome(old)]).toEqual(['ok', 'ok']);
  });

  it('may be that a client is gone with the last messages, which nobody gets before one asks', () => {
    const [finding] = standing([{ pending: 0, ackPending: 2, ackFloor: { streamSeq: 1 } }]).findings;
    expect(finding?.summary).toBe(
      'Consumer ORDERS > shipping (APP) has not moved for 2 min with 2 messages unacknowledged: no client asks for them.',
    );
  });

  it('is critical after 10 minutes where it is the servers that do nothing, and stays a warning where it is clients', () => {
    expect(outcome(standing([{ waiting: 1 }], 11))).toBe('warning');
    expect(outcome(standing([{ waiting: 1 }], 12))).toBe('critical');
    expect(outcome(standing([{}], 30))).toBe('warning');
  });

  it('is told with a remedy that says what it risks', () => {
    const [served] = standing([{ waiting: 1 }]).findings;
    expect(served?.remedy).toBe(
      'First have another leader elected with `nats consumer cluster step-down ORDERS shipping`, which interrupts it for seconds and ' +
        'may deliver some messages twice. If that does not help: `nats consumer rm ORDERS shipping` (its place in the stream (3) is ' +
        'lost, and one made anew begins where its deliver policy says), and make it anew.',
    );
    const [interest] = standing([{}, { stream: { config: { retention: 'interest' } } }]).findings;
    expect(interest?.remedy).toContain('messages that no other consumer wants are deleted');
  });
});

describe('CONSUMER_101 keeps silent about', () => {
  it.each<readonly [what: string, state: State]>([
    ['one that is idle, with nothing pending', [{ pending: 0 }]],
    ['one that has delivered all, whose client is there', [{ pending: 0, ackPending: 2, waiting: 1 }]],
    ['one that is paused', [{ paused: true }]],
    [
      'one that has no room for more, which CONSUMER_102 tells',
      [{ ackPending: 5, config: { maxAckPending: 5 } }],
    ],
    [
      'one made minutes ago to which no client has come yet',
      [
        {
          created: firstMinute - minutes(1),
          delivered: { consumerSeq: 0, streamSeq: 0 },
          ackFloor: { streamSeq: 0 },
        },
      ],
    ],
    ['one whose client works on a message, within ack_wait', [{ ackPending: 1, config: { ackWait: 600e9 } }]],
    ['one that is no durable, and ends by itself', [{ config: { durable: false } }]],
    ['one without acknowledgements for which nobody asks', [{ config: { ackPolicy: 'none' } }]],
    [
      'one whose requests wait for more than there is',
      [{ waiting: 1, config: { priorityPolicy: 'overflow' } }],
    ],
    ['one that replays the pace of messages', [{ waiting: 1, config: { replaysPace: true } }]],
  ])('%s', (_what, state) => {
    expect(outcome(standing(state, 5))).toBe('ok');
  });

  it.each<readonly [what: string, state: (minute: number) => Changes]>([
    [
      'one that is slow',
      (i) => ({ delivered: { streamSeq: 3 + Math.floor(i / 2) }, ackFloor: { streamSeq: 3 } }),
    ],
    ['one that only acknowledges', (i) => ({ ackFloor: { streamSeq: i }, delivered: { streamSeq: 50 } })],
    ['one that was made anew', (i) => ({ created: firstMinute - hours(1) + i })],
    ['one whose stream was purged', (i) => ({ pending: i % 2 })],
  ])('%s', (_what, state) => {
    const watch = watching(diagnosis, { remembers: true });
    const outcomes = Array.from({ length: 8 }, (_, i) => outcome(watch.look(shipping(state(i)))));
    expect(new Set(outcomes)).toEqual(new Set(['ok']));
  });

  it('one whose leader changes and shows older figures for a moment', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(shipping({ delivered: { streamSeq: 9 } }));
    watch.look(shipping({ delivered: { streamSeq: 8 } }, { leader: 'n2' }));
    expect(outcome(watch.look(shipping({ delivered: { streamSeq: 8 } }, { leader: 'n2' })))).toBe('ok');
    expect(outcome(watch.look(shipping({ delivered: { streamSeq: 12 } }, { leader: 'n2' })))).toBe('ok');
  });

  it('any while the cluster restarts: who leads is not known then', () => {
    expect(outcome(standing([{}, { varz: { uptime: 9 } }], 5))).toBe('ok');
  });

  it('any on servers without JetStream, and is unknown beside one that cannot be read', () => {
    const silent = server('n9', { varz: varz(), consumers: failing() });
    const watch = watching(diagnosis);
    expect(outcome(watch.look([...shipping({ pending: 0 }), silent]))).toBe('unknown');
  });
});

describe('CONSUMER_101, a consumer that pauses', () => {
  const at = (seq: number, changes: Changes = {}) =>
    shipping({ delivered: { streamSeq: seq }, ackFloor: { streamSeq: seq }, ...changes });

  /** Batches that far apart, in minutes: the outcomes a minute before each. */
  function batches(apart: readonly number[], changes: Changes = {}) {
    const watch = watching(diagnosis, { remembers: true });
    let seq = 10;
    watch.look(at(seq));
    return apart.map((pause) => {
      watch.look(at(seq, changes));
      for (let minute = 2; minute < pause; minute += 1) watch.look(at(seq, changes));
      const before = outcome(watch.look(at(seq, changes)));
      seq += 10;
      watch.look(at(seq));
      watch.look(at(seq), minutes(0));
      return before;
    });
  }

  it('once an hour is told for the first pause, and is then known to', () => {
    expect(batches([60, 60, 60, 100])).toEqual(['warning', 'ok', 'ok', 'ok']);
  });

  it('twice as long as ever is told', () => {
    expect(batches([60, 119])).toEqual(['warning', 'ok']);
    expect(batches([60, 124])).toEqual(['warning', 'warning']);
  });

  it('for more than two hours may have been out of order: only the second such pause is believed', () => {
    expect(batches([180, 180, 180])).toEqual(['warning', 'warning', 'ok']);
  });

  it('with messages unacknowledged beyond ack_wait is dead however it used to be', () => {
    expect(batches([60, 10], { ackPending: 1, config: { ackWait } })).toEqual(['warning', 'warning']);
  });

  it('is not excused where clients ask and are not served', () => {
    expect(batches([60, 10], { waiting: 1 })).toEqual(['critical', 'warning']);
  });
});
