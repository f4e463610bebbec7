import { describe, expect, it } from 'vitest';
import { constantOf, parse, refusalsOf } from '../../lambdas/promql/index.ts';
import type { Expression } from '../../lambdas/promql/index.ts';

/** The nesting, with a bracket around every operator. */
function nested(node: Expression): string {
  switch (node.kind) {
    case 'number':
      return String(node.value);
    case 'string':
      return JSON.stringify(node.value);
    case 'selector':
      return `${node.name ?? ''}${node.offsetMs === 0 ? '' : ` offset ${node.offsetMs / 60_000}m`}`;
    case 'range':
      return `${nested(node.selector)}[${node.rangeMs / 60_000}m]`;
    case 'subquery':
      return `${nested(node.expression)}[${node.rangeMs / 60_000}m:]`;
    case 'call':
      return `${node.name}(${node.arguments.map(nested).join(', ')})`;
    case 'aggregation':
      return `${node.operator}(${nested(node.expression)})`;
    case 'binary':
      return `(${nested(node.left)} ${node.operator} ${nested(node.right)})`;
    case 'unary':
      return `(${node.operator}${nested(node.expression)})`;
    case 'parentheses':
      return nested(node.expression);
  }
}

it.each([
  ['a and b offset 1m > 0', '(a and (b offset 1m > 0))'],
  ['a + b offset 1m * c', '(a + (b offset 1m * c))'],
  ['-1 ^ 2', '(-(1 ^ 2))'],
  ['2 ^ 3 ^ 2', '(2 ^ (3 ^ 2))'],
  ['-a * b', '((-a) * b)'],
  ['a ^ -b * c', '((a ^ (-b)) * c)'],
  ['a - b - c', '((a - b) - c)'],
  ['a or b and c unless d', '(a or ((b and c) unless d))'],
  ['a > 1 == bool 2', '((a > 1) == 2)'],
  ['a % b atan2 c', '((a % b) atan2 c)'],
  ['a # first\n + # second\n b', '(a + b)'],
  ['sum(a) # no labels', 'sum(a)'],
])('%s binds as Prometheus binds it', (text, expected) => {
  const { ast } = parse(text);
  expect(ast && nested(ast)).toBe(expected);
});

describe('a problem says what is wrong and where', () => {
  it.each([
    [
      'rate(m[30m]) offset 1h',
      '1:14 offset must stand right behind a selector, a range in brackets or a subquery',
    ],
    ['up == 0\n  and rat(x[5m])', '2:7 there is no function rat'],
    ['rate(m)', '1:6 rate wants a range vector, not an instant vector; give it a range, such as [5m]'],
    ['sum(m[5m])', '1:5 sum wants an instant vector, not a range vector; leave out its range'],
    ['round(m, 1, 2)', '1:1 round takes at most 2 arguments, not 3'],
    ['1 > 2', '1:1 two numbers are compared with > bool'],
    ['a and on(x) group_left b', '1:1 and takes no group_left'],
    ['a + bool b', '1:1 bool goes with comparisons only, not with +'],
    ['m{a=~"("}', '1:3 the pattern ( is no RE2: a missing )'],
    ['m{a="b', '1:5 the string has no closing quote'],
    ['sum(m', '1:6 the expression ends too early'],
    ['m m', '1:3 unexpected m'],
    ['', '1:1 the expression is empty'],
    ['m[0s]', '1:3 the duration must be longer than 0'],
    ['m[5m] + 1', '1:1 + wants numbers or instant vectors, not a range vector'],
  ])('%s', (text, expected) => {
    const { problem } = parse(text);
    expect(problem && `${problem.line}:${problem.column} ${problem.message}`).toBe(expected);
  });
});

const renamed = 'there is no function holt_winters in Prometheus 3, where it is double_exponential_smoothing';
it.each([
  [
    'holt_winters(m[5m], 0.5, 0.5)',
    undefined,
    `${renamed} and experimental, so that Prometheus refuses that, too`,
  ],
  [
    'double_exponential_smoothing(m[5m], 0.5, 0.5)',
    'there is no function double_exponential_smoothing in Prometheus 2.42: write holt_winters, its name there',
    'the function double_exponential_smoothing is experimental, and Prometheus refuses it',
  ],
  ['histogram_avg(m)', 'there is no function histogram_avg in Prometheus 2.42', undefined],
  [
    'mad_over_time(m[5m])',
    'there is no function mad_over_time in Prometheus 2.42',
    'the function mad_over_time is experimental, and Prometheus refuses it',
  ],
  [
    'limitk(2, m)',
    'there is no aggregation limitk in Prometheus 2.42',
    'the aggregation limitk is experimental, and Prometheus refuses it',
  ],
  ['rat(m[5m])', 'there is no function rat', 'there is no function rat'],
  ['rate(m[5m])', undefined, undefined],
])('%s is refused by the edition that lacks it, which names what there is instead', (text, of2, of3) => {
  expect(([2, 3] as const).map((edition) => parse(text, edition).problem?.message)).toEqual([of2, of3]);
});

it.each([
  ['brackets', '('.repeat(2000) + 'm' + ')'.repeat(2000)],
  ['a chain', `m${' + m'.repeat(4000)}`],
  ['length', `m{a="${'x'.repeat(30_000)}"}`],
  ['length and faults', '(m + '.repeat(1_000_000)],
])('too much of it is refused: %s', (_what, text) => {
  expect(parse(text).problem?.message).toMatch(
    /^the expression (?:nests deeper than 300|has \d+ characters)/,
  );
});

it.each([
  ['200 * 1024 * 1024', 209_715_200],
  ['-(1 + 2) ^ 2', -9],
  ['5m', 300],
  ['017 + 0x1F', 46],
  ['time()', undefined],
  ['vector(1)', undefined],
  ['m', undefined],
])('%s is the constant %s', (text, expected) => {
  const { ast } = parse(text);
  expect(ast && constantOf(ast)).toBe(expected);
});

it.each([
  [
    'histogram_quantile(0.9, m) > 1',
    "histogram_quantile wants histograms, which NATS' monitoring does not serve",
  ],
  ['m[5m]', 'a rule wants a number or an instant vector, not a range vector'],
  ['label_replace(m, "a", "$1", "b", "(")', 'the pattern ( is no RE2: a missing )'],
])('%s is valid, and refused for evaluation', (text, message) => {
  const { ast } = parse(text);
  expect(ast && refusalsOf(ast, text).map((each) => each.message)).toEqual([message]);
});
