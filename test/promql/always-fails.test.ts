import { expect, it } from 'vitest';
import { alwaysFails, parse } from '../../lambdas/promql/index.ts';

const failure = (text: string, edition: 2 | 3 = 2) => {
  const { ast } = parse(text, edition);
  return ast === undefined ? 'it does not parse' : alwaysFails(ast, edition);
};
const factor = (name: string, value: string) =>
  `holt_winters: the ${name} factor must be between 0 and 1, not ${value}`;

it.each([
  ['holt_winters(m[10m], 1.5, 0.5) > 1', factor('smoothing', '1.5')],
  ['holt_winters(m[10m], 1, 0.5)', factor('smoothing', '1')],
  ['holt_winters(m[10m], 0.999, 0.001)', null],
  ['sum(holt_winters(m[10m], 0.5, 1 - 1)) > 1', factor('trend', '0')],
  ['holt_winters(m[10m], 0.5, -0.5)', factor('trend', '-0.5')],
  ['holt_winters(m[10m], scalar(n), scalar(o))', null],
  ['label_replace(m, "1x", "$1", "a", "(.*)") > 1', 'label_replace: "1x" is no label name'],
  ['label_replace(m, "x1", "$1", "a", "(.*)") > 1', null],
  ['label_replace(m, "x", "$1", "a", "((a+)+)+b") > 1', null],
  ['label_join(m, "x", ",", "1a") > 1', 'label_join: "1a" is no label name'],
  ['count_values("1x", m) > 1', 'count_values: "1x" is no label name'],
  ['count_values("x", m) > 1', null],
  ['topk(2, m) > 1 and on (a) m offset 5m', null],
  ['max_over_time((m - n)[10m:1m]) > 1', null],
])('%s fails whatever there is: %s', (text, expected) => {
  expect(failure(text)).toBe(expected);
});

it('takes any name of a label in edition 3', () => {
  expect([failure('label_join(m, "1x", ",", "a")', 3), failure('label_join(m, "", ",", "a")', 3)]).toEqual([
    null,
    'label_join: "" is no label name',
  ]);
});
