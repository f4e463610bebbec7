import { describe, expect, it } from 'vitest';
import { atLeast } from '../../../lambdas/define.ts';
import {
  ownersLevels,
  ownersNumber,
  ownersSwitch,
  unreadable,
} from '../../../lambdas/diagnoses/assets/owner-levels.ts';

const of = (entries: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(entries).map(([key, value]) => [`io.nats.monitor.${key}`, value]));

describe("an owner's level in metadata", () => {
  it.each([
    ['100', 100],
    ['+5', 5],
    ['0', null],
    ['-1', null],
    ['1.5', null],
    ['1e3', null],
    ['many', null],
    ['', null],
  ])('of a count written %j is %j', (text, level) => {
    expect(ownersNumber(of({ 'lag-critical': text }), 'lag-critical')).toBe(level);
  });

  it.each([
    ['30s', 30],
    ['1h30m', 5_400],
    ['1.5m', 90],
    ['250ms', 0.25],
    ['1d', 86_400],
    ['1w', 604_800],
    ['1M', 2_592_000],
    ['1y', 31_536_000],
    ['0', null],
    ['-5m', null],
    ['5', null],
    ['5 m', null],
    ['5mx', null],
    ['', null],
  ])('of a duration written %j is %j seconds', (text, level) => {
    expect(ownersNumber(of({ 'last-ack-critical': text }), 'last-ack-critical')).toBe(level);
  });

  it('is off where the owner switched its levels off, and on where it said so or nothing', () => {
    const lag = (enabled: string) => ownersNumber(of({ enabled, 'lag-critical': '5' }), 'lag-critical');
    expect([lag('false'), lag('0'), lag('true'), lag('perhaps')]).toEqual([null, null, 5, 5]);
  });

  it('of a limit are those that the owner set; without any, settings hold', () => {
    const limit = atLeast(
      {},
      { unit: 'count', of: 'messages', owner: { warning: 'msgs-warn', critical: 'msgs-critical' } },
    );
    expect(ownersLevels(limit, of({ 'msgs-warn': '10', 'msgs-critical': '20' }))).toEqual({
      warning: 10,
      critical: 20,
    });
    expect(ownersLevels(limit, of({ 'msgs-critical': '20' }))).toEqual({ critical: 20 });
    expect(ownersLevels(limit, of({ 'lag-critical': '20' }))).toBeUndefined();
  });

  it('may be a switch', () => {
    expect([
      ownersSwitch(of({ pinned: 'T' }), 'pinned'),
      ownersSwitch(of({ pinned: 'no' }), 'pinned'),
    ]).toEqual([true, false]);
  });

  it('that is none is told, with keys that are not of the convention', () => {
    const metadata = {
      ...of({ 'lag-critical': 'many', 'lag-crit': '5', pinned: 'true', 'seen-critical': '5m' }),
      team: 'shop',
    };
    expect(unreadable(metadata)).toEqual([
      'io.nats.monitor.lag-critical: many',
      'io.nats.monitor.lag-crit: 5',
    ]);
  });
});
