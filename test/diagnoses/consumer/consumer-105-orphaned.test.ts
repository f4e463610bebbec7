import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/consumer/consumer-105-orphaned.ts';
import { days, hours, minutes } from '../../../lambdas/durations.ts';
import { jsz } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';
import { shipping, summaries } from './consumers.ts';

type Changes = NonNullable<Parameters<typeof shipping>[0]>;

const { now } = jsz();
const old = {
  created: now - days(9),
  delivered: { at: now - days(3) },
  ackFloor: { at: now - days(2) },
  pending: 0,
};

/** Seen at these hours: what is found at the last. */
function seen(states: readonly (readonly [hour: number, changes?: Changes])[]) {
  const watch = watching(diagnosis, { remembers: true });
  let before = 0;
  let last = watch.look(shipping(old), minutes(0));
  for (const [hour, changes] of states) {
    last = watch.look(shipping({ ...old, ...changes }), hours(hour - before));
    before = hour;
  }
  return last;
}

describe('CONSUMER_105, a consumer that nobody uses', () => {
  it.each([
    [23, 0],
    [24, 1],
  ])('is one for which nobody asked in any look of a day: %d hours', (hour, found) => {
    expect(seen([[hour]]).findings.length).toBe(found);
  });

  it('is told as an info, with what its deletion loses and how others end by themselves', () => {
    const look = seen([[24]]);
    expect(summaries(look)).toEqual([
      'Nobody has used consumer ORDERS > shipping (APP) for 1 d: no client asked in any look, nothing was delivered or acknowledged.',
    ]);
    const [finding] = look.findings;
    expect([finding?.severity, finding?.remedy]).toEqual([
      'info',
      'If nobody is to come back to it: `nats consumer rm ORDERS shipping` (its place in the stream (1) is lost, and one made anew ' +
        'begins where its deliver policy says). Consumers that come and go are better made with an inactive_threshold (`nats consumer ' +
        'edit ORDERS shipping --inactive-threshold 72h`), after which they end by themselves.',
    ]);
  });

  it.each<readonly [what: string, changes: Changes]>([
    ['was asked in one look', { waiting: 1 }],
    ['was bound in one look', { config: { deliverSubject: 'd' }, pushBound: true }],
    ['delivered something', { delivered: { at: now - hours(1) } }],
    ['was made today', { created: now - hours(23) }],
    ['is paused', { paused: true }],
    ['ends by itself', { config: { inactiveThreshold: 1 } }],
    ['is no durable', { config: { durable: false } }],
  ])('is none that %s', (_what, changes) => {
    expect(seen([[12, changes], [24]]).findings).toEqual([]);
  });
});
