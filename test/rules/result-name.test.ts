import { describe, expect, it } from 'vitest';
import { parse } from '../../lambdas/promql/index.ts';
import { resultName } from '../../lambdas/rules/result-name.ts';
import { ourAnswers } from '../promql/ours.ts';

const exprs = [
  ...[
    'm > 3',
    '3 < m',
    'm + 0 > 3',
    '-m',
    '+m',
    'm > bool 3',
    'm and n',
    'm unless k',
    'm or m',
    'topk(1, m)',
  ],
  ...['sum(m)', 'sum by (__name__) (m)', 'max without (a) (m)', 'sort_desc(m)', 'last_over_time(m[5m])'],
  ...[
    'max_over_time(m[5m])',
    'abs(m)',
    'm > n',
    'm > on (a) n',
    'm > ignoring (b) n',
    'absent(k)',
    'vector(1)',
  ],
  ...[
    'm > on (a) group_left () n',
    'n < on (a) group_right () m',
    'label_replace(m, "z", "1", "a", ".*")',
    '(m) > 1',
  ],
  ...['m > ignoring (__name__) n', 'm >= on (__name__, a) m'],
];

describe('the name that every element of a result has', () => {
  it.each(exprs)('of %s is the one that its evaluation gives', (text) => {
    const { ast } = parse(text, 2);
    const series = [
      { series: 'm{a="1"}', values: '5x10' },
      { series: 'n{a="1"}', values: '4x10' },
    ];
    const [answer] = ourAnswers({ stepSeconds: 60, series, questions: [{ text, atMs: 300_000 }] }, 2);
    const names =
      answer && 'samples' in answer ? answer.samples.map(({ labels }) => labels['__name__'] ?? '') : [];
    expect(names.length).toBe(1);
    expect([ast && resultName(ast)]).toEqual(names);
  });

  it('is not known where elements may differ', () => {
    const name = (text: string) => resultName(parse(text, 2).ast ?? expect.fail());
    expect([name('m or n'), name('{__name__=~"m|n"}')]).toEqual([undefined, undefined]);
  });
});
