import { describe, expect, it } from 'vitest';
import { alarmSpecs } from '../../../infra/alarms/alarm-specs.ts';
import { muteSchedule, mutedAlarms } from '../../../infra/alarms/muted-alarms.ts';
import { loadSettings } from '../../../infra/settings.ts';
import { checks } from '../../../lambdas/checks/catalogue.ts';
import type { Mute } from '../../../lambdas/ports.ts';
import { readableOfType, synthesize } from '../synth.ts';
import { smallest, written } from '../settings-file.ts';

const two = (more = '') =>
  `clusters: [{ name: prod, targets: [{ name: a, url: "http://a" }] }, { name: test, targets: [{ name: a, url: "http://b" }] }]\n${more}`;
const muted = (text: string) => {
  const loaded = loadSettings(
    written(two(`mute: [{ why: w, from: 2026-12-01T20:00Z, until: 2026-12-02T02:00Z, ${text} }]`)),
  );
  const [mute] = loaded.settings.mute;
  if (mute === undefined) throw new Error('no mute');
  return mutedAlarms(mute, alarmSpecs({ checks, ...loaded }), loaded.translated.plan.covers);
};
const all = () => alarmSpecs({ checks, ...loadSettings(written(two())) }).map(({ name }) => name);

describe('a mute is about', () => {
  it('all alarms of its clusters, and no watchdog', () => {
    const own = all().filter((name) => name.startsWith('nats/prod/'));
    expect(muted('clusters: [prod]')).toEqual([own]);
    expect(own.length).toBeGreaterThan(20);
  });

  it('all alarms of all clusters where it names none, and still no watchdog', () => {
    const own = all().filter((name) => /^nats\/(prod|test)\//.test(name));
    expect(muted('').flat()).toEqual(own);
  });

  it('the alarms of its checks', () => {
    const names = muted('clusters: [prod], checks: [leafnode-connections, leafnode-subscriptions]').flat();
    expect(names.filter((name) => name.includes('/findings/'))).toEqual([
      'nats/prod/leafnodes/findings/critical',
      'nats/prod/leafnodes/findings/warning',
    ]);
  });

  it('no alarm that hangs on another check too: findings that are muted do not count in it', () => {
    const names = muted('clusters: [prod], checks: [leafnode-connections]').flat();
    expect(names.filter((name) => name.includes('/findings/'))).toEqual([]);
  });

  it('the alarms of rules that page for its diagnoses', () => {
    expect(muted('clusters: [test], diagnoses: [SERVER_101]')).toEqual([
      ['nats/test/NatsServerDown/a/critical'],
    ]);
  });

  it('nothing, where no alarm is of a diagnosis alone', () => {
    expect(muted('diagnoses: [CONN_101]')).toEqual([]);
  });

  it('as many alarms as there are, a hundred a rule of CloudWatch', () => {
    const specs = Array.from({ length: 201 }, (_, i) => ({
      ...alarmSpecs({ checks, ...loadSettings(written(smallest)) })[0],
      name: `nats/prod/r${i}`,
    })) as Parameters<typeof mutedAlarms>[1];
    expect(
      mutedAlarms({ clusters: null, checks: null, diagnoses: null }, specs, {}).map(({ length }) => length),
    ).toEqual([100, 100, 1]);
  });
});

describe('when, as CloudWatch writes it', () => {
  const weekly = (more: object = {}): Mute['when'] => ({
    ...{
      kind: 'weekly',
      days: [0, 1, 2, 3, 4, 5, 6],
      minute: 23 * 60 + 5,
      spanMs: 2 * 3_600_000,
      timezone: 'UTC',
    },
    ...more,
  });
  it.each<[Mute['when'], string, string, string]>([
    [
      { kind: 'window', from: Date.parse('2026-12-01T20:00Z'), until: Date.parse('2026-12-02T02:30Z') },
      ...(['at(2026-12-01T20:00)', 'PT390M', 'UTC'] as const),
    ],
    [weekly(), 'cron(5 23 * * *)', 'PT120M', 'UTC'],
    [weekly({ days: [0, 6], timezone: 'Asia/Tokyo' }), 'cron(5 23 * * SUN,SAT)', 'PT120M', 'Asia/Tokyo'],
  ])('%o', (when, expression, duration, timezone) => {
    expect(muteSchedule({ when })).toEqual({ expression, duration, timezone });
  });
});

describe('mutes of settings', () => {
  it('are mute rules of the last stack of alarms', () => {
    const file = written(
      `${smallest}mute: [{ why: patching, checks: [leafnode-connections, leafnode-subscriptions], days: [sun], at: "02:00", for: 2h, timezone: Europe/Berlin }]`,
    );
    expect(readableOfType(synthesize(file, checks), 'AWS::CloudWatch::AlarmMuteRule')).toEqual([
      {
        Name: expect.stringMatching(/^nats-cloudwatch-mute-[0-9a-f]{8}$/) as string,
        Description: 'patching',
        Rule: {
          Schedule: { Expression: 'cron(0 2 * * SUN)', Duration: 'PT120M', Timezone: 'Europe/Berlin' },
        },
        MuteTargets: {
          AlarmNames: ['nats/prod/leafnodes/findings/critical', 'nats/prod/leafnodes/findings/warning'],
        },
      },
    ]);
  });
});
