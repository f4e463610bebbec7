import { describe, expect, it } from 'vitest';
import { above, atLeast, days, hours, minutes, type Duration } from '../../lambdas/define.ts';
import { failing, server, varz, watching, type Look } from '../kit.ts';
import { client, crowded, each } from './samples.ts';

const holding = (connections: number, name = 'n1') => server(name, { varz: varz({ connections }) });
const unreadable = server('n1', { varz: failing() });

const told = ({ notices }: Look) => notices.map(({ kind, severity }) => `${kind} ${severity}`);
const severities = ({ findings }: Look) => findings.map(({ severity }) => severity);

/** What runs a minute apart tell; null is a server that cannot be read. */
function telling(
  values: readonly (number | null)[],
  options: Parameters<typeof watching>[1] & { for?: Duration } = {},
) {
  const watch = watching(crowded({ for: options.for ?? minutes(0) }), { remembers: true, ...options });
  return values.map((value) => told(watch.look([value === null ? unreadable : holding(value)])).join());
}

describe('a finding opens', () => {
  it('at once where its limit need not hold', () => {
    expect(telling([10, 11])).toEqual(['', 'opened warning']);
  });

  it('when its limit was crossed for five minutes, and not a minute before', () => {
    expect(telling([11, 11, 11, 11, 11, 11], { for: minutes(5) })).toEqual([
      '',
      '',
      '',
      '',
      '',
      'opened warning',
    ]);
  });

  it('not while the limit is crossed too shortly, and says that it is crossed', () => {
    const watch = watching(crowded({ for: minutes(5) }), { remembers: true });
    const look = watch.look([holding(11)]);
    expect(look.outcomes).toEqual({ n1: 'ok' });
    expect(look.seen).toEqual({ n1: '11 connections (limit crossed, but not for long enough yet)' });
    expect(look.findings).toEqual([]);
  });

  it('from the start again when the limit was kept in between', () => {
    expect(telling([11, 11, 10, 11, 11, 11, 11], { for: minutes(3) })).toEqual([
      '',
      '',
      '',
      '',
      '',
      '',
      'opened warning',
    ]);
  });

  it('once, whatever runs follow', () => {
    expect(telling([11, 12, 13, 14])).toEqual(['opened warning', '', '', '']);
  });

  it('with the time it was first crossed, and known to be so long', () => {
    const watch = watching(crowded({ for: minutes(2) }), { remembers: true });
    const looks = [11, 20, 30].map((value) => watch.look([holding(value)]));
    expect(
      looks[2]?.findings.map(({ since, durationKnown, trend }) => ({ since, durationKnown, trend })),
    ).toEqual([{ since: '2026-11-20T10:00:00.000Z', durationKnown: true, trend: 'up from 11' }]);
  });

  it('on a first run at once, for how long being unknown', () => {
    const look = watching(crowded({ for: minutes(5) })).look([holding(11)]);
    expect(told(look)).toEqual(['opened warning']);
    expect(look.findings.map(({ since, durationKnown }) => ({ since, durationKnown }))).toEqual([
      { since: '2026-11-20T10:00:00.000Z', durationKnown: false },
    ]);
  });

  it('after runs that were missed for up to three minutes', () => {
    const watch = watching(crowded({ for: minutes(5) }), { remembers: true });
    const looks = [
      watch.look([holding(11)]),
      watch.look([holding(11)], minutes(3)),
      watch.look([holding(11)], minutes(2)),
    ];
    expect(looks.map(told)).toEqual([[], [], ['opened warning']]);
  });

  it('from the start again after runs were missed for longer', () => {
    const watch = watching(crowded({ for: minutes(5) }), { remembers: true });
    const gap = [minutes(1), minutes(4), minutes(2), minutes(2)];
    const looks = gap.map((after) => watch.look([holding(11)], after));
    expect(looks.map(told)).toEqual([[], [], [], []]);
    expect(told(watch.look([holding(11)]))).toEqual(['opened warning']);
  });

  it('from the start again after its server could not be read for longer', () => {
    expect(telling([11, null, null, null, 11, 11], { for: minutes(5) })).toEqual(Array(6).fill(''));
    expect(telling([11, null, null, 11, 11, 11], { for: minutes(5) })).toEqual([
      '',
      '',
      '',
      '',
      '',
      'opened warning',
    ]);
  });
});

describe('a finding resolves', () => {
  it('after two runs in a row that did not find it, once five minutes have passed', () => {
    expect(telling([11, 11, 11, 11, 11, 10, 10])).toEqual([
      'opened warning',
      '',
      '',
      '',
      '',
      '',
      'resolved warning',
    ]);
  });

  it('not before it is five minutes old', () => {
    expect(telling([11, 10, 10, 10, 10, 10])).toEqual(['opened warning', '', '', '', '', 'resolved warning']);
  });

  it('not where it comes back in between', () => {
    expect(telling([11, 11, 11, 11, 11, 11, 10, 11, 10, 10])).toEqual([
      'opened warning',
      ...Array<string>(8).fill(''),
      'resolved warning',
    ]);
  });

  it('not while its server cannot be read, which counts for neither side', () => {
    expect(telling([11, ...Array<null>(30).fill(null), 10, null, 10])).toEqual([
      'opened warning',
      ...Array<string>(32).fill(''),
      'resolved warning',
    ]);
  });

  it('and may open again', () => {
    expect(telling([11, 10, 10, 10, 10, 10, 11])).toEqual([
      'opened warning',
      '',
      '',
      '',
      '',
      'resolved warning',
      'opened warning',
    ]);
  });

  it('where its question no longer concerns the server', () => {
    const old = server('n1', { varz: varz({ version: '2.9.10', connections: 11 }) });
    const watch = watching(
      { ...crowded(), reads: { varz: { mode: 'required', firstReleases: ['2.12.0'] } } },
      { remembers: true },
    );
    const looks = [watch.look([holding(11)]), watch.look([old], minutes(5)), watch.look([old])];
    expect(looks.map(told)).toEqual([['opened warning'], [], ['resolved warning']]);
  });

  it('where its server left the settings', () => {
    const watch = watching(crowded(), { remembers: true });
    watch.look([holding(11), holding(12, 'n2')]);
    expect(watch.look([holding(12, 'n2')]).notices).toEqual([
      { kind: 'resolved', severity: 'warning', entity: 'n1' },
    ]);
  });

  it('without a word where nobody heard of it', () => {
    expect(telling([11, 10, 10], { for: minutes(5) })).toEqual(['', '', '']);
  });
});

describe('a finding that cannot be seen', () => {
  it('is unknown and stays open', () => {
    const watch = watching(crowded(), { remembers: true });
    watch.look([holding(11)]);
    const blind = watch.look([unreadable]);
    expect([blind.outcomes, blind.findings, told(blind)]).toEqual([{ n1: 'unknown' }, [], []]);
    expect(severities(watch.look([holding(11)]))).toEqual(['warning']);
  });

  it('keeps the time it is known since', () => {
    const watch = watching(crowded(), { remembers: true });
    watch.look([holding(11)]);
    watch.look([unreadable], minutes(60));
    expect(watch.look([holding(11)]).findings.map(({ since }) => since)).toEqual([
      '2026-11-20T10:00:00.000Z',
    ]);
  });
});

describe('a finding that gets worse or better', () => {
  it('is raised, and lowered under the severity that was announced', () => {
    expect(telling([11, 101, 101, 101, 101, 101, 11, 11])).toEqual([
      'opened warning',
      'raised critical',
      '',
      '',
      '',
      '',
      '',
      'lowered critical',
    ]);
  });

  it('resolves under the highest severity announced, though it was lowered since', () => {
    expect(telling([101, 11, 11, 11, 11, 11, 10, 10])).toEqual([
      'opened critical',
      '',
      '',
      '',
      '',
      'lowered critical',
      '',
      'resolved critical',
    ]);
  });

  it('is shown at the severity it has after it was lowered', () => {
    const watch = watching(crowded(), { remembers: true });
    const shown = [101, 11, 11, 11, 11, 11].map((value) => severities(watch.look([holding(value)])).join());
    expect(shown).toEqual(['critical', 'critical', 'critical', 'critical', 'critical', 'warning']);
  });

  it('resolves at once from critical, told once', () => {
    expect(telling([101, 101, 101, 101, 101, 10, 10])).toEqual([
      'opened critical',
      '',
      '',
      '',
      '',
      '',
      'resolved critical',
    ]);
  });

  it('must hold the higher level as long as the lower one', () => {
    expect(telling([11, 11, 11, 101, 101, 101], { for: minutes(2) })).toEqual([
      '',
      '',
      'opened warning',
      '',
      '',
      'raised critical',
    ]);
  });

  it('by a limit that settings switch off resolves', () => {
    const limits = { connections: above({}, { unit: 'count', of: 'connections' }) };
    let off = false;
    const base = crowded();
    const watch = watching(
      {
        ...base,
        evaluate: (view, context) =>
          base.evaluate(view, { ...context, limits: off ? limits : context.limits }),
      },
      { remembers: true },
    );
    watch.look([holding(11)]);
    off = true;
    expect(told(watch.look([holding(10)], minutes(5)))).toEqual([]);
    expect(told(watch.look([holding(10)]))).toEqual(['resolved warning']);
  });
});

describe('a finding that stays', () => {
  it('is told again after 24 hours, once, and again a day later', () => {
    const watch = watching(crowded(), { remembers: true });
    const looks = [
      watch.look([holding(11)]),
      watch.look([holding(11)], (days(1) - minutes(1)) as Duration),
      watch.look([holding(11)]),
      watch.look([holding(11)]),
      watch.look([holding(11)], (days(1) - minutes(1)) as Duration),
    ];
    expect(looks.map((look) => told(look).join())).toEqual([
      'opened warning',
      '',
      'reminded warning',
      '',
      'reminded warning',
    ]);
  });

  it('is told again after the time that settings give', () => {
    const watch = watching(crowded(), { remembers: true, remindAfter: hours(1) });
    watch.look([holding(11)]);
    expect(told(watch.look([holding(11)], minutes(59)))).toEqual([]);
    expect(told(watch.look([holding(11)]))).toEqual(['reminded warning']);
  });

  it('is told again a day after it was raised', () => {
    const watch = watching(crowded(), { remembers: true });
    watch.look([holding(11)]);
    watch.look([holding(101)], hours(12));
    expect(told(watch.look([holding(101)], hours(12)))).toEqual([]);
    expect(told(watch.look([holding(101)], hours(12)))).toEqual(['reminded critical']);
  });
});

describe('entities', () => {
  it('have each a finding of their own', () => {
    const look = watching(
      each(() => [
        { entity: client('a'), value: 11 },
        { entity: client('b'), value: 5 },
        { entity: client('c'), value: 101 },
      ]),
    ).look([holding(0)]);
    expect(
      look.findings.map(({ entity, severity, observed, limit }) => [entity.name, severity, observed, limit]),
    ).toEqual([
      ['c', 'critical', 101, 100],
      ['a', 'warning', 11, 10],
      ['b', 'info', 5, 1],
    ]);
    expect(look.notices.map(({ kind, entity }) => `${kind} ${entity}`)).toEqual(['opened c', 'opened a']);
  });

  it('measured twice count as the worst', () => {
    const look = watching(each(() => [11, 101, 12].map((value) => ({ entity: client('a'), value })))).look([
      holding(0),
    ]);
    expect(look.findings.map(({ severity, observed }) => [severity, observed])).toEqual([['critical', 101]]);
  });

  it('of one name and different kinds are two', () => {
    const look = watching(
      each(() => [
        { entity: client('a'), value: 11 },
        { entity: { kind: 'account', name: 'a' }, value: 11 },
      ]),
    ).look([holding(0)]);
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
    watch.look([holding(0)]);
    limit = 'closes';
    const [finding] = watch.look([holding(0)]).findings;
    expect([finding?.observed, finding?.limit, finding?.unit, finding?.trend]).toEqual([7, 3, 'count', null]);
  });

  it('may have names of any kind', () => {
    const names = ['a|b', '__proto__', '', '日本\n😀', 'x'.repeat(300)];
    const watch = watching(each(() => names.map((name) => ({ entity: client(name), value: 11 }))));
    watch.look([holding(0)]);
    expect(watch.look([holding(0)]).notices).toEqual([]);
  });
});

describe('what is only worth knowing', () => {
  it('is shown and never told', () => {
    const look = watching(
      each(() => [{ entity: client('a'), value: 5 }]),
      { remembers: true },
    ).look([holding(0)]);
    expect([look.outcomes, severities(look), told(look)]).toEqual([{ n1: 'ok' }, ['info'], []]);
  });

  it('becomes a finding when it gets worse, and is told then', () => {
    let value = 5;
    const watch = watching(
      each(() => [{ entity: client('a'), value }]),
      { remembers: true },
    );
    watch.look([holding(0)]);
    value = 11;
    expect(told(watch.look([holding(0)]))).toEqual(['opened warning']);
  });

  it('resolves a finding that has become it', () => {
    let value = 11;
    const watch = watching(
      each(() => [{ entity: client('a'), value }]),
      { remembers: true },
    );
    watch.look([holding(0)]);
    value = 5;
    expect(told(watch.look([holding(0)], minutes(5)))).toEqual([]);
    expect(told(watch.look([holding(0)]))).toEqual(['resolved warning']);
    expect(severities(watch.look([holding(0)]))).toEqual(['info']);
  });
});

describe('more findings than a memory holds', () => {
  const crowd = (count: number, value = 11) =>
    Array.from({ length: count }, (_, i) => ({ entity: client(`client${i}`), value }));

  it('are told up to 256, the critical ones first', () => {
    const look = watching(each(() => [...crowd(300), { entity: client('worst'), value: 101 }])).look([
      holding(0),
    ]);
    expect(look.notices.length).toBe(256);
    expect(look.notices[0]).toEqual({ kind: 'opened', severity: 'critical', entity: 'worst' });
  });

  it('are the same ones run after run, and none of them flaps', () => {
    let entities = crowd(300);
    const watch = watching(
      each(() => entities),
      { remembers: true },
    );
    watch.look([holding(0)]);
    entities = entities.toReversed();
    const later = [1, 2, 3, 4, 5, 6, 7].map(() => watch.look([holding(0)]).notices.length);
    expect(later).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('make room when others resolve', () => {
    let entities = crowd(300);
    const watch = watching(
      each(() => entities),
      { remembers: true },
    );
    watch.look([holding(0)]);
    entities = entities.slice(256);
    watch.look([holding(0)], minutes(5));
    expect(watch.look([holding(0)]).notices.filter(({ kind }) => kind === 'resolved').length).toBe(256);
    expect(watch.look([holding(0)]).notices.map(({ kind }) => kind)).toEqual(Array(44).fill('opened'));
  });
});
