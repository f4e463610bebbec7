import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-003-messages-near-limit.ts';
import { holding as replicated } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';

const holding = (messages: number, config = {}) =>
  replicated({ state: { messages }, config: { maxMsgs: 1_000, discard: 'new', ...config } });

const twice = (servers: ReturnType<typeof holding>) => {
  const watch = watching(diagnosis, { remembers: true });
  watch.look(servers);
  return watch.look(servers);
};

describe('JETSTREAM_003, messages near the limit', () => {
  it.each([
    [899, 'ok'],
    [900, 'warning'],
    [979, 'warning'],
    [980, 'critical'],
    [1_000, 'critical'],
  ])('of 1,000 messages %d are %s, in the second look', (messages, outcome) => {
    expect(twice(holding(messages)).outcomes).toEqual({ cluster: outcome });
  });

  it('says that it refuses, when it does', () => {
    expect(twice(holding(1_000)).findings.map(({ summary }) => summary)).toEqual([
      'Stream ORDERS (APP) holds 1,000 messages of at most 1,000 messages: 100 %, limit 98 %. It is full: it refuses messages.',
    ]);
  });

  it('of a work queue says that it loses what nobody handled', () => {
    const [finding] = twice(holding(1_000, { discard: 'old', retention: 'workqueue' })).findings;
    expect(finding).toMatchObject({
      summary:
        'Stream ORDERS (APP) holds 1,000 messages of at most 1,000 messages: 100 %, limit 98 %. It is full: it drops messages ' +
        'that nobody has acknowledged.',
      evidence: ['led by n1, replicas on n2, n3', 'retention workqueue, discard old'],
    });
    expect(finding?.remedy).toContain('discard: new');
  });

  it.each([
    ['drops its oldest, full as it was made to be', { discard: 'old', retention: 'limits' }],
    ['has no such limit', { maxMsgs: -1 }],
  ])('is no matter of a stream that %s', (_, config) => {
    expect(twice(holding(1_000, config))).toMatchObject({
      outcomes: { cluster: 'ok' },
      seen: { cluster: 'no stream refuses or loses messages at max_msgs' },
    });
  });

  it('is resolved when consumers have caught up', () => {
    const watch = watching(diagnosis, { remembers: true });
    const kinds = [990, 990, 10, 10, 10, 10, 10, 10].flatMap((messages) =>
      watch.look(holding(messages)).notices.map(({ kind }) => kind),
    );
    expect(kinds).toEqual(['opened', 'resolved']);
  });
});
