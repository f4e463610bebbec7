import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-134-disk-slow.ts';
import { member } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';

/** Seconds waited and operations that waited since the start, and how many wait now. */
const waited = (seconds: number, waits: number, waiters = 0) =>
  member('n1', {
    varz: { disk_io_wait_stats: { waiters, waits, wait_time: seconds * 1e9, max_wait_time: 3e9 } },
  });
/** So many seconds of waiting each minute, for seven minutes. */
function found(aMinute: number) {
  const watch = watching(diagnosis, { remembers: true });
  const looks = Array.from({ length: 8 }, (_, i) =>
    watch.look([waited(100 + i * aMinute, 50 + i * 120, 4 * (i % 2))]),
  );
  return looks.at(-1)?.findings ?? [];
}

describe('SERVER_134, a disk that is too slow', () => {
  it.each([
    [0, []],
    [59, []],
    [60, ['warning']],
  ])('where operations wait %d s each minute is %j', (aMinute, severities) => {
    expect(found(aMinute).map(({ severity }) => severity)).toEqual(severities);
  });

  it('says how many wait, how many waited and how long', () => {
    expect(found(240)).toMatchObject([
      {
        summary:
          'On n1 4 operations on disk wait for others on average: 120 operations since the last look, 2 s each.',
        evidence: ['4 wait at this moment, the longest wait that ended since its start was 3 s'],
      },
    ]);
  });

  it('says of a disk that hangs that no wait ends, though what is counted of waits stands', () => {
    const watch = watching(diagnosis, { remembers: true });
    const looks = [0, 3, 4, 4, 4, 4, 4, 4].map((waiters) => watch.look([waited(9, 50, waiters)]));
    expect(looks.map(({ findings }) => findings.map(({ summary }) => summary))).toEqual([
      ...Array.from({ length: 7 }, () => []),
      ['The disk of n1 hangs: 4 operations on it waited, and none has gone on since the last look.'],
    ]);
    expect(looks.at(-1)?.findings[0]?.remedy).toMatch(/`VolumeStalledIOCheck`/);
    expect(watch.look([waited(300, 54)]).outcomes).toEqual({ n1: 'warning' });
    expect(watch.look([waited(300, 54)]).outcomes).toEqual({ n1: 'ok' });
  });

  it('is silent where some wait at every other look', () => {
    const watch = watching(diagnosis, { remembers: true });
    const looks = Array.from({ length: 12 }, (_, i) => watch.look([waited(9, 50 + i, 9 * (i % 2))]));
    expect(looks.flatMap(({ findings }) => findings)).toEqual([]);
  });

  it('is silent about a burst, and about what was before the first look', () => {
    const watch = watching(diagnosis, { remembers: true });
    for (const seconds of [9_000, 9_000, 9_900, 9_900, 9_900, 9_900, 9_900, 9_900])
      watch.look([waited(seconds, 10)]);
    expect(watch.look([waited(9_900, 10)]).findings).toEqual([]);
  });

  it('is no question to servers that do not count it', () => {
    const old = member('n1', { varz: { version: '2.14.3', disk_io_wait_stats: undefined } });
    expect(watching(diagnosis).look([old]).outcomes).toEqual({ n1: 'not-applicable' });
  });
});
