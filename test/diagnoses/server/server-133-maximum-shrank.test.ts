import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-133-maximum-shrank.ts';
import { hours } from '../../../lambdas/durations.ts';
import { jsz, member } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';

const atMost = (max_storage: number, uptime = 3_600) =>
  member('n1', {
    varz: { uptime },
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
    watch.look([atMost(after, 30)]);
    const { findings } = watch.look([atMost(after, 30)]);
    expect(findings.map(({ severity }) => severity)).toEqual(severities);
  });

  it('says what it was and when the server started, for a day', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([atMost(1_000)]);
    watch.look([atMost(500, 30)]);
    expect(watch.look([atMost(500, 30)]).findings).toMatchObject([
      {
        summary:
          'JetStream of n1 may store 500 B, 50 % of the 1,000 B that it had until 2026-11-20 10:00 UTC.',
        evidence: [
          'the server was restarted, and is up for 30 s',
          'it stores 600 B, and its streams reserve 700 B',
        ],
      },
    ]);
    watch.look([atMost(500, 30)], hours(23));
    expect(watch.look([atMost(500, 30)], hours(2)).outcomes).toEqual({ n1: 'ok' });
  });

  it('adds up where each restart leaves a little less', () => {
    const watch = watching(diagnosis, { remembers: true });
    for (const most of [1_000, 930, 860, 790, 790]) watch.look([atMost(most, 30)]);
    expect(watch.look([atMost(790, 90)]).outcomes).toEqual({ n1: 'warning' });
  });

  it('tells a reload from a restart', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([atMost(1_000)]);
    watch.look([atMost(500)]);
    expect(watch.look([atMost(500)]).findings[0]?.evidence[0]).toBe(
      'the server was not restarted, it is up for 1 h: its configuration was reloaded',
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
