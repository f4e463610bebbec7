import { describe, expect, it } from 'vitest';
import { above, atLeast, minutes } from '../../../lambdas/define.ts';
import { server, watching } from '../../kit.ts';
import { client, each } from '../samples.ts';
import { reported, severities } from './looks.ts';

const n1 = server('n1');

describe('entities', () => {
  it('have each a finding of their own', () => {
    const look = watching(
      each(() => [
        { entity: client('a'), value: 11 },
        { entity: client('b'), value: 5 },
        { entity: client('c'), value: 101 },
      ]),
    ).look([n1]);
    expect(
      look.findings.map(({ entity, severity, observed, limit }) => [entity.name, severity, observed, limit]),
    ).toEqual([
      ['c', 'critical', 101, 100],
      ['a', 'warning', 11, 10],
      ['b', 'info', 5, null],
    ]);
    expect(look.notices.map(({ kind, entity }) => `${kind} ${entity}`)).toEqual(['opened c', 'opened a']);
  });

  it('measured twice count as the worst', () => {
    const look = watching(each(() => [11, 101, 12].map((value) => ({ entity: client('a'), value })))).look([
      n1,
    ]);
    expect(look.findings.map(({ severity, observed }) => [severity, observed])).toEqual([['critical', 101]]);
  });

  it('of one name and different kinds are two', () => {
    const look = watching(
      each(() => [
        { entity: client('a'), value: 11 },
        { entity: { kind: 'account', name: 'a' }, value: 11 },
      ]),
    ).look([n1]);
    expect(look.findings.map(({ entity }) => entity.kind)).toEqual(['client', 'account']);
  });

  it('that two limits measure in turn show no trend between them', () => {
    let limit = 'rate';
    const diagnosis = {
      ...each(() => []),
      limits: {
        rate: above({ warning: 0.5 }, { unit: 'ratio', of: 'rate' } as const),
        closes: atLeast({ warning: 3 }, { unit: 'count', of: 'closes' } as const),
      },
      evaluate: () => ({
        kind: 'measured' as const,
        seen: '',
        conclusive: false,
        measurements: [{ limit, entity: client('a'), value: limit === 'rate' ? 0.9 : 7, data: null }],
      }),
    };
    const watch = watching(diagnosis);
    watch.look([n1]);
    limit = 'closes';
    const [finding] = watch.look([n1]).findings;
    expect([finding?.observed, finding?.limit, finding?.unit, finding?.trend]).toEqual([7, 3, 'count', null]);
  });

  it('may have names of any kind', () => {
    const names = ['a|b', '__proto__', '', '日本\n😀', 'x'.repeat(300)];
    const watch = watching(each(() => names.map((name) => ({ entity: client(name), value: 11 }))));
    watch.look([n1]);
    expect(watch.look([n1]).notices).toEqual([]);
  });
});

describe('what is only worth knowing', () => {
  it('is shown and never told', () => {
    const look = watching(
      each(() => [{ entity: client('a'), value: 5 }]),
      { remembers: true },
    ).look([n1]);
    expect([look.outcomes, severities(look), reported(look)]).toEqual([{ n1: 'ok' }, ['info'], []]);
  });

  it('becomes a finding when it gets worse, and is told then', () => {
    let value = 5;
    const watch = watching(
      each(() => [{ entity: client('a'), value }]),
      { remembers: true },
    );
    watch.look([n1]);
    value = 11;
    expect(reported(watch.look([n1]))).toEqual(['opened warning']);
  });

  it('resolves a finding that has become it', () => {
    let value = 11;
    const watch = watching(
      each(() => [{ entity: client('a'), value }]),
      { remembers: true },
    );
    watch.look([n1]);
    value = 5;
    expect(reported(watch.look([n1], minutes(5)))).toEqual([]);
    expect(reported(watch.look([n1]))).toEqual(['resolved warning']);
    expect(severities(watch.look([n1]))).toEqual(['info']);
  });
});

describe('more findings than a memory holds', () => {
  const crowd = (count: number, value = 11) =>
    Array.from({ length: count }, (_, i) => ({ entity: client(`client${i}`), value }));

  it('are told up to 256 of a severity, the critical ones first', () => {
    const look = watching(each(() => [...crowd(300), { entity: client('worst'), value: 101 }])).look([n1]);
    expect(look.notices.length).toBe(257);
    expect(look.notices[0]).toEqual({ kind: 'opened', severity: 'critical', entity: 'worst' });
  });

  it('are shown all the same', () => {
    const watch = watching(each(() => crowd(300)));
    watch.look([n1]);
    expect(severities(watch.look([n1]))).toEqual(Array(300).fill('warning'));
  });

  it('do not make a server look well whose findings are among the further ones', () => {
    const watch = watching(each(() => crowd(200)));
    expect(watch.look([n1, server('n2')]).outcomes).toEqual({ n1: 'warning', n2: 'warning' });
    expect(watching(each(() => crowd(300))).look([n1, server('n2')]).outcomes).toEqual({
      n1: 'warning',
      n2: 'warning',
    });
  });

  it('leave room for a critical one that comes later', () => {
    let entities = crowd(300);
    const watch = watching(
      each(() => entities),
      { remembers: true },
    );
    watch.look([n1]);
    entities = [...entities, { entity: client('worst'), value: 101 }];
    expect(watch.look([n1]).notices).toEqual([{ kind: 'opened', severity: 'critical', entity: 'worst' }]);
  });

  it('are the same ones run after run, and none of them flaps', () => {
    let entities = crowd(300);
    const watch = watching(
      each(() => entities),
      { remembers: true },
    );
    watch.look([n1]);
    entities = entities.toReversed();
    const later = [1, 2, 3, 4, 5, 6, 7].map(() => watch.look([n1]).notices.length);
    expect(later).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('make room when others resolve', () => {
    let entities = crowd(300);
    const watch = watching(
      each(() => entities),
      { remembers: true },
    );
    watch.look([n1]);
    entities = entities.slice(256);
    watch.look([n1], minutes(5));
    expect(watch.look([n1]).notices.filter(({ kind }) => kind === 'resolved').length).toBe(256);
    expect(watch.look([n1]).notices.map(({ kind }) => kind)).toEqual(Array(44).fill('opened'));
  });
});
