import { describe, expect, it } from 'vitest';
import { days, hours, minutes } from '../../../lambdas/durations.ts';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-114-fills-the-store.ts';
import { assets, ledBy, member, stream } from '../../jetstream-kit.ts';
import { watching, type Look } from '../../kit.ts';

type Changes = NonNullable<Parameters<typeof stream>[0]>;
const GiB = 2 ** 30;
const unlimited = { maxMsgs: -1, maxBytes: -1, maxAge: 0 };

/** n1 and n2 with stores of 100 GiB of which so much is used, and streams of these sizes. */
const storing = (used: number, sizes: Readonly<Record<string, number>>, config: Changes['config'] = {}) =>
  ['n1', 'n2'].map((name) => {
    const reading = assets(
      ...Object.entries(sizes).map(([own, bytes]) =>
        stream({
          name: own,
          group: ledBy('n1', name, ['n1', 'n2']),
          state: { bytes: bytes * GiB },
          config: { ...unlimited, ...config },
        }),
      ),
    );
    return member(name, {
      streams: { ...reading, storage: used * GiB, config: { max_memory: GiB, max_storage: 100 * GiB } },
    });
  });

/** Looks are an hour apart: what it must last is another matter. */
const atOnce = { remembers: true, limits: { JETSTREAM_114: { for: minutes(0) } } };

/** A look every hour for so many hours, while ORDERS grows by so many GiB a day in a store with this much free. */
function growing(perDay: number, free: number, forHours: number, config: Changes['config'] = {}) {
  const watch = watching(diagnosis, atOnce);
  const looks = Array.from({ length: forHours + 1 }, (_, hour) =>
    watch.look(storing(100 - free, { ORDERS: 10 + (perDay * hour) / 24 }, config), hours(1)),
  );
  return looks.at(-1);
}

const told = (look: Look | undefined) => look?.findings.map(({ severity }) => severity);

describe('JETSTREAM_114, a stream without a limit that fills the store', () => {
  it.each([
    [10, 70.5, []],
    [10, 70, ['info']],
    [10, 20.1, ['info']],
    [10, 20, ['warning']],
  ])('with %d GiB a day and %d GiB free is %s', (perDay, free, severities) => {
    expect(told(growing(perDay, free, 48))).toEqual(severities);
  });

  it('says when the store is full, and on which servers', () => {
    expect(growing(10, 30, 48)?.findings.map(({ summary, evidence }) => [summary, ...evidence])).toEqual([
      [
        'Stream ORDERS (APP) has no limit and grows by 10 GiB a day: at this pace the file store of n1 is full in 3 d.',
        'full about 2026-11-25 10:59 UTC: 30 GiB of 100 GiB free on n1',
        'it brings 100 % of what streams without a limit add there',
        'it holds 30 GiB in 10 messages: no max_msgs, max_bytes or max_age',
        'its replicas: n1 full in 3 d, n2 full in 3 d',
        'led by n1, replicas on n2',
      ],
    ]);
  });

  it('is none by the pace of an hour: what is foreseen was watched a seventh as long', () => {
    expect(told(growing(10, 40, 4))).toEqual([]);
    expect(told(growing(10, 40, 13))).toEqual([]);
    expect(told(growing(10, 40, 15))).toEqual(['info']);
  });

  it.each([
    ['max_age', { maxAge: 1 }],
    ['max_bytes', { maxBytes: 1 }],
    ['max_msgs', { maxMsgs: 1 }],
  ])('is none with %s, which ends its growth', (_, config) => {
    expect(told(growing(10, 5, 48, config))).toEqual([]);
  });

  it('is none that shrinks, or stands still in a store that is nearly full', () => {
    expect(told(growing(0, 1, 48))).toEqual([]);
    expect(told(growing(-1, 1, 48))).toEqual([]);
  });

  it('is the one that brings most: one that brings little beside it is not told', () => {
    const watch = watching(diagnosis, atOnce);
    const looks = Array.from({ length: 30 }, (_, hour) =>
      watch.look(storing(95, { BIG: 10 + hour, SMALL: 1 + hour / 20 }), hours(1)),
    );
    expect(looks.at(-1)?.findings.map(({ entity }) => entity.name)).toEqual(['BIG (APP)']);
  });

  it('of two that share the store counts both', () => {
    const watch = watching(diagnosis, atOnce);
    const looks = Array.from({ length: 49 }, (_, hour) =>
      watch.look(storing(90, { A: 10 + (6 * hour) / 24, B: 10 + (4 * hour) / 24 }), hours(1)),
    );
    expect(looks.at(-1)?.findings.map(({ summary }) => summary)).toEqual([
      'Stream A (APP) has no limit and grows by 6 GiB a day: at this pace the file store of n1 is full in 1 d.',
      'Stream B (APP) has no limit and grows by 4 GiB a day: at this pace the file store of n1 is full in 1 d.',
    ]);
  });

  it('is told once it lasted for an hour', () => {
    const watch = watching(diagnosis, { remembers: true });
    for (let hour = 0; hour <= 48; hour += 1) watch.look(storing(90, { ORDERS: 10 + hour / 2 }), hours(1));
    const told = Array.from({ length: 60 }, () => watch.look(storing(90, { ORDERS: 34.1 })).findings.length);
    expect(told.indexOf(1)).toBe(59);
  });

  it('ends when it is given a limit', () => {
    const watch = watching(diagnosis, atOnce);
    for (let hour = 0; hour <= 48; hour += 1) watch.look(storing(90, { ORDERS: 10 + hour / 2 }), hours(1));
    watch.look(storing(90, { ORDERS: 34 }, { maxAge: days(1) * 1e6 }));
    const last = watch.look(storing(90, { ORDERS: 34 }, { maxAge: days(1) * 1e6 }));
    expect(last.notices.map(({ kind }) => kind)).toEqual(['resolved']);
  });
});
