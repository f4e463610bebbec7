import { expect, it } from 'vitest';
import { parse } from '../../lambdas/promql/index.ts';
import { disagreements } from './parity.ts';

const factors = ['0.5, 0.3', '0.1, 0.9', '0.01, 0.01', '0, 0.5', '0.5, 1', '1.5, 0.5', '0.5, -1', 'NaN, 0.5'];

it('holt_winters smooths as in Prometheus 2, and fails where it fails', async () => {
  const scene = {
    stepSeconds: 60,
    series: [
      { series: 'm{a="line"}', values: '0+10x12' },
      { series: 'm{a="wave"}', values: '1 5 2 8 3 9 _ 4 -7 1e3 2' },
      { series: 'm{a="late"}', values: '_ _ _ _ 5' },
      { series: 'm{a="odd"}', values: '1 NaN 3 Inf 2' },
    ],
    questions: factors.flatMap((two) =>
      ['m[5m]', 'm[30s]', 'm{a="line"}[10m:2m]', 'm{a="none"}[5m]'].map((range) => ({
        text: `holt_winters(${range}, ${two})`,
        atMs: 480_000,
      })),
    ),
  };
  expect(await disagreements(2, [scene])).toEqual([]);
});

it('holt_winters is a function where it is called, whatever stands between, and a label elsewhere', () => {
  const read = (text: string) => parse(text, 2).problem?.message;
  expect([
    read('holt_winters(m[5m], 0.5, 0.5) > 1'),
    read('holt_winters # smooth\n (m[5m], 0.5, 0.5)'),
    read('sum by (holt_winters) (m{a="holt_winters(x)"})'),
    read('holt_winters(m[5m], 0.5)'),
    read('holt_winters(m, 0.5, 0.5)'),
    read('my_holt_winters(m[5m])'),
  ]).toEqual([
    undefined,
    undefined,
    undefined,
    'holt_winters takes 3 arguments, not 2',
    'holt_winters wants a range vector, not an instant vector; give it a range, such as [5m]',
    'there is no function my_holt_winters',
  ]);
});
