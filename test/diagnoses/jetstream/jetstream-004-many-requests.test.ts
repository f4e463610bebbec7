import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-004-many-requests.ts';
import { jsz, member } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';

const handled = (total: number, start = 1) =>
  member('n1', { varz: { start }, jsz: jsz({ api: { total, errors: 3, inflight: 2 } }) });
/** So many requests each minute, for seven minutes. */
function found(aMinute: number) {
  const watch = watching(diagnosis, { remembers: true });
  return (
    Array.from({ length: 8 }, (_, i) => watch.look([handled(1_000 + i * aMinute)])).at(-1)?.findings ?? []
  );
}

describe('JETSTREAM_004, many JetStream API requests', () => {
  it.each([
    [2_999, []],
    [3_000, ['info']],
    [59_999, ['info']],
    [60_000, ['warning']],
  ])('%d a minute are %j', (aMinute, severities) => {
    expect(found(aMinute).map(({ severity }) => severity)).toEqual(severities);
  });

  it('says how many a second, and how many were refused', () => {
    expect(found(6_000)).toMatchObject([
      {
        summary: 'n1 handles 100 JetStream API requests a second, limit 50.',
        evidence: [
          '6,000 requests since the last look, 2 of them wait or are handled now',
          'since its start: 43,000 requests, 3 refused',
        ],
      },
    ]);
  });

  it('is silent about a burst, and does not apply where JetStream is off', () => {
    const watch = watching(diagnosis, { remembers: true });
    for (const total of [0, 0, 99_999_999, 99_999_999, 99_999_999]) watch.look([handled(total)]);
    expect(watch.look([handled(99_999_999)]).findings).toEqual([]);
    const off = member('n1', { jsz: jsz({ disabled: true }) });
    expect(watching(diagnosis).look([off]).outcomes).toEqual({ n1: 'not-applicable' });
  });
});
