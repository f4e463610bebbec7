import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/consumer/consumer-004-messages-lost-unread.ts';
import { watching } from '../../kit.ts';
import { outcome, shipping, type Cluster } from './consumers.ts';

type Changes = NonNullable<Parameters<typeof shipping>[0]>;

const holding = (firstSeq: number, config: object = {}): Cluster => ({
  stream: {
    state: { firstSeq, lastSeq: firstSeq + 9, messages: 10, bytes: 1_024 },
    config: { maxMsgs: 10, maxBytes: -1, ...config },
  },
});

function standing(changes: Changes, cluster: Cluster, looks = 3) {
  const watch = watching(diagnosis, { remembers: true });
  let last = watch.look(shipping(changes, cluster));
  for (let i = 1; i < looks; i += 1) last = watch.look(shipping(changes, cluster));
  return last;
}

describe('CONSUMER_004, messages that left the stream unread', () => {
  it.each([
    [4, 'ok'],
    [5, 'warning'],
  ])('are those between the last delivered one, 3, and the first of the stream: %d', (firstSeq, expected) => {
    expect(outcome(standing({}, holding(firstSeq)))).toBe(expected);
  });

  it('are told by number, with what the stream keeps', () => {
    expect(standing({}, holding(1_004)).findings).toMatchObject([
      {
        summary:
          'Consumer ORDERS > shipping (APP) has lost up to 1,000 messages unread: it came to sequence 3, and the stream begins at 1,004.',
        evidence: [
          '7 still pending',
          'the stream keeps at most 10 messages, and holds 10 messages, 1 KiB',
          'led by n1, replicas on n2, n3',
        ],
      },
    ]);
  });

  it('are normal for a moment', () => {
    expect(outcome(standing({}, holding(100), 2))).toBe('ok');
  });

  it.each<readonly [what: string, changes: Changes, config: object]>([
    ['has all there is for it', { pending: 0 }, {}],
    ['has a filter', { config: { filters: ['orders.eu'] } }, {}],
    ['has delivered nothing yet', { delivered: { streamSeq: 0 } }, {}],
    ['acknowledges nothing', { config: { ackPolicy: 'none' } }, {}],
    ['reads a stream that keeps the newest of each subject', {}, { maxMsgsPerSubject: 1 }],
  ])('are none of a consumer that %s', (_what, changes, config) => {
    expect(outcome(standing(changes, holding(100, config)))).toBe('ok');
  });
});
