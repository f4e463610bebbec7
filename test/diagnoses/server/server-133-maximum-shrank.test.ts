import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-133-maximum-shrank.ts';
import { hours, minutes } from '../../../lambdas/durations.ts';
import { jsz, member } from '../../jetstream-kit.ts';
import { firstMinute, watching } from '../../kit.ts';

const atMost = (max_storage: number, start = firstMinute - hours(1)) =>
  member('n1', {
    varz: { start },
    jsz: jsz({ storage: 600, reserved_storage: 700, config: { max_memory: 0, max_storage } }),
  });

describe('SERVER_133, a store smaller than before', () => {
  it.each([
    [910, []],
    [900, ['info']],
    [801, ['info']],
    [800, ['warning']],
    [1_100, []],
  ])('of 1,000 bytes, %d after a restart is %j', (after, severities) => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([atMost(1_000)]);
    watch.look([atMost(after, firstMinute + 30_000)]);
    const { findings } = watch.look([atMost(after, firstMinute + 30_000)]);
    expect(findings.map(({ severity }) => severity)).toEqual(severities);
  });

  it('says what it was and when the server started, for a day', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([atMost(1_000)]);
    watch.look([atMost(500, firstMinute + 30_000)]);
    expect(watch.look([atMost(500, firstMinute + 30_000)]).findings).toMatchObject([
      {
        summary:
          'JetStream of n1 may store 500 B, 50 % of the 1,000 B that it had until 2026-11-20 10:00 UTC.',
        evidence: [
          'the server started at 2026-11-20 10:00 UTC, after that',
          'it stores 600 B, and its streams reserve 700 B',
        ],
      },
    ]);
    watch.look([atMost(500, firstMinute + 30_000)], hours(23));
    expect(watch.look([atMost(500, firstMinute + 30_000)], hours(2)).outcomes).toEqual({ n1: 'ok' });
  });

  it('adds up where each restart leaves a little less', () => {
    const watch = watching(diagnosis, { remembers: true });
    for (const [i, most] of [1_000, 930, 860, 790, 790].entries())
      watch.look([atMost(most, firstMinute + i * minutes(1) - 1)]);
    expect(watch.look([atMost(790, firstMinute)]).outcomes).toEqual({ n1: 'warning' });
  });

  it('tells a reload from a restart', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([atMost(1_000)]);
    watch.look([atMost(500)]);
    expect(watch.look([atMost(500)]).findings[0]?.evidence[0]).toBe(
      'the server runs since 2026-11-20 09:00 UTC: its configuration was reloaded',
    );
  });

  it('is over when the store is as large as before', () => {
    const watch = watching(diagnosis, { remembers: true });
    for (const most of [1_000, 500, 500, 1_000]) watch.look([atMost(most)]);
    expect(watch.look([atMost(1_000)]).seen).toEqual({ n1: 'at most 1,000 B' });
  });

  it('does not apply where JetStream is off', () => {
    const off = member('n1', { jsz: jsz({ disabled: true }) });
    expect(watching(diagnosis).look([off]).outcomes).toEqual({ n1: 'not-applicable' });
  });
});
