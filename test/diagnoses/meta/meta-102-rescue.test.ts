import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/meta/meta-102-rescue.ts';
import { lookingOn } from '../../jetstream-kit.ts';
import type { TargetReadings } from '../../../lambdas/engine/judgement/views.ts';
import { failing, server, watching } from '../../kit.ts';
import { group } from './group.ts';

const older = (read: TargetReadings): TargetReadings => {
  const { varz } = read.readings;
  if (varz?.ok !== true) throw new Error('no /varz');
  return {
    ...read,
    readings: { ...read.readings, varz: { ok: true, value: { ...varz.value, version: '2.10.27' } } },
  };
};

describe('META_102, a lowered quorum', () => {
  it('is a warning in the second look, with what is needed now', () => {
    const watch = watching(diagnosis, { remembers: true });
    const rescued = group(['n1'], { size: 3, meta: { rescue: true, quorum_needed: 1 } });
    expect(watch.look(rescued).findings).toEqual([]);
    expect(watch.look(rescued).findings).toMatchObject([
      {
        severity: 'warning',
        summary:
          'The meta group of domain east, cluster east is in rescue on 1 server: its quorum was lowered by hand.',
        evidence: ['n1 needs 1 of 3 members, led by n1'],
      },
    ]);
    expect(lookingOn(watch, group(['n1', 'n2', 'n3']), 6).findings).toEqual([]);
  });

  it('is over by itself where the lost ones are neither back nor removed, five minutes after it was seen', () => {
    const watch = watching(diagnosis, { remembers: true });
    const lost = ['n2', 'n3'].map((name) => server(name, { varz: failing('unreachable') }));
    const left = (rescue: boolean) => [...group(['n1'], { size: 3, meta: { rescue } }), ...lost];
    expect(lookingOn(watch, left(true), 2).outcomes).toEqual({ cluster: 'warning' });
    const looks = Array.from({ length: 6 }, () => watch.look(left(false)));
    expect(
      looks.map(({ outcomes, notices }) => [outcomes['cluster'], ...notices.map(({ kind }) => kind)]),
    ).toEqual([...Array<string[]>(4).fill(['unknown']), ['ok'], ['ok', 'resolved']]);
  });

  it('is unknown of lost ones of whom nothing was seen before', () => {
    const lost = server('n2', { varz: failing('unreachable') });
    const look = watching(diagnosis, { remembers: true }).look([...group(['n1'], { size: 3 }), lost]);
    expect(look.outcomes).toEqual({ cluster: 'unknown' });
  });

  it('is ok beside servers before 2.15, which have no such thing', () => {
    const mixed = group(['n1', 'n2', 'n3']).map((each, i) => (i === 0 ? each : older(each)));
    expect(watching(diagnosis, { remembers: true }).look(mixed).outcomes).toEqual({ cluster: 'ok' });
  });

  it('is no question to servers before 2.15', () => {
    const old = group(['n1'], { varz: { version: '2.14.5' } });
    expect(watching(diagnosis).look(old).outcomes).toEqual({ cluster: 'not-applicable' });
  });
});
