import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-009-crash-loop.ts';
import { minutes } from '../../../lambdas/durations.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { firstMinute, watching, type Look } from '../../kit.ts';
import { fleet, GiB, gone, healthy, refusing } from './running.ts';

/** What looks a minute apart find where n1 restarts 20 s before those of these minutes. */
function restarting(
  at: readonly number[],
  until: number,
  {
    changes = () => ({}),
    isDown = () => false,
    drains = () => false,
  }: {
    readonly changes?: (minute: number) => Partial<Varz>;
    readonly isDown?: (minute: number) => boolean;
    readonly drains?: (minute: number) => boolean;
  } = {},
): readonly Look[] {
  const servers = fleet('n1');
  const watch = watching(diagnosis);
  return Array.from({ length: until + 1 }, (_, minute) => {
    if (at.includes(minute)) servers.restart('n1', minute * 60 - 20, changes(minute));
    const time = firstMinute + minutes(minute);
    return watch.look([
      isDown(minute) ? gone('n1') : servers.found('n1', time, drains(minute) ? refusing : healthy),
    ]);
  });
}
const found = (looks: readonly Look[]) => looks.at(-1)?.findings.map(({ severity }) => severity) ?? [];

describe('SERVER_009, a server that restarts again and again', () => {
  it.each([
    ['twice an hour is none yet', [1, 20], 21, []],
    ['three times an hour', [1, 20, 40], 41, ['critical']],
    ['three times, the first an hour ago', [1, 20, 61], 62, []],
    ['three times within minutes', [1, 2, 3], 3, ['critical']],
  ])('%s', (_, at, until, severities) => {
    expect(found(restarting(at, until))).toEqual(severities);
  });

  it('is told with each of its lives, the last one first', () => {
    const [finding] = restarting([1, 3, 5], 5).at(-1)?.findings ?? [];
    expect(finding?.summary).toBe('n1 restarted 3 times within 1 h; it last came back 2026-11-20 10:04 UTC.');
    expect(finding?.evidence.slice(0, 2)).toEqual([
      'the last time it restarted, and nothing shows why: no drain was seen, version and configuration are the same',
      expect.stringMatching(
        /^ran from 2026-11-20 10:02 UTC, last seen 2026-11-20 10:04 UTC with memory .*, started again 2026-11-20 10:04 UTC$/,
      ) as string,
    ]);
  });

  it('counts those that looks saw, though most found it down', () => {
    const looks = restarting([2, 7, 12, 17], 17, { isDown: (minute) => ![0, 2, 7, 12, 17].includes(minute) });
    expect(found(looks)).toEqual(['critical']);
  });

  it('does not count upgrades, other configurations and drains', () => {
    const at = [2, 4, 6, 8];
    expect(found(restarting(at, 9, { changes: (minute) => ({ version: `2.15.${minute}` }) }))).toEqual([]);
    expect(
      found(restarting(at, 9, { changes: (minute) => ({ config_digest: `sha256:${minute}` }) })),
    ).toEqual([]);
    expect(found(restarting(at, 9, { drains: (minute) => minute % 2 === 1 }))).toEqual([]);
  });

  it('ends when fewer than three are within the hour', () => {
    const looks = restarting([1, 2, 3], 65);
    const open = looks.flatMap(({ findings }, minute) => (findings.length > 0 ? [minute] : []));
    expect([open[0], open.at(-1), looks.at(-1)?.outcomes]).toEqual([3, 60, { n1: 'ok' }]);
  });

  it('says that memory was short each time', () => {
    const servers = fleet('n1');
    const watch = watching(diagnosis, { facts: { memoryLimit: GiB } });
    servers.set('n1', { mem: 0.95 * GiB });
    const looks = Array.from({ length: 4 }, (_, minute) => {
      if (minute > 0) servers.restart('n1', minute * 60 - 20);
      return watch.look([servers.found('n1', firstMinute + minutes(minute))]);
    });
    expect(looks.at(-1)?.findings[0]?.summary).toBe(
      'n1 restarted 3 times within 1 h, each time short of memory; it last came back 2026-11-20 10:02 UTC.',
    );
  });
});
