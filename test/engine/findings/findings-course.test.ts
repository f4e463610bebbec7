import { describe, expect, it } from 'vitest';
import { above, days, hours, minutes, type Duration } from '../../../lambdas/define.ts';
import { watching } from '../../kit.ts';
import { crowded } from '../samples.ts';
import { holding, reported, severities, reportsOf, unreadable } from './looks.ts';

describe('a finding that cannot be seen', () => {
  it('is unknown and stays open', () => {
    const watch = watching(crowded(), { remembers: true });
    watch.look([holding(11)]);
    const blind = watch.look([unreadable]);
    expect([blind.outcomes, blind.findings, reported(blind)]).toEqual([{ n1: 'unknown' }, [], []]);
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
    expect(reportsOf([11, 101, 101, 101, 101, 101, 11, 11])).toEqual([
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
    expect(reportsOf([101, 11, 11, 11, 11, 11, 10, 10])).toEqual([
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

  it('resolves at once from critical, reported once', () => {
    expect(reportsOf([101, 101, 101, 101, 101, 10, 10])).toEqual([
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
    expect(reportsOf([11, 11, 11, 101, 101, 101], { for: minutes(2) })).toEqual([
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
    expect(reported(watch.look([holding(10)], minutes(5)))).toEqual([]);
    expect(reported(watch.look([holding(10)]))).toEqual(['resolved warning']);
  });
});

describe('a finding that stays', () => {
  it('is reported again after 24 hours, once, and again a day later', () => {
    const watch = watching(crowded(), { remembers: true });
    const looks = [
      watch.look([holding(11)]),
      watch.look([holding(11)], (days(1) - minutes(1)) as Duration),
      watch.look([holding(11)]),
      watch.look([holding(11)]),
      watch.look([holding(11)], (days(1) - minutes(1)) as Duration),
    ];
    expect(looks.map((look) => reported(look).join())).toEqual([
      'opened warning',
      '',
      'reminded warning',
      '',
      'reminded warning',
    ]);
  });

  it('is reported again after the time that settings give', () => {
    const watch = watching(crowded(), { remembers: true, remindAfter: hours(1) });
    watch.look([holding(11)]);
    expect(reported(watch.look([holding(11)], minutes(59)))).toEqual([]);
    expect(reported(watch.look([holding(11)]))).toEqual(['reminded warning']);
  });

  it('is reported again after the time of its severity, where each has its own', () => {
    const remindAfter = { critical: hours(1), warning: hours(6) };
    const [mild, grave] = [11, 101].map((connections) => {
      const watch = watching(crowded(), { remembers: true, remindAfter });
      const hourly = () => reported(watch.look([holding(connections)], hours(1))).join();
      watch.look([holding(connections)]);
      return Array.from({ length: 7 }, hourly);
    });
    expect(mild).toEqual(['', '', '', '', '', 'reminded warning', '']);
    expect(grave).toEqual(Array.from({ length: 7 }, () => 'reminded critical'));
  });

  it('is reported again a day after it was raised', () => {
    const watch = watching(crowded(), { remembers: true });
    watch.look([holding(11)]);
    watch.look([holding(101)], hours(12));
    expect(reported(watch.look([holding(101)], hours(12)))).toEqual([]);
    expect(reported(watch.look([holding(101)], hours(12)))).toEqual(['reminded critical']);
  });
});
