import { expect, it } from 'vitest';
import { evaluate, matrixOf, parse, readerOf } from '../../lambdas/promql/index.ts';
import type { Result, Series } from '../../lambdas/promql/index.ts';

const minute = 60_000;

function ask(text: string, series: readonly Series[], at: number): Result {
  const { ast, problem } = parse(text);
  if (ast === undefined) throw new Error(problem.message);
  return evaluate(ast, { at, read: readerOf(series) });
}

const values = (value: Result): readonly number[] =>
  value.type === 'vector' ? value.samples.map((sample) => sample.value) : [];

const servers: readonly Series[] = [2, NaN, 3, 1].map((value, index) => ({
  labels: { __name__: 'm', server_id: `n${index}` },
  samples: [[0, value]],
}));

it.each([
  ['sort(m)', [1, 2, 3, NaN]],
  ['sort_desc(m)', [3, 2, 1, NaN]],
  ['topk(2, m)', [3, 2]],
  ['bottomk(5, m)', [1, 2, 3, NaN]],
])('%s orders its results, NaN last', (text, expected) => {
  expect(values(ask(text, servers, 0))).toEqual(expected);
});

it('a sample is found until it is five minutes old, and no longer', () => {
  expect(values(ask('m == 1', servers, 5 * minute - 1))).toEqual([1]);
  expect(values(ask('m == 1', servers, 5 * minute))).toEqual([]);
});

it('a series that ended is not found, however young its last sample', () => {
  const ended: Series = {
    labels: { __name__: 'm' },
    samples: [
      [0, 7],
      [minute, null],
    ],
  };
  expect(values(ask('m', [ended], minute - 1))).toEqual([7]);
  expect(values(ask('m', [ended], minute))).toEqual([]);
});

it.each([
  [
    'm + on () m',
    'many-to-many: on the right of +, m{server_id="n0"} and m{server_id="n1"} match the same series',
  ],
  [
    'm + on () sum(m)',
    'many-to-one: several series on the left of + match {}; group_left or group_right must say so',
  ],
  ['label_replace(m, "server_id", "", "", "")', 'two results have the same labels m{}'],
  ['topk(NaN, m)', 'topk: NaN is no count of series'],
  ['m[5m]', 'a range vector has no value of its own'],
])('%s is an error that names the series', (text, message) => {
  expect(() => ask(text, servers, 0)).toThrow(message);
});

it('asks for each selector once, with all the time that it touches', () => {
  const asked: unknown[] = [];
  const { ast } = parse('max_over_time(rate(a[2m])[10m:1m]) > b offset 1m');
  if (ast === undefined) throw new Error('no expression');
  evaluate(ast, {
    at: 60 * minute,
    read: (selector, fromMs, toMs) => {
      asked.push([selector.name, fromMs / minute, toMs / minute]);
      return matrixOf([{ labels: { __name__: selector.name ?? '' }, samples: [[55 * minute, 1]] }]);
    },
  });
  expect(asked).toEqual([
    ['a', 48, 60],
    ['b', 54, 59],
  ]);
});
