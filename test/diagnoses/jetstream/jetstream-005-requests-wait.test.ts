import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-005-requests-wait.ts';
import { jsz, lookingOn, member } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';

const waiting = (inflight: number | undefined) =>
  member('n1', { jsz: jsz({ api: { total: 70, errors: 1, inflight } }) });

describe('JETSTREAM_005, JetStream API requests that pile up', () => {
  it.each([
    [undefined, []],
    [1_000, []],
    [1_001, ['warning']],
  ])('%s at the same time are %j', (inflight, severities) => {
    const watch = watching(diagnosis, { remembers: true });
    expect(lookingOn(watch, [waiting(inflight)], 2).findings.map(({ severity }) => severity)).toEqual(
      severities,
    );
  });

  it('says how many, and is silent about a burst that one run sees', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([waiting(2_000)]);
    expect(watch.look([waiting(2_000)]).findings).toMatchObject([
      {
        summary: '2,000 JetStream API requests wait on n1, limit 1,000.',
        evidence: ['since its start: 70 requests, 1 refused'],
      },
    ]);
    const burst = watching(diagnosis, { remembers: true });
    burst.look([waiting(2_000)]);
    expect(burst.look([waiting(0)]).findings).toEqual([]);
  });
});
