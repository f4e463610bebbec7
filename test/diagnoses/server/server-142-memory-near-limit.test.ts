import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-142-memory-near-limit.ts';
import { server, varz, watching } from '../../kit.ts';
import { GiB } from './running.ts';

type Given = { readonly memoryLimit?: number | null; readonly gomemlimit?: number };

/** What is found of a server that uses so much for so many minutes. */
function after(minutes: number, bytes: number, { memoryLimit = null, gomemlimit }: Given) {
  const watch = watching(diagnosis, { remembers: true, facts: { memoryLimit } });
  const changes = { mem: Math.round(bytes), ...(gomemlimit === undefined ? {} : { gomemlimit }) };
  const looks = Array.from({ length: minutes + 1 }, () =>
    watch.look([server('n1', { varz: varz(changes) })]),
  );
  return looks.at(-1)?.findings ?? [];
}
const severities = (findings: ReturnType<typeof after>) => findings.map(({ severity }) => severity);
const container = { memoryLimit: GiB };

describe('SERVER_142, memory at its limit', () => {
  it.each([
    ['below 93 % of memoryLimit', 0.929, container, []],
    ['at 93 %', 0.931, container, ['warning']],
    ['at 97 %', 0.971, container, ['critical']],
    ['at GOMEMLIMIT, which is 90 % of it, as many set it', 0.91, { ...container, gomemlimit: 0.9 * GiB }, []],
    ['at GOMEMLIMIT alone', 1, { gomemlimit: GiB }, []],
    ['5 % beyond it', 1.049, { gomemlimit: GiB }, []],
    ['more', 1.051, { gomemlimit: GiB }, ['warning']],
    ['beyond it, with room to memoryLimit', 1.06, { memoryLimit: 4 * GiB, gomemlimit: GiB }, ['warning']],
  ])('is %s', (_, share, given, expected) => {
    expect(severities(after(3, share * GiB, given))).toEqual(expected);
  });

  it('is told after three minutes', () => {
    expect(severities(after(2, 0.98 * GiB, container))).toEqual([]);
  });

  it('says how much of what, and that nothing makes it collect garbage', () => {
    expect(after(3, 0.98 * GiB, container)[0]).toMatchObject({
      summary: 'n1 uses 1,003.5 MiB, 98 % of memoryLimit (1 GiB).',
      evidence: [
        expect.stringMatching(/^CPU /),
        'GOMEMLIMIT is not set, or not shown: it collects garbage as if there were no limit',
      ],
    });
    expect(after(3, 1.1 * GiB, { gomemlimit: GiB })[0]?.summary).toBe(
      'n1 uses 1.1 GiB, 10 % more than GOMEMLIMIT (1 GiB) lets it.',
    );
  });

  it('does not apply where no limit is known', () => {
    const watch = watching(diagnosis);
    expect(watch.look([server('n1', { varz: varz({ mem: 50 * GiB }) })]).outcomes).toEqual({
      n1: 'not-applicable',
    });
  });
});
