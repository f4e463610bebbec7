import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-009-requests-refused.ts';
import { jsz, member } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';

const counted = (total: number, errors: number) =>
  member('n1', { jsz: jsz({ api: { total, errors, inflight: undefined } }) });
/** Of so many requests so many are refused in the next two minutes. */
function found(total: number, errors: number) {
  const watch = watching(diagnosis, { remembers: true });
  watch.look([counted(7_000, 6_000)]);
  watch.look([counted(7_000 + total, 6_000 + errors)]);
  return watch.look([counted(7_000 + total, 6_000 + errors)]).findings;
}

describe('JETSTREAM_009, JetStream API requests that are refused', () => {
  it.each([
    [1_000, 99, []],
    [1_000, 100, ['info']],
    [1_000, 1_000, ['info']],
    [100, 10, ['info']],
    [99, 99, []],
  ])('of %d requests %d are %j', (total, errors, severities) => {
    expect(found(total, errors).map(({ severity }) => severity)).toEqual(severities);
  });

  it('says how many of how many, and what it is no measure of', () => {
    expect(found(400, 100)).toMatchObject([
      {
        summary: 'n1 refused 100 of 400 JetStream API requests within 5 min: 25 %, limit 10 %.',
        evidence: ['since its start: 7,400 requests, 6,100 refused'],
        why: expect.stringMatching(/no measure of outages/) as string,
      },
    ]);
  });
});
