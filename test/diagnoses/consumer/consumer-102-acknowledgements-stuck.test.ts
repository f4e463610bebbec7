import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/consumer/consumer-102-acknowledgements-stuck.ts';
import { minutes } from '../../../lambdas/durations.ts';
import { watching } from '../../kit.ts';
import { outcome, shipping, summaries } from './consumers.ts';

type Changes = NonNullable<Parameters<typeof shipping>[0]>;

const full: Changes = {
  ackPending: 5,
  config: { maxAckPending: 5 },
  delivered: { streamSeq: 5 },
  ackFloor: { streamSeq: 0 },
};

/** The state of each of these minutes: what the last look says. */
function over(looks: number, state: (minute: number) => Changes) {
  const watch = watching(diagnosis, { remembers: true });
  let last = watch.look(shipping(state(0)));
  for (let i = 1; i < looks; i += 1) last = watch.look(shipping(state(i)));
  return last;
}
const standing = (changes: Changes, looks = 3) => over(looks, () => ({ ...full, ...changes }));

describe('CONSUMER_102, a consumer without room for more that stands', () => {
  it('is told two minutes after the first look that sees it so, and is no matter before', () => {
    expect([1, 2, 3].map((looks) => outcome(standing({}, looks)))).toEqual(['ok', 'ok', 'warning']);
  });

  it('is told with its figures, and that its clients are gone where nobody asks', () => {
    const [finding] = standing({}).findings;
    expect(finding).toMatchObject({
      entity: { kind: 'consumer', name: 'ORDERS > shipping (APP)' },
      summary:
        'Consumer ORDERS > shipping (APP) has not moved for 2 min with all of max_ack_pending (5) unacknowledged and 7 messages ' +
        'pending: clients took them and nobody asks any more.',
      evidence: [
        '7 pending, 5 unacknowledged of at most 5, 0 delivered more than once, 0 pull requests wait',
        'delivered up to stream sequence 5, acknowledged up to 0, last delivery 2026-11-20 10:59 UTC',
        'led by n1, replicas on n2, n3',
      ],
    });
    expect(finding?.remedy).toContain('`nats consumer rm ORDERS shipping`');
  });

  it('whose clients hang and go on asking is told as such, with how to give more room', () => {
    const [finding] = standing({ waiting: 1 }).findings;
    expect(finding?.summary).toMatch(/pending: clients keep them without acknowledging\.$/);
    expect(finding?.why).toMatch(
      /^None was delivered twice: clients hang, are slow, or never acknowledge \(ack_wait is 30 s\)\./,
    );
    expect(finding?.remedy).toContain('`nats consumer edit ORDERS shipping --max-pending 10`');
  });

  it('whose clients refuse with a delay keeps its room used as well', () => {
    const [finding] = standing({ waiting: 1, redelivered: 5 }).findings;
    expect(finding?.why).toMatch(/^Clients refused them with a delay, or are still at work on them\./);
  });

  it('whose messages are delivered again and again is told to fail on them', () => {
    const crashing = (minute: number): Changes => ({
      ...full,
      redelivered: 5,
      waiting: 1,
      delivered: { streamSeq: 5, consumerSeq: 5 + minute * 10 },
    });
    expect(summaries(over(3, crashing))[0]).toMatch(
      /pending: clients get the same messages again and again and do not acknowledge them \(5 so far\)\.$/,
    );
  });

  it('ends when one is acknowledged', () => {
    const watch = watching(diagnosis, { remembers: true });
    for (let i = 0; i < 3; i += 1) watch.look(shipping(full));
    const free = { ...full, ackPending: 4 };
    watch.look(shipping(free), minutes(5));
    expect(watch.look(shipping(free)).notices.map(({ kind }) => kind)).toEqual(['resolved']);
  });
});

describe('CONSUMER_102 keeps silent about', () => {
  it.each<readonly [what: string, changes: Changes]>([
    ['one with room for one more', { ackPending: 4 }],
    ['one with nothing pending', { pending: 0 }],
    ['one without a limit', { config: { maxAckPending: -1 } }],
    ['one without acknowledgements', { config: { maxAckPending: 5, ackPolicy: 'none' } }],
    ['one that is paused', { paused: true }],
    [
      'one that works on one message at a time, within ack_wait',
      { ackPending: 1, config: { maxAckPending: 1, ackWait: 900e9 } },
    ],
  ])('%s', (_what, changes) => {
    expect(outcome(standing(changes, 6))).toBe('ok');
  });

  it.each<readonly [what: string, state: (minute: number) => Changes]>([
    ['one that is full and delivers', (i) => ({ ...full, delivered: { streamSeq: 5 + i } })],
    ['one that is full and acknowledges', (i) => ({ ...full, ackFloor: { streamSeq: i } })],
    ['one that was made anew', (i) => ({ ...full, created: 1_700_000_000_000 + i })],
  ])('%s', (_what, state) => {
    expect(outcome(over(6, state))).toBe('ok');
  });

  it('one whose clients work as long as they did before, and say that they do', () => {
    const slow = (minute: number): Changes => ({
      ...full,
      waiting: 1,
      ackFloor: { streamSeq: Math.floor(minute / 20) },
    });
    expect([outcome(over(20, slow)), outcome(over(40, slow))]).toEqual(['warning', 'ok']);
  });
});
