import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../infra/settings.ts';
import { refusal, smallest, written } from './settings-file.ts';

describe('mutes in settings', () => {
  it('are windows and schedules, of all or of some', () => {
    const text = `${smallest}mute:
  - { why: move, clusters: [prod], from: 2026-12-01T20:00Z, until: "2026-12-02T02:00:00Z" }
  - { why: patching, days: [sat, sun], at: "02:30", for: 1h30m, timezone: Europe/Berlin }
  - { why: backups, at: "23:00", for: 1h }
`;
    const all = { clusters: null, checks: null, diagnoses: null };
    const daily = {
      kind: 'weekly',
      days: [0, 1, 2, 3, 4, 5, 6],
      minute: 1_380,
      spanMs: 3_600_000,
      timezone: 'UTC',
    };
    expect(loadSettings(written(text)).settings.mute).toEqual([
      {
        ...all,
        why: 'move',
        clusters: ['prod'],
        when: {
          kind: 'window',
          from: Date.parse('2026-12-01T20:00Z'),
          until: Date.parse('2026-12-02T02:00Z'),
        },
      },
      {
        ...all,
        why: 'patching',
        when: { kind: 'weekly', days: [6, 0], minute: 150, spanMs: 5_400_000, timezone: 'Europe/Berlin' },
      },
      { ...all, why: 'backups', when: daily },
    ]);
  });

  it.each([
    ['at: "02:00", for: 1h', 'mute[0].why: expected text, received nothing'],
    ['why: w', 'mute[0]: expected either from and until, or at and for, perhaps with days and timezone'],
    [
      'why: w, from: 2026-12-01T20:00Z, until: 2026-12-01T21:00Z, for: 1h',
      'mute[0]: expected either from and until, or at and for, perhaps with days and timezone',
    ],
    ['why: w, from: 2026-12-01T20:00Z', 'mute[0]: expected both from and until'],
    ['why: w, at: "02:00"', 'mute[0]: expected both at and for'],
    [
      'why: w, from: 2026-12-01T20:00Z, until: 2026-12-01T20:00Z',
      'mute[0].until: expected a time after from',
    ],
    [
      'why: w, from: 2026-12-01T20:00Z, until: 2026-12-16T20:01Z',
      'mute[0].until: expected at most 15 days after from, as CloudWatch mutes alarms',
    ],
    [
      'why: w, from: 2026-12-01, until: 2026-12-01T20:00Z',
      'mute[0].from: expected a minute in UTC such as 2026-12-01T20:00Z',
    ],
    ['why: w, at: "24:00", for: 1h', 'mute[0].at: expected a time of day such as "02:00"'],
    ['why: w, at: "02:00", for: 90s', 'mute[0].for: expected whole minutes from 1m to 7d'],
    ['why: w, at: "02:00", for: 7d1m', 'mute[0].for: expected whole minutes from 1m to 7d'],
    [
      'why: w, at: "02:00", for: 1h, days: [sunday]',
      'mute[0].days[0]: expected sun, mon, tue, wed, thu, fri or sat, received "sunday"; did you mean "sun"?',
    ],
    [
      'why: w, at: "02:00", for: 1h, timezone: Berlin',
      'mute[0].timezone: expected a time zone such as Europe/Berlin',
    ],
    ['why: w, at: "02:00", for: 1h, clusters: [test]', 'mute[0].clusters[0]: no such name; there are prod'],
    [
      'why: w, at: "2", for: 1h, clusters: [prdo], checks: [serverup]',
      'mute[0].at: expected a time of day such as "02:00"',
      'mute[0].clusters[0]: no such name; did you mean "prod"?',
      'mute[0].checks[0]: no such name; did you mean "server-up"?',
    ],
    [
      'why: w, at: "02:00", for: 1h, checks: [up], diagnoses: [CONN_999]',
      'mute[0].checks[0]: no such name; there are server-up, leafnode-connections, connection-count',
      'mute[0].diagnoses[0]: no such name; there are SERVER_001, LEAF_001, CONN_001, CONN_002',
    ],
  ])('are refused: %s', (text, ...messages) => {
    expect(refusal(`${smallest}mute: [{ ${text} }]`)).toBe(
      ['settings.yaml:', ...messages.map((message) => `  ${message}`)].join('\n'),
    );
  });

  it('of 15 days, and of a week, are taken', () => {
    const longest = ['from: 2026-12-01T20:00Z, until: 2026-12-16T20:00Z', 'at: "02:00", for: 7d'];
    expect(longest.map((text) => refusal(`${smallest}mute: [{ why: w, ${text} }]`))).toEqual([
      'accepted',
      'accepted',
    ]);
  });
});
