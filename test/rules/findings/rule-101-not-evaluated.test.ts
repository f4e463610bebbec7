import { describe, expect, it } from 'vitest';
import { judgeEvaluation, type RuleProblem } from '../../../lambdas/rules/findings/rule-101-not-evaluated.ts';

const problem = (rule: string, message: string): RuleProblem => ({
  rule,
  message,
  expr: `${rule} > 1`,
  series: [],
  at: null,
});

describe('whether rules can be evaluated', () => {
  it('is looked at in each run', () => {
    const { seen, conclusive, breaches } = judgeEvaluation([], 1);
    expect([seen, conclusive, breaches]).toEqual(['1 rule evaluated', true, []]);
  });

  it('is not known of rules that had nothing to read', () => {
    const failure = { code: 'timeout', message: 'n1 /varz: no answer' } as const;
    const { verdict, conclusive, breaches, ...said } = judgeEvaluation([], 6, [
      { rule: 'a', servers: ['n1'], failure },
      { rule: 'b', servers: ['n1', 'n2'], failure },
    ]);
    const seen = '2 of 6 rules had nothing to read: n1 /varz: no answer';
    expect([verdict, conclusive, breaches, said.seen]).toEqual(['measured', false, [], seen]);
    expect(said.without).toEqual({ servers: ['n1', 'n2'], alone: true, seen });
  });

  it('is reported of each rule once, with the first of its problems', () => {
    const { seen, breaches } = judgeEvaluation(
      [problem('b', 'first'), problem('a', 'other'), problem('b', 'second')],
      5,
    );
    expect(seen).toBe('of 5 rules these cannot be evaluated: b, a');
    expect(breaches.map(({ measurement: { entity, data }, levels }) => [entity.name, data, levels])).toEqual([
      ['b', problem('b', 'first'), [{ severity: 'warning', level: 1 }]],
      ['a', problem('a', 'other'), [{ severity: 'warning', level: 1 }]],
    ]);
  });
});
