import { describe, expect, it } from 'vitest';
import { minutes, notApplicable } from '../../../lambdas/define.ts';
import { firstMinute, server, varz, watching } from '../../kit.ts';
import { crowded } from '../samples.ts';
import { holding, reported, reportsOf } from './looks.ts';

describe('a finding opens', () => {
  it('at once where its limit need not hold', () => {
    expect(reportsOf([10, 11])).toEqual(['', 'opened warning']);
  });

  it('when its limit was crossed for five minutes, and not a minute before', () => {
    expect(reportsOf([11, 11, 11, 11, 11, 11], { for: minutes(5) })).toEqual([
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
    expect(reportsOf([11, 11, 10, 11, 11, 11, 11], { for: minutes(3) })).toEqual([
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
    expect(reportsOf([11, 12, 13, 14])).toEqual(['opened warning', '', '', '']);
  });

  it('with the time it was first crossed, and known to be so long', () => {
    const watch = watching(crowded({ for: minutes(2) }), { remembers: true });
    const looks = [11, 20, 30].map((value) => watch.look([holding(value)]));
    expect(
      looks[2]?.findings.map(({ since, durationKnown, trend }) => ({ since, durationKnown, trend })),
    ).toEqual([{ since: '2026-11-20T10:00:00.000Z', durationKnown: true, trend: 'up from 11' }]);
  });

  it('on a first run at once, for how long being unknown from then on', () => {
    const watch = watching(crowded({ for: minutes(5) }));
    const looks = [watch.look([holding(11)]), watch.look([holding(11)])];
    expect(looks.map(reported)).toEqual([['opened warning'], []]);
    expect(
      looks.flatMap(({ findings }) => findings).map(({ since, durationKnown }) => [since, durationKnown]),
    ).toEqual([
      ['2026-11-20T10:00:00.000Z', false],
      ['2026-11-20T10:00:00.000Z', false],
    ]);
  });

  it('after runs that were missed for up to three minutes', () => {
    const watch = watching(crowded({ for: minutes(5) }), { remembers: true });
    const looks = [
      watch.look([holding(11)]),
      watch.look([holding(11)], minutes(3)),
      watch.look([holding(11)], minutes(2)),
    ];
    expect(looks.map(reported)).toEqual([[], [], ['opened warning']]);
  });

  it('from the start again after runs were missed for longer', () => {
    const watch = watching(crowded({ for: minutes(5) }), { remembers: true });
    const gap = [minutes(1), minutes(4), minutes(2), minutes(2)];
    const looks = gap.map((after) => watch.look([holding(11)], after));
    expect(looks.map(reported)).toEqual([[], [], [], []]);
    expect(reported(watch.look([holding(11)]))).toEqual(['opened warning']);
  });

  it('after three runs of a check that runs every five minutes, and from the start again after more', () => {
    const found = [minutes(15), minutes(16)].map((missed) => {
      const watch = watching(crowded({ for: minutes(5) }), { remembers: true, every: minutes(5) });
      return [watch.look([holding(11)]), watch.look([holding(11)], missed)].map(reported);
    });
    expect(found).toEqual([
      [[], ['opened warning']],
      [[], []],
    ]);
  });

  it('from the start again after its server could not be read for longer', () => {
    expect(reportsOf([11, null, null, null, 11, 11], { for: minutes(5) })).toEqual(Array(6).fill(''));
    expect(reportsOf([11, null, null, 11, 11, 11], { for: minutes(5) })).toEqual([
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
    expect(reportsOf([11, 11, 11, 11, 11, 10, 10])).toEqual([
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
    expect(reportsOf([11, 10, 10, 10, 10, 10])).toEqual([
      'opened warning',
      '',
      '',
      '',
      '',
      'resolved warning',
    ]);
  });

  it('not where it comes back in between', () => {
    expect(reportsOf([11, 11, 11, 11, 11, 11, 10, 11, 10, 10])).toEqual([
      'opened warning',
      ...Array<string>(8).fill(''),
      'resolved warning',
    ]);
  });

  it('not while its server cannot be read, which counts for neither side', () => {
    expect(reportsOf([11, ...Array<null>(30).fill(null), 10, null, 10])).toEqual([
      'opened warning',
      ...Array<string>(32).fill(''),
      'resolved warning',
    ]);
  });

  it('and may open again', () => {
    expect(reportsOf([11, 10, 10, 10, 10, 10, 11])).toEqual([
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
    expect(looks.map(reported)).toEqual([['opened warning'], [], ['resolved warning']]);
  });

  it('where it says itself that it no longer applies', () => {
    const base = crowded();
    const watch = watching(
      {
        ...base,
        evaluate: (view, context) =>
          context.at > firstMinute ? notApplicable('no limit is set') : base.evaluate(view, context),
      },
      { remembers: true },
    );
    const looks = [minutes(1), minutes(5), minutes(1)].map((after) => watch.look([holding(11)], after));
    expect(looks.map(reported)).toEqual([['opened warning'], [], ['resolved warning']]);
  });

  it('where its server left the settings', () => {
    const watch = watching(crowded(), { remembers: true });
    watch.look([holding(11), holding(12, 'n2')]);
    expect(watch.look([holding(12, 'n2')]).notices).toEqual([
      { kind: 'resolved', severity: 'warning', entity: 'n1' },
    ]);
  });

  it('without a word where nobody heard of it', () => {
    expect(reportsOf([11, 10, 10], { for: minutes(5) })).toEqual(['', '', '']);
  });
});
