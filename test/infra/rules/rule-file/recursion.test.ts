import { describe, expect, it } from 'vitest';
import { formatProblem, readRuleFile, recursions } from '../../../../infra/rules/rule-file/rule-file.ts';
import { withRules } from './corpus.ts';

const recorded = (name: string, expr: string): string => `{record: "${name}", expr: '${expr}'}`;
const circlesOf = (...rules: readonly string[]): readonly string[] =>
  readRuleFile(withRules(...rules), 'nats.yaml', 3).problems.map(formatProblem);

describe('a recorded series that is computed from itself is a problem of the file', () => {
  it('told at the first rule of the circle, with the way round', () => {
    expect(circlesOf(recorded('c', 'sum(a)'), recorded('a', 'up + b'), recorded('b', 'rate(c[5m])'))).toEqual(
      [
        'nats.yaml:4:26: group "nats", rule 1 (c): a recorded series is computed from itself: c -> a -> b -> c',
      ],
    );
  });

  it.each([
    ['at once', [recorded('a', 'a + 1')], 'a -> a'],
    ['with an offset', [recorded('a', 'a offset 5m + 1')], 'a -> a'],
    ['by its name as a label', [recorded('a', '{__name__="a"}')], 'a -> a'],
    ['by a pattern of its name', [recorded('ab', 'sum({__name__=~"a.*"})')], 'ab -> ab'],
    ['in one of two rules of that name', [recorded('a', 'up'), recorded('a', 'a')], 'a -> a'],
  ])('%s', (_name, rules, way) => {
    expect(circlesOf(...rules)[0]).toMatch(new RegExp(`itself: ${way}$`));
  });

  it.each([
    [
      'a series that others are computed from',
      [recorded('a', 'up'), recorded('b', 'a + a'), recorded('c', 'a + b')],
    ],
    ['one that a later rule records', [recorded('b', 'a'), recorded('a', 'up')]],
    ['a pattern that leaves it out', [recorded('ab', 'sum({__name__=~"a.*", __name__!="ab"})')]],
    ['an alert of its name', ['{alert: a, expr: a > 1}', recorded('a', 'up')]],
  ])('%s is none', (_name, rules) => {
    expect(circlesOf(...rules)).toEqual([]);
  });

  it('each circle once, however its series are joined', () => {
    const reported = circlesOf(
      recorded('a', 'b + c'),
      recorded('b', 'a + c'),
      recorded('c', 'c'),
      recorded('d', 'a'),
    );
    expect(reported.map((line) => line.replace(/.*itself: /, ''))).toEqual(['a -> b -> a', 'c -> c']);
  });

  it('a long way is told in short', () => {
    const rules = Array.from({ length: 3_000 }, (_, i) => recorded(`r${i}`, `r${(i + 1) % 3_000}`));
    expect(circlesOf(...rules)).toEqual([
      'nats.yaml:4:27: group "nats", rule 1 (r0): a recorded series is computed from itself: r0 -> r1 -> r2 -> r3 -> r4 -> r5 -> r6 -> r7 -> 2992 more -> r0',
    ]);
  });

  it.each([
    [101, []],
    [
      102,
      [
        'nats.yaml:105:29: group "nats", rule 102 (r101): a recorded series is computed through more than 100 others, one from the other',
      ],
    ],
  ])('%i recordings, of which each reads the one before it, are a problem from 102 on', (count, reported) => {
    const rules = Array.from({ length: count }, (_, i) =>
      recorded(`r${i}`, i === 0 ? 'up' : `r${i - 1} + r${i - 1}`),
    );
    expect(circlesOf(...rules)).toEqual(reported);
  });

  it('patterns without end are refused rather than followed', () => {
    const rules = Array.from({ length: 1_500 }, (_, i) => recorded(`r${i}`, `{__name__=~"r.*${i}"}`));
    expect(circlesOf(...rules)).toEqual([
      'nats.yaml:4:27: group "nats", rule 1 (r0): recorded series are read by too many patterns of their names; write the names',
    ]);
  });
});

it('over files, the circle is told in the first of them', () => {
  const groups = [
    ['one.yaml', recorded('a', 'b')],
    ['two.yaml', recorded('b', 'a')],
  ].flatMap(([file = '', rule = '']) => readRuleFile(withRules(rule), file, 3).groups);
  expect(recursions(groups, 3).map(formatProblem)).toEqual([
    'one.yaml:4:26: group "nats", rule 1 (a): a recorded series is computed from itself: a -> b -> a',
  ]);
});
