import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-013-stalled-clients.ts';
import { minutes } from '../../../lambdas/durations.ts';
import { server, varz, watching } from '../../kit.ts';

const counting = (stalled_clients: number) => server('n1', { varz: varz({ stalled_clients }) });
/** Looks a minute apart that find these totals. */
const looked = (...totals: readonly number[]) => {
  const watch = watching(diagnosis);
  return totals.map((total) => watch.look([counting(total)]));
};
const severities = (looks: ReturnType<typeof looked>) =>
  looks.at(-1)?.findings.map(({ severity }) => severity) ?? [];

describe('SERVER_013, publishers that are held back', () => {
  it.each([
    ['never', [0, 0, 0, 0], []],
    ['before watching began', [5_000, 5_000, 5_000], []],
    ['in two minutes of ten, however often', [0, 100_000, 200_000, 200_000], ['info']],
    ['in three', [0, 1, 1, 2, 2, 3], ['warning']],
    ['in three of more than ten', [0, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3], ['info']],
  ])('were so %s', (_, totals, expected) => {
    expect(severities(looked(...totals))).toEqual(expected);
  });

  it('are told with how much waits, and end ten minutes after', () => {
    const looks = looked(0, 100, 300, 600, ...Array.from({ length: 14 }, () => 600));
    expect(looks[3]?.findings[0]).toMatchObject({
      summary: 'n1 held publishers back 600 times within 10 min, in 3 minutes: a client reads too slowly.',
      evidence: [
        'somebody has more than 48 MiB waiting, of 64 MiB (max_pending) at which it is cut off',
        'held back 200 times in each of those minutes',
        expect.stringMatching(/^CPU /),
      ],
    });
    expect(looks.flatMap(({ notices }) => notices.map(({ kind }) => kind))).toEqual(['opened', 'resolved']);
    expect(looks.at(-1)?.findings).toEqual([]);
  });

  it('are counted on through a restart', () => {
    const watch = watching(diagnosis);
    for (const total of [0, 10, 20]) watch.look([counting(total)]);
    const [finding] = watch.look([server('n1', { varz: varz({ stalled_clients: 5, start: 1 }) })]).findings;
    expect(finding?.summary).toMatch(/^n1 held publishers back 25 times/);
  });

  it('are shown from 2.12 on', () => {
    const old = server('n1', { varz: varz({ version: '2.11.11' }) });
    expect(watching(diagnosis).look([old], minutes(1)).outcomes).toEqual({ n1: 'not-applicable' });
  });
});
