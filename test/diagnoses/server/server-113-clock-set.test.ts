import { describe, expect, it } from 'vitest';
import clockSet from '../../../lambdas/diagnoses/server/server-113-clock-set.ts';
import { server, varz, watching } from '../../kit.ts';

const start = Date.parse('2026-11-01T00:00:00Z');
/** A server that has run for so many minutes, its clock `ahead` seconds of what it was at the start. */
const running = (minutesUp: number, ahead: number, id = 'NA') =>
  server('n1', {
    varz: varz({
      server_id: id,
      start,
      uptime: minutesUp * 60,
      now: start + (minutesUp * 60 + ahead) * 1_000,
    }),
  });

/** Looks minute after minute, with the clock so far ahead in each. */
function looks(...ahead: readonly number[]) {
  const watch = watching(clockSet, { remembers: true });
  return ahead.map((seconds, i) => watch.look([running(100 + i, seconds)]));
}

describe('a clock that is set', () => {
  it.each([
    ['back', -3_600, 'The clock of n1 was set back by 1 h within the minute before 2026-11-20 10:01 UTC.'],
    [
      'forward',
      3_600,
      'The clock of n1 was set forward by 1 h within the minute before 2026-11-20 10:01 UTC, or the machine stood still for as long.',
    ],
  ])('%s is reported once, by how much and when', (_, by, summary) => {
    const taken = looks(0, by, by, by);
    expect(taken.map(({ notices }) => notices.map(({ kind }) => kind))).toEqual([[], ['opened'], [], []]);
    expect(taken[3]?.findings[0]?.summary).toBe(summary);
  });

  it.each([
    [29, 'ok'],
    [30, 'warning'],
    [-29, 'ok'],
    [-30, 'warning'],
  ])('by %d s is %s', (by, outcome) => {
    expect(looks(0, by)[1]?.outcomes['n1']).toBe(outcome);
  });

  it('is over after a quarter of an hour', () => {
    const taken = looks(0, ...Array<number>(20).fill(-60));
    expect(taken.flatMap(({ notices }) => notices.map(({ kind }) => kind))).toEqual(['opened', 'resolved']);
  });
});

describe('a clock that runs evenly', () => {
  it('is no matter, though it was wrong when the server started', () => {
    expect(looks(1_700_000_000, 1_700_000_000, 1_700_000_001)[2]?.seen['n1']).toBe('its clock runs evenly');
  });

  it('is not compared with that of the process before a restart', () => {
    const watch = watching(clockSet, { remembers: true });
    watch.look([running(100, 0)]);
    expect(watch.look([running(1, -3_600, 'NB')]).findings).toEqual([]);
  });
});
