import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-132-jetstream-turned-off.ts';
import { days, hours, minutes } from '../../../lambdas/durations.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { jsz, lookingOn, member } from '../../jetstream-kit.ts';
import { firstMinute, watching } from '../../kit.ts';
import { withoutJetStream } from '../meta/group.ts';

const started = firstMinute - hours(1);
/** Times of the kit's servers are the run's. */
const times = (at: number, changes: Partial<Varz> = {}): Partial<Varz> => ({
  ...{ now: at, start: started, config_load_time: started },
  ...changes,
});
const on = (name: string, at: number) => member(name, { varz: times(at), jsz: jsz() });
const off = (at: number, changes: Partial<Varz>) => withoutJetStream('n1', times(at, changes));

/** On for three minutes, then off for two. */
function found(changes: Partial<Varz>, others: readonly string[] = ['n2', 'n3']) {
  const watch = watching(diagnosis, { remembers: true });
  const looks = [0, 1, 2, 3, 4].map((minute) => {
    const at = firstMinute + minutes(minute);
    return watch.look([minute < 3 ? on('n1', at) : off(at, changes), ...others.map((name) => on(name, at))]);
  });
  return looks.at(-1);
}
const reloaded = { config_load_time: firstMinute + minutes(2) + 20_000 };
const restarted = {
  start: firstMinute + minutes(2) + 20_000,
  config_load_time: firstMinute + minutes(2) + 20_000,
};

describe('SERVER_132, JetStream off on a server that had it', () => {
  it('is told in the second look, with since when and how it was turned off', () => {
    expect(found(reloaded)?.findings).toMatchObject([
      {
        severity: 'warning',
        entity: { kind: 'server', name: 'n1' },
        summary:
          'JetStream is off on n1, which had it until 2026-11-20 10:02 UTC: its configuration was reloaded without it.',
        evidence: ['reloaded at 2026-11-20 10:02 UTC, by its own clock', 'JetStream is on on n2, n3'],
      },
    ]);
    expect(found(restarted)?.findings[0]?.summary).toMatch(/: it was restarted without it\.$/);
  });

  it('is critical where no other server of the cluster has it', () => {
    const [finding] = found(restarted, [])?.findings ?? [];
    expect([finding?.severity, finding?.evidence[1]]).toEqual([
      'critical',
      'JetStream is on on no other server that was read',
    ]);
  });

  it('leaves to SERVER_014 what the server shut down by itself, which /healthz tells', () => {
    expect(found({})).toMatchObject({
      findings: [],
      seen: { n1: 'it shut JetStream down by itself: SERVER_014 tells that' },
    });
  });

  it('is no matter of a server that never had it', () => {
    const never = withoutJetStream('n1', times(firstMinute));
    const look = lookingOn(watching(diagnosis), [never, on('n2', firstMinute)], 3);
    expect(look.outcomes).toEqual({ n1: 'not-applicable', n2: 'ok' });
  });

  it('is none of a server that was reloaded while it was on, and shut it down later', () => {
    const watch = watching(diagnosis, { remembers: true });
    const at = (minute: number) => firstMinute + minutes(minute);
    const loaded = { config_load_time: at(0) + 30_000 };
    watch.look([on('n1', at(0))]);
    watch.look([member('n1', { varz: times(at(1), loaded), jsz: jsz() })]);
    watch.look([off(at(2), loaded)]);
    expect(watch.look([off(at(3), loaded)]).findings).toEqual([]);
  });

  it('is over when it is on again, and after a week off', () => {
    const watch = watching(diagnosis, { remembers: true });
    const at = (minute: number) => firstMinute + minutes(minute);
    watch.look([on('n1', at(0))]);
    for (const minute of [1, 2, 3]) watch.look([off(at(minute), { start: at(1) - 30_000 })]);
    const back = [4, 5, 6, 7, 8, 9, 10].map((minute) => watch.look([on('n1', at(minute))]));
    expect(back.at(-1)?.findings).toEqual([]);
    watch.look([off(at(11), { start: at(11) - 30_000 })]);
    const late = watch.look([off(at(11) + days(8), { start: at(11) - 30_000 })], days(8));
    expect(late.outcomes).toEqual({ n1: 'not-applicable' });
  });
});
