import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-131-reserved-out.ts';
import type { Jsz } from '../../../lambdas/readings/decoders/jsz.ts';
import { jsz, member } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';

const reserving = (reserved_storage: number, changes: Partial<Jsz> = {}) =>
  member('n1', {
    jsz: jsz({ storage: 12, reserved_storage, config: { max_memory: 500, max_storage: 1_000 }, ...changes }),
  });

describe('SERVER_131, store reserved out', () => {
  it.each([
    [949, 'ok'],
    [950, 'warning'],
    [999, 'warning'],
    [1_000, 'critical'],
    [1_200, 'critical'],
  ])('with %d of 1,000 bytes reserved is %s, though the disk is empty', (reserved, outcome) => {
    const watch = watching(diagnosis, { remembers: true });
    expect(watch.look([reserving(reserved)]).outcomes).toEqual({ n1: 'ok' });
    expect(watch.look([reserving(reserved)]).outcomes).toEqual({ n1: outcome });
  });

  it('says what is reserved, what is in use and what is left', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look([reserving(960)]);
    expect(watch.look([reserving(960)]).findings).toMatchObject([
      {
        summary:
          'Streams on n1 reserve 960 B of at most 1,000 B (file): 96 %, limit 95 %. What is in use: 12 B.',
        evidence: ['max_file_store leaves 40 B for other streams'],
      },
    ]);
  });

  it('tells memory by itself', () => {
    const watch = watching(diagnosis, { remembers: true });
    const memory = reserving(0, { reserved_memory: 500 });
    watch.look([memory]);
    const { findings, seen } = watch.look([memory]);
    expect(findings.map(({ severity, evidence }) => [severity, evidence])).toEqual([
      ['critical', ['max_memory_store leaves 0 B for other streams']],
    ]);
    expect(seen).toEqual({
      n1: 'file: reserved 0 B of 1,000 B (0 %), memory: reserved 500 B of 500 B (100 %)',
    });
  });

  it('is silent about a store that is full of what nobody reserved: that is SERVER_019', () => {
    const watch = watching(diagnosis, { remembers: true });
    const full = reserving(0, { storage: 1_000 });
    watch.look([full]);
    expect(watch.look([full]).outcomes).toEqual({ n1: 'ok' });
  });

  it('does not apply where JetStream is off', () => {
    const off = member('n1', { jsz: jsz({ disabled: true }) });
    expect(watching(diagnosis).look([off]).outcomes).toEqual({ n1: 'not-applicable' });
  });
});
