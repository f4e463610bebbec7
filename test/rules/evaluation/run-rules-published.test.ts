import { describe, expect, it } from 'vitest';
import { pointsIn, rule, runner, series, type Value } from '../rule-runner.ts';

describe('a rule that compares something is published as', () => {
  it.each([
    [
      'the greatest of what is above',
      `${series} > 10`,
      [
        ['a', 12],
        ['b', 15],
        ['c', 3],
      ],
      15,
    ],
    [
      'the greatest of what is not above',
      `${series} > 10`,
      [
        ['a', 2],
        ['b', 7],
      ],
      7,
    ],
    [
      'the least of what is below',
      `${series} < 10`,
      [
        ['a', 2],
        ['b', 7],
        ['c', 30],
      ],
      2,
    ],
    [
      'the least of what is not below',
      `${series} < 10`,
      [
        ['a', 20],
        ['b', 30],
      ],
      20,
    ],
    ['the threshold where there is nothing', `${series} > 10`, [], 10],
    ['a little less than a threshold that is not to be reached', `${series} >= 10`, [], 10 - 1e-8],
    ['the threshold where a gate keeps all out', `(${series} > 10) unless ${series}`, [['a', 12]], 10],
    ['what the gate keeps out, if it does not breach', `(${series} > 10) and ${series} > 99`, [['a', 8]], 8],
    ['the largest value for an infinity', `${series} / 0 > 10`, [['a', 12]], 2 ** 360],
    ['nothing that is no number', `${series} / 0 > 10`, [['a', 0]], 10],
  ] as const)('%s', (_what, expr, values, published) => {
    expect(pointsIn(runner([rule(expr)]).run(5, values))['x']).toEqual([[5, published]]);
  });

  it('each server has its own, the cluster the worst of all', () => {
    const values: readonly Value[] = [
      ['a', 12, 'x'],
      ['b', 15, 'y'],
    ];
    const expr = `${series} > 10`;
    expect(pointsIn(runner([rule(expr)]).run(5, values))).toEqual({
      x: [[5, 12]],
      y: [[5, 15]],
      z: [[5, 10]],
      none: [[5, 10]],
    });
    expect(pointsIn(runner([rule(expr)], 'cluster').run(5, values))).toEqual({ cluster: [[5, 15]] });
  });
});

it('any other rule is published as 1 where it has a result, else 0', () => {
  const { run } = runner([rule(`${series} == 7`)]);
  expect(
    pointsIn(
      run(5, [
        ['a', 7, 'x'],
        ['b', 8, 'y'],
      ]),
    ),
  ).toEqual({ x: [[5, 1]], y: [[5, 0]], z: [[5, 0]], none: [[5, 0]] });
});

it('a rule that goes on for a while is published as 1 while it fires', () => {
  const { run } = runner([rule(`${series} > 5`, { for: '1m', keep_firing_for: '2m' })]);
  const values: readonly (readonly Value[])[] = [[['a', 7]], [['a', 8]], [], [], []];
  expect(values.map((some, at) => pointsIn(run(at, some))['x'])).toEqual([
    [[0, 0]],
    [[1, 1]],
    [[2, 1]],
    [[3, 1]],
    [[4, 0]],
  ]);
});
