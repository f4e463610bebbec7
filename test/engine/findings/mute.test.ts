import { describe, expect, it } from 'vitest';
import { isActive, isMuted } from '../../../lambdas/engine/findings/mute.ts';
import type { Message, Mute } from '../../../lambdas/ports.ts';
import { run } from '../../../lambdas/run/run.ts';
import { fakeWorld, minute, watchOf } from '../fake-ports.ts';
import { crowds } from '../sample-checks.ts';

const window = (from: number, until: number, of: Partial<Mute> = {}): Mute => ({
  ...{ why: 'moving', clusters: null, checks: null, diagnoses: null },
  ...of,
  when: { kind: 'window', from, until },
});

/** What is sent, minute by minute, for so many connections of a limit of 10, and how many findings the alarm sees open. */
async function course(connections: readonly number[], mutes: readonly Mute[], byCommand = false) {
  const world = fakeWorld();
  const told: string[] = [];
  for (const [i, count] of connections.entries()) {
    world.answers = { n1: { varz: { connections: count } } };
    const before = world.taken.messages.length;
    const watch = { ...watchOf(crowds), ...(byCommand ? {} : { mutes }) };
    await run(
      crowds,
      watch,
      { ...world.ports(), ...(byCommand && { mutes: () => Promise.resolve(mutes) }) },
      minute(i),
    );
    const sent = world.taken.messages.slice(before).map(({ statuses }: Message) => statuses.join());
    const open = world.taken.datapoints.findLast(
      ({ series, labels }) => series === 'nats_findings_open' && labels['severity'] === 'warning',
    );
    told.push([...sent, open?.value].join(' '));
  }
  return told;
}

describe('a finding while it is muted', () => {
  it('is told once it ends, if it is still open: neither message nor alarm before', async () => {
    const mutes = [window(minute(0), minute(3))];
    expect(await course([11, 11, 11, 11, 11], mutes)).toEqual(['0', '0', '0', 'opened 1', '1']);
  });

  it('is the same by command', async () => {
    const mutes = [window(minute(0), minute(2), { clusters: ['c1'] })];
    expect(await course([11, 11, 11], mutes, true)).toEqual(['0', '0', 'opened 1']);
  });

  it('is never told if it ends before the mute', async () => {
    const quiet = Array.from({ length: 9 }, (_, i) => (i < 2 ? 11 : 5));
    expect(new Set(await course(quiet, [window(minute(0), minute(8))]))).toEqual(new Set(['0']));
  });

  it('that was told before stays open to its alarm, and its end is told when the mute ends', async () => {
    const counts = [11, 11, 11, 5, 5, 5, 5, 5, 5, 5, 5];
    const mutes = [window(minute(1), minute(9))];
    expect(await course(counts, mutes)).toEqual([
      'opened 1',
      ...['1', '1', '1', '1', '0', '0', '0', '0'],
      'resolved 0',
      '0',
    ]);
  });

  it('of another cluster, check or diagnosis is told at once', async () => {
    const others = [{ clusters: ['other'] }, { checks: ['other'] }, { diagnoses: ['OTHER_1'] }];
    const mutes = others.map((of) => window(minute(0), minute(9), of));
    expect(await course([11, 11], mutes)).toEqual(['opened 1', '1']);
  });

  it.each([
    { clusters: ['c1'] },
    { checks: ['crowds'] },
    { diagnoses: ['SERVER_900'] },
    { checks: ['other'], diagnoses: ['SERVER_900'] },
  ])('is muted by %j', (of) => {
    const about = { cluster: 'c1', check: 'crowds', diagnosis: 'SERVER_900' };
    expect(isMuted([window(0, 10, of)], about, 5)).toBe(true);
  });
});

describe('a mute', () => {
  it('holds from its first moment on, and not in its last', () => {
    const mute = window(1_000, 2_000);
    expect([999, 1_000, 1_999, 2_000].map((at) => isActive(mute, at))).toEqual([false, true, true, false]);
  });

  const weekly = (days: readonly number[], minuteOfDay: number, hours: number, timezone = 'UTC'): Mute => ({
    ...window(0, 0),
    when: { kind: 'weekly', days, minute: minuteOfDay, spanMs: hours * 3_600_000, timezone },
  });
  it.each<[string, Mute, readonly [string, boolean][]]>([
    [
      'of a day of the week holds in its hours',
      weekly([0], 120, 2),
      [
        ['2026-11-29T01:59:59Z', false],
        ['2026-11-29T02:00:00Z', true],
        ['2026-11-29T03:59:59Z', true],
        ['2026-11-29T04:00:00Z', false],
        ['2026-11-30T02:30:00Z', false],
      ],
    ],
    [
      'goes on past midnight, and past the week',
      weekly([6], 23 * 60, 3),
      [
        ['2026-11-28T23:30:00Z', true],
        ['2026-11-29T01:59:00Z', true],
        ['2026-11-29T02:00:00Z', false],
      ],
    ],
    [
      'goes by the clocks of its time zone, in summer and winter',
      weekly([0, 1, 2, 3, 4, 5, 6], 120, 1, 'Europe/Berlin'),
      [
        ['2026-07-01T00:30:00Z', true],
        ['2026-07-01T01:30:00Z', false],
        ['2026-12-01T01:30:00Z', true],
        ['2026-12-01T00:30:00Z', false],
      ],
    ],
  ])('%s', (_, mute, moments) => {
    expect(moments.map(([at]) => [at, isActive(mute, Date.parse(at))])).toEqual(moments);
  });
});
