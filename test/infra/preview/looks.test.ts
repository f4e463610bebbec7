import { describe, expect, it } from 'vitest';
import { linesOfQuery, pointsOf, type Look } from '../../../infra/preview/looks.ts';
import { looksOf, seriesOf } from '../../../infra/preview/recording.ts';
import { minutes } from '../../../lambdas/durations.ts';

const start = Date.parse('2026-11-20T10:00:00Z');
const look = (
  minute: number,
  values: readonly (readonly [labels: Record<string, string>, value: number])[],
): Look => ({
  at: start + minutes(minute),
  datapoints: values.map(([labels, value]) => ({
    ...{ series: 's', labels, value, unit: 'count' },
    at: new Date(start + minutes(minute)).toISOString(),
  })),
});
const of = (server_id: string) => ({ cluster: 'prod', server_id });
const looks = [
  look(0, [
    [of('n1'), 5],
    [of('n2'), 7],
    [{ cluster: 'prod' }, 12],
  ]),
  look(1, [[of('n1'), 9]]),
];
const metric = (dimensions: Record<string, string>, statistic: 'Maximum' | 'Minimum' | 'Sum' = 'Maximum') =>
  ({ namespace: 'NATS', name: 's', dimensions, statistic }) as const;
const values = (points: ReturnType<typeof pointsOf>) =>
  points.map(({ at, value }) => [(at - start) / minutes(1), value]);

describe('what CloudWatch would draw', () => {
  it('of a metric are its own points, none where it had none', () => {
    expect(
      [metric(of('n2')), metric({ cluster: 'prod' }), metric({ cluster: 'edge' })].map((each) =>
        values(pointsOf(each, looks)),
      ),
    ).toEqual([[[0, 7]], [[0, 12]], []]);
  });

  it('of several points in a look is their statistic, as of checks that publish one metric', () => {
    const twice = [
      look(0, [
        [of('n1'), 1],
        [of('n1'), 3],
      ]),
    ];
    expect(
      (['Maximum', 'Minimum', 'Sum'] as const).map((each) => values(pointsOf(metric(of('n1'), each), twice))),
    ).toEqual([[[0, 3]], [[0, 1]], [[0, 4]]]);
  });

  it('of a query are the worst first, and no more than it asks for', () => {
    const ask = (most: number, statistic: 'Maximum' | 'Minimum' = 'Maximum') =>
      linesOfQuery(
        { kind: 'query', metric: metric({ cluster: 'prod' }, statistic), by: 'server_id', over: [], most },
        looks,
      );
    expect(ask(10).map(({ label, points }) => [label, values(points)])).toEqual([
      [
        'n1',
        [
          [0, 5],
          [1, 9],
        ],
      ],
      ['n2', [[0, 7]]],
    ]);
    expect([ask(1), ask(1, 'Minimum')].map((lines) => lines.map(({ label }) => label))).toEqual([
      ['n1'],
      ['n1'],
    ]);
  });

  it('of a query over servers is one line a word', () => {
    const closed = [
      look(0, [
        [{ ...of('n1'), reason: 'auth' }, 1],
        [{ ...of('n2'), reason: 'auth' }, 2],
        [{ ...of('n2'), reason: 'slow' }, 5],
      ]),
    ];
    const query = {
      kind: 'query',
      metric: metric({ cluster: 'prod' }, 'Sum'),
      by: 'reason',
      over: ['server_id'],
      most: 6,
    } as const;
    expect(linesOfQuery(query, closed).map(({ label, points }) => [label, values(points)])).toEqual([
      ['slow', [[0, 5]]],
      ['auth', [[0, 3]]],
    ]);
  });
});

it('a recording keeps the looks as they were, a minute apart', () => {
  const recording = {
    version: '2.15.1',
    takenAt: '2026-11-20T10:00:07Z',
    settings: {},
    seconds: 5,
    series: seriesOf(looks),
  };
  expect(recording.series.map(({ values: kept }) => kept)).toEqual([
    [5, 9],
    [7, null],
    [12, null],
  ]);
  expect(looksOf(recording)).toEqual(looks);
});
