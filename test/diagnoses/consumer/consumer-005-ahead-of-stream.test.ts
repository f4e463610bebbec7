import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/consumer/consumer-005-ahead-of-stream.ts';
import { watching } from '../../kit.ts';
import { outcome, shipping, type Cluster } from './consumers.ts';

type Changes = NonNullable<Parameters<typeof shipping>[0]>;

const ends = { stream: { state: { lastSeq: 10 } } } satisfies Cluster;

function over(looks: number, state: (look: number) => Changes, cluster: Cluster = ends) {
  const watch = watching(diagnosis, { remembers: true });
  let last = watch.look(shipping(state(0), cluster));
  for (let i = 1; i < looks; i += 1) last = watch.look(shipping(state(i), cluster));
  return last;
}
const at =
  (streamSeq: number, more: Changes = {}) =>
  (): Changes => ({ pending: 0, delivered: { streamSeq }, ...more });

describe('CONSUMER_005, a consumer ahead of its stream', () => {
  it.each([
    [10, 'ok'],
    [11, 'critical'],
  ])('has delivered more than there is: %d of 10', (streamSeq, expected) => {
    expect(outcome(over(3, at(streamSeq)))).toBe(expected);
  });

  it('is told by how much, what it means and what a new one loses', () => {
    const [finding] = over(3, at(500)).findings;
    expect(finding).toMatchObject({
      summary:
        'Consumer ORDERS > shipping (APP) is 490 messages ahead of its stream: it delivered up to sequence 500, and the stream ends at 10.',
      evidence: [
        'nothing is delivered before sequence 501 is published',
        '2 unacknowledged',
        'led by n1, replicas on n2, n3',
      ].map((row) => row.replace('2 un', '0 un')),
    });
    expect(finding?.remedy).toContain('`nats consumer rm ORDERS shipping`');
  });

  it('is only just read later than its stream where it moves', () => {
    expect(outcome(over(6, (look) => ({ pending: 0, delivered: { streamSeq: 11 + look } })))).toBe('ok');
  });

  it('may be made to start at a sequence to come', () => {
    expect(outcome(over(3, at(500, { delivered: { streamSeq: 500, consumerSeq: 0 } })))).toBe('ok');
  });

  it('is not judged by followers of the stream, whose leader was not read', () => {
    const members = ['n2', 'n3'];
    expect(outcome(over(3, at(500), { ...ends, leader: 'n1', members }))).toBe('ok');
  });
});
