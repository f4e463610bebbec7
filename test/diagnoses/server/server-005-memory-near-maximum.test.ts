import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-005-memory-near-maximum.ts';
import { jsz, member } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';

const holding = (memory: number, max_memory = 1_000) =>
  member('n1', {
    jsz: jsz({ memory, reserved_memory: 10, streams: 3, config: { max_memory, max_storage: 0 } }),
  });

describe('SERVER_005, memory store near its maximum', () => {
  it.each([
    [899, 'ok'],
    [900, 'warning'],
    [949, 'warning'],
    [950, 'critical'],
  ])('with %d of 1,000 bytes is %s, whatever is reserved', (memory, outcome) => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([holding(memory)]);
    expect(watch.look([holding(memory)]).outcomes).toEqual({ n1: outcome });
  });

  it('says how much it holds of what it may', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([holding(900)]);
    expect(watch.look([holding(900)]).findings).toMatchObject([
      { summary: 'JetStream of n1 holds 900 B of at most 1,000 B in memory: 90 %, limit 90 %.' },
    ]);
  });

  it('does not apply where JetStream is off, or has no memory store', () => {
    const off = member('n1', { jsz: jsz({ disabled: true }) });
    expect(watching(diagnosis).look([off]).outcomes).toEqual({ n1: 'not-applicable' });
    expect(watching(diagnosis).look([holding(0, 0)]).outcomes).toEqual({ n1: 'not-applicable' });
  });
});
