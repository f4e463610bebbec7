import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/consumer/consumer-106-too-many-to-follow.ts';
import { mostFollowed } from '../../../lambdas/history/unmoved.ts';
import { assets, consumer, member, stream } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';
import { outcome, summaries } from './consumers.ts';

const group = { leader: 'n1', replicas: [] };
const waiting = (count: number) => [
  member('n1', {
    consumers: assets(
      stream({
        group,
        consumers: Array.from({ length: count }, (_, i) => consumer({ name: `worker-${i}`, group })),
      }),
    ),
  }),
];

function seen(count: number) {
  const watch = watching(diagnosis, { remembers: true });
  for (let i = 0; i < 2; i += 1) watch.look(waiting(count));
  return watch.look(waiting(count));
}

describe('CONSUMER_106, more consumers that wait than are followed', () => {
  it('are none up to the most', () => {
    expect(outcome(seen(mostFollowed))).toBe('ok');
  });

  it('are told by number', () => {
    const look = seen(mostFollowed + 1);
    expect([outcome(look), summaries(look)]).toEqual([
      'warning',
      ['1 consumer is not followed: too many wait at the same time.'],
    ]);
    expect(look.findings[0]?.evidence).toEqual([
      '24,001 with messages pending (CONSUMER_101), 24,000 are followed',
    ]);
  });
});
