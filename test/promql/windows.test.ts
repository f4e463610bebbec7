import { expect, it } from 'vitest';
import { parse, selectorsOf, windowOf } from '../../lambdas/promql/index.ts';
import type { Expression } from '../../lambdas/promql/index.ts';

const minute = 60_000;

function read(text: string): Expression {
  const { ast, problem } = parse(text);
  if (ast === undefined) throw new Error(problem.message);
  return ast;
}

it.each([
  ['1 + time()', 0],
  ['up', 5],
  ['up offset 10m', 15],
  ['up offset -2m', 3],
  ['up offset -9m', 0],
  ['rate(m[30m])', 30],
  ['rate(m[30m] offset 1h)', 90],
  ['a / b offset 1m > max_over_time(c[2m:])', 7],
  ['max_over_time(rate(m[5m])[1h:1m])', 65],
  ['max_over_time(m[1h:1m] offset 1d)', 24 * 60 + 65],
  ['rate(m[5m] @ start())', 5],
  ['rate(m[5m] @ 60)', Infinity],
  ['max_over_time(m[1h:] @ 60)', Infinity],
])('%s reads %s minutes back', (text, minutes) => {
  expect(windowOf(read(text)) / minute).toBe(minutes);
});

it('names the selectors in the order of the text', () => {
  const found = selectorsOf(read('sum(a{x="1"}) / on (y) max_over_time(b[5m]) > scalar({__name__=~"c.*"})'));
  expect(found.map(({ name, matchers }) => [name, matchers.length])).toEqual([
    ['a', 2],
    ['b', 1],
    [undefined, 1],
  ]);
});
