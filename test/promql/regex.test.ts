import { expect, it } from 'vitest';
import { parse, refusalsOf } from '../../lambdas/promql/index.ts';
import { translate } from '../../lambdas/promql/regex.ts';
import { differences } from './compare.ts';
import { ourAnswers } from './ours.ts';
import { answers } from './promtool.ts';

const values = [
  ...[
    'a',
    'b',
    'ab',
    'abc',
    'aab',
    'A',
    'AB',
    'a.b',
    'a-b',
    'a+b',
    'a|b',
    'a b',
    'a\nb',
    '\n',
    '1',
    '12',
    'x1',
    '_',
  ],
  ...[
    'ä',
    'Ä',
    'é',
    'ß',
    'K',
    'k',
    'ſ',
    's',
    '😀',
    'Ω',
    'a{2}',
    'aa',
    'aaa',
    '[a]',
    '^a',
    'a$',
    '\\d',
    'DLQ_1',
    '\t',
  ],
];

const patterns = [
  ...[
    'a',
    'a|b',
    'ab?',
    'a.b',
    'a.*',
    '.*b',
    '.',
    '..',
    '.+',
    '',
    '()',
    '|a',
    '(a|ab)(c|bcd)?',
    'a*b',
    'a+?b',
    'DLQ_.*',
  ],
  ...[
    '^a$',
    '^*a',
    'a$',
    '(^a|b$)',
    '\\Aab\\z',
    '\\ba\\b.*',
    'a\\Bb',
    '(?m)^a$.*',
    '(?m)a$\\nb',
    '(?s)a.b',
    '(?-s)a.b',
  ],
  ...[
    '(?i)ab',
    'a(?i)b',
    '(?i:a)b',
    '(?i)ä',
    '(?i)k',
    '(?i)s',
    '(?i)[a-b]+',
    '(?i)[^a]',
    'a(?i)b|c',
    '(?U)a+b',
  ],
  ...[
    '[ab]',
    '[^ab]',
    '[a-c]+',
    '[]a[]+',
    '[a-]',
    '[^]a]',
    '[\\d_]',
    '[^\\w]',
    '[[:alpha:]]+',
    '[[:^alpha:]]',
    '[[:word:]]',
  ],
  ...[
    '\\d+',
    '\\D',
    '\\w+',
    '\\W',
    '\\s',
    '\\S+',
    '[\\s\\S]',
    '\\pL',
    '\\p{Lu}',
    '\\P{L}',
    '\\p{^L}',
    '\\p{Greek}',
    '[\\pL\\d]+',
  ],
  ...[
    'a\\.b',
    'a\\+b',
    'a\\|b',
    '\\[a\\]',
    '\\^a',
    'a\\$',
    '\\\\d',
    'a\\{2\\}',
    'a{2}',
    'a{2,}',
    'a{1,2}',
    'a{,2}',
    'a{',
    '\\x61',
    '\\x{e4}',
    '\\141',
  ],
  ...[
    'ä',
    '[ä-é]',
    '😀',
    '[😀]',
    '\\Qa\\E',
    '(?P<n>a)b',
    '(?:ab)+',
    '(a{2}){1,2}',
    '[&&ab]',
    '[a&&b]',
    'a-b',
    'a/b',
    '\\_',
    '\\ba',
  ],
];

it('a pattern takes the same label values as in Prometheus', async () => {
  const scene = {
    stepSeconds: 60,
    series: values.map((value) => ({ series: `m{v=${JSON.stringify(value)}}`, values: '1' })),
    questions: patterns.flatMap((pattern) =>
      ['=~', '!~'].map((operator) => ({ text: `m{v${operator}${JSON.stringify(pattern)}}`, atMs: 0 })),
    ),
  };
  for (const major of [3, 2] as const) {
    const [theirs = []] = await answers(major, [scene]);
    const ours = ourAnswers(scene, major);
    const told = scene.questions.flatMap(({ text }, index) => {
      const [left, right] = [theirs[index], ours[index]];
      const found = left && right && differences(left, right);
      return found === undefined ? [] : [`${major} ${text}: ${found}`];
    });
    expect(told).toEqual([]);
  }
});

it.each([
  ['\\Qa*\\E', '\\Q…\\E'],
  ['(?P<1a>b)', 'the group name 1a'],
])('%s, which Go takes and JavaScript does not hold, is refused by name', (pattern, unportable) => {
  expect(translate(pattern)).toEqual({ unportable });
  const text = `up{job=~${JSON.stringify(pattern)}} == 0`;
  const { ast } = parse(text);
  expect(ast && refusalsOf(ast, text)[0]?.message).toBe(
    `the pattern ${pattern} is not for JavaScript: ${unportable}`,
  );
});
