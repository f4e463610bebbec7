import { describe, expect, it } from 'vitest';
import { days, formatDuration, hours, minutes, parseDuration, seconds } from '../lambdas/durations.ts';

describe('a duration in settings', () => {
  it.each([
    ['30s', seconds(30)],
    ['5m', minutes(5)],
    ['1h30m', minutes(90)],
    ['7d', days(7)],
    ['1d2h3m4s', days(1) + hours(2) + minutes(3) + seconds(4)],
    ['90m', minutes(90)],
    ['0s', seconds(0)],
  ])('%s is understood', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(['', '5', 'm', '5 m', '5min', '1.5h', '-5m', '5m1h', '5m5m', '1w', '5M', ' 5m', '٣m'])(
    '"%s" is none',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );
});

describe('a duration in a sentence', () => {
  it.each([
    [0, '0 s'],
    [-5_000, '0 s'],
    [1, '1 ms'],
    [80.2, '81 ms'],
    [999, '999 ms'],
    [1_000, '1 s'],
    [45_999, '45 s'],
    [60_000, '1 min'],
    [61_000, '1 min 1 s'],
    [minutes(10), '10 min'],
    [hours(1), '1 h'],
    [hours(2) + minutes(5) + seconds(59), '2 h 5 min'],
    [hours(1) + seconds(5), '1 h'],
    [days(3), '3 d'],
    [days(3) + hours(4) + minutes(5), '3 d 4 h'],
    [days(400), '400 d'],
  ])('%d ms reads %s', (span, expected) => {
    expect(formatDuration(span)).toBe(expected);
  });
});
