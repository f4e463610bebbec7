import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-135-store-full-soon.ts';
import { hours } from '../../../lambdas/durations.ts';
import { jsz, lookingOn, member } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';

const GiB = 2 ** 30;
const storing = (storage: number) =>
  member('n1', {
    jsz: jsz({ storage: storage * GiB, streams: 2, config: { max_memory: 0, max_storage: 100 * GiB } }),
  });

/** What a store says that held so much at each hour, and half an hour after the last. */
function after(...gibibytes: readonly number[]) {
  const watch = watching(diagnosis, { remembers: true });
  for (const size of gibibytes) watch.look([storing(size)], hours(1));
  return lookingOn(watch, [storing(gibibytes.at(-1) ?? 0)], 31);
}
const growing = (from: number, anHour: number, many: number) =>
  Array.from({ length: many }, (_, i) => from + anHour * i);

describe('SERVER_135, a store that is full soon at its pace', () => {
  it('is told with days left, from the growth of a day', () => {
    const { findings } = after(...growing(57, 0.5, 25));
    expect(findings).toMatchObject([
      {
        severity: 'info',
        entity: { kind: 'server', name: 'n1' },
        evidence: [
          expect.stringMatching(/^it stores 69 GiB \(69 %\) and grows by 1\d(\.\d)? GiB a day$/),
          expect.any(String),
        ],
      },
    ]);
    expect(findings[0]?.summary).toMatch(
      /^JetStream of n1 reaches 100 GiB, its maximum, in about 2 d \d+ h at its pace\.$/,
    );
  });

  it.each([
    ['reaches it within two days', growing(50, 1, 25), ['warning']],
    ['has more than two', growing(57, 0.5, 25), ['info']],
    ['has more than a week', growing(57, 0.1, 25), []],
    ['does not grow', growing(70, 0, 25), []],
    ['was purged', [...growing(50, 1, 24), 51, 51], []],
    ['is half empty', growing(24, 1, 25), []],
    ['was seen for less than half a day', growing(70, 1, 10), []],
  ])('a store that %s', (_, sizes, severities) => {
    expect(after(...sizes).findings.map(({ severity }) => severity)).toEqual(severities);
  });

  it('does not apply where JetStream is off', () => {
    const off = member('n1', { jsz: jsz({ disabled: true }) });
    expect(watching(diagnosis).look([off]).outcomes).toEqual({ n1: 'not-applicable' });
  });
});
