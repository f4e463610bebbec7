import { describe, expect, it } from 'vitest';
import { defineSeries } from '../../lambdas/define.ts';
import type { Observed } from '../../lambdas/engine/judgement/observe.ts';
import type { Compared, PublishedSeries } from '../../lambdas/rules/plan.ts';
import { published, watchedOf, type Watched } from '../../lambdas/run/published.ts';
import { checkOf } from '../engine/fake-ports.ts';

const shared = { help: '', unit: 'count', reads: {}, scope: 'server', observe: () => null } as const;
const check = checkOf({
  series: [
    defineSeries({ ...shared, name: 'connections' }),
    defineSeries({ ...shared, name: 'leafnodes' }),
    defineSeries({ ...shared, name: 'closed', addsUp: true }),
  ],
});
const seen = (series: string, server: string, value: number): Observed => ({
  target: server,
  observation: { series, labels: { cluster: 'c1', server_id: server }, value },
});
const all = [
  ...[seen('connections', 'n1', 7), seen('leafnodes', 'n1', 2), seen('leafnodes', 'n2', 0)],
  ...[seen('closed', 'n1', 0), seen('closed', 'n2', 3)],
];

const text = ({ observation: { series, labels, value } }: Observed) =>
  `${series} ${labels['server_id'] ?? 'cluster'} ${value}`;

/** What goes to CloudWatch in a minute that counts from a full hour. */
const sent = (wanted: readonly PublishedSeries[] | null, minute = 0) =>
  published(all, {
    ...{ check, plan: { published: wanted, compared: [] }, at: 3_600_000 + minute * 60_000, watched: null },
  }).told.map(text);

describe('what a run publishes', () => {
  it('is all that it observed, where all is wanted', () => {
    expect(sent(null)).toEqual(all.map(text));
  });

  it('is what is asked for, of each server and each minute', () => {
    expect(sent([{ name: 'connections', as: 'observed' }], 3)).toEqual(['connections n1 7']);
  });

  it('is of what is only shown a value of each server for the cluster, every five minutes', () => {
    const shown = [{ name: 'leafnodes', as: 'shown' }] as const;
    expect([sent(shown, 4), sent(shown, 5)]).toEqual([[], ['leafnodes cluster 2', 'leafnodes cluster 0']]);
  });

  it('is of what adds up whatever is not 0, in each minute', () => {
    const shown = [{ name: 'closed', as: 'shown' }] as const;
    expect([sent(shown, 4), sent(shown, 5)]).toEqual([['closed cluster 3'], ['closed cluster 3']]);
  });

  it('is both what alarms compare and what is shown, where a series is both', () => {
    expect(
      sent([
        { name: 'connections', as: 'compared' },
        { name: 'connections', as: 'shown' },
      ]),
    ).toEqual(['connections n1 7', 'connections cluster 7']);
  });
});

describe('what alarms compare is published', () => {
  const limit = {
    name: 'connections',
    rule: null,
    direction: 'above',
    threshold: 10,
    datapoints: 2,
  } as const;
  const wanted = [{ name: 'connections', as: 'compared' } as const];

  /** The minutes in which something was told of values that a server has in minutes from 0 on; null is none. */
  function told(values: readonly (number | null)[], compared: readonly Compared[] = [limit]) {
    let watched: Watched | null = null;
    return values.flatMap((value, minute) => {
      const result = published(value === null ? [] : [seen('connections', 'n1', value)], {
        ...{ check, plan: { published: wanted, compared }, at: minute * 60_000, watched },
      });
      watched = watchedOf(JSON.parse(JSON.stringify(result.watched)));
      return result.told.length > 0 ? [minute] : [];
    });
  }
  const within = (count: number) => Array<number>(count).fill(10);
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

  it('every five minutes for two hours, then twice a day, while it is within its limit', () => {
    expect(told(within(26 * 60))).toEqual([
      ...Array.from({ length: 24 }, (_, i) => 5 * i),
      115 + 12 * 60,
      115 + 24 * 60,
    ]);
  });

  it('in each minute beyond it, and nine more', () => {
    const values = [...within(131), 11, 11, ...within(30)];
    expect(told(values).filter((minute) => minute > 120)).toEqual(range(131, 132 + 9));
  });

  it('that it is within it again, whenever that is seen: minutes in which nothing is do not count', () => {
    const values = [...within(131), 11, ...Array<null>(60).fill(null), ...within(30)];
    expect(told(values).filter((minute) => minute > 120)).toEqual([131, ...range(192, 200)]);
  });

  it('that it is within it again, days after it was seen last', () => {
    const result = (value: number, day: number, watched: Watched | null) =>
      published([seen('connections', 'n1', value), seen('connections', 'n2', 1)].slice(value === 0 ? 1 : 0), {
        ...{ check, plan: { published: wanted, compared: [limit] }, at: day * 86_400_000 + 60_000, watched },
      });
    let { watched } = result(11, 0, null);
    for (const day of [1, 2, 3]) ({ watched } = result(0, day, watched));
    expect(result(7, 3.1, watched).told.map(text)).toEqual(['connections n1 7']);
  });

  it('anew where alarms compare with something else', () => {
    const first = published(all, {
      check,
      plan: { published: wanted, compared: [limit] },
      at: 0,
      watched: null,
    });
    const next = (threshold: number) =>
      published(all, {
        check,
        plan: { published: wanted, compared: [{ ...limit, threshold }] },
        at: 60_000,
        watched: first.watched,
      }).told.map(text);
    expect([next(10), next(20)]).toEqual([[], ['connections n1 7']]);
  });

  it('that it is within it again, of a server that was away during a deployment and long after', () => {
    const result = (some: readonly Observed[], hour: number, deployed: number, watched: Watched | null) =>
      published(some, {
        ...{ check, plan: { published: wanted, compared: [limit] }, at: hour * 3_600_000, watched, deployed },
      });
    const other = seen('connections', 'n2', 1);
    let { watched } = result([seen('connections', 'n1', 11), other], 0, 1, null);
    for (const hour of [1, 2, 3, 4]) ({ watched } = result([other], hour, 2, watched));
    expect(result([seen('connections', 'n1', 7), other], 4.02, 2, watched).told.map(text)).toEqual([
      'connections n1 7',
    ]);
  });

  it('anew where another deployment has other alarms', () => {
    const given = { check, plan: { published: wanted, compared: [limit] } };
    const { watched } = published(all, { ...given, at: 0, deployed: 1, watched: null });
    const next = (deployed: number) =>
      published(all, { ...given, at: 60_000, deployed, watched }).told.length;
    expect([next(1), next(2)]).toEqual([0, 1]);
  });

  it('anew where what is remembered is damaged', () => {
    const told = { plan: 1, at: 0, since: 0, beyond: { a: { left: 1, at: 0 } } };
    expect(watchedOf(told)).toEqual(told);
    const damaged = [
      ...[5, null, {}, { ...told, plan: 'x' }, { ...told, beyond: null }],
      ...[null, 5, {}, { left: 1 }, { left: 'x', at: 0 }].map((a) => ({ ...told, beyond: { a } })),
    ];
    expect(damaged.map(watchedOf)).toEqual(Array(10).fill(null));
  });
});
