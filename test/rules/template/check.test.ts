import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTemplate } from '../../../lambdas/rules/template/template.ts';
import { verdicts } from '../../infra/rules/rule-file/promtool.ts';
import { functionNames } from './corpus.ts';
import { grammar } from './grammar.ts';

const asRuleFile = (text: string): string =>
  JSON.stringify({ groups: [{ name: 'all', rules: [{ alert: 'A', expr: 'up', annotations: { text } }] }] });

/** Templates about which promtool and we do not agree, with what both say. */
async function disagreements(edition: 2 | 3, texts: readonly string[]): Promise<readonly unknown[]> {
  const said = await verdicts(edition, texts.map(asRuleFile));
  return texts.flatMap((text, index) => {
    const ours = checkTemplate(text, edition);
    const promtool = said[index];
    return (ours === null) === (promtool === undefined) ? [] : [{ text, promtool, ours }];
  });
}

const bits = [
  '{{',
  '}}',
  '{{ ',
  ' }}',
  '{{- ',
  ' -}}',
  '-',
  '|',
  ' | ',
  '$',
  '$x',
  '$x := ',
  '$value',
  '.',
  '.a',
  ' ',
  '(',
  ')',
  '"',
  '`',
  "'",
  '\\',
  '0',
  '1.5',
  'e',
  '_',
  'i',
  'len ',
  'if ',
  'else',
  'end',
  'range ',
  'with ',
  '{{end}}',
  '{{else}}',
  '{{if 1}}',
  '/*',
  '*/',
  '=',
  ':=',
  ',',
  'nil',
  'define "x"',
  'break',
  '\n',
  'é',
  '+',
  '0x',
  '%',
  'template "x" ',
];
const changed = fc
  .tuple(
    fc.constantFrom(...grammar),
    fc.oneof(fc.constant(''), fc.constantFrom(...grammar)),
    fc.array(fc.record({ at: fc.nat(200), cut: fc.nat(2), put: fc.constantFrom('', ...bits) }), {
      maxLength: 3,
    }),
  )
  .map(([first, second, changes]) =>
    changes.reduce((text, { at, cut, put }) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + put + text.slice(place + cut);
    }, first + second),
  );

describe.each([2, 3] as const)('a template parses where promtool %i parses it:', (edition) => {
  it('its functions', async () => {
    expect(
      await disagreements(
        edition,
        functionNames.map((name) => `{{ ${name} }}`),
      ),
    ).toEqual([]);
  });

  it('its grammar', async () => {
    expect(await disagreements(edition, grammar)).toEqual([]);
  });

  it('templates that a slip of the finger has changed', async () => {
    expect(await disagreements(edition, fc.sample(changed, { numRuns: 1500, seed: 5 }))).toEqual([]);
  });
});

it.each([
  ['{{ $value', '{{ has no }}'],
  ['{{ $vale }}', 'there is no variable $vale'],
  ['{{ humanise $value }}', 'there is no function humanise'],
  ['{{ if $value }}high', 'an {{end}} is missing'],
  ['{{ end }}', '{{end}} ends nothing'],
  ['{{ $value > 5 }}', '> cannot stand within {{ }}'],
  ['{{ (len "a" }}', 'a ( has no )'],
  ['{{ "a }}', 'a " is not closed'],
  ['{{ $value | 5 }}', 'behind | stands what is no function'],
  ['{{}}', 'an action lacks a value'],
])('%s: %s', (text, message) => {
  expect(checkTemplate(text)).toBe(message);
});

it.each([
  ['its length', (size: number) => 'a'.repeat(size), 100_000],
  ['its nesting', (size: number) => `{{ ${'('.repeat(size)}1${')'.repeat(size)} }}`, 100],
])('%s has a limit', (_name, make, most) => {
  expect([checkTemplate(make(most)), checkTemplate(make(most + 1))]).toEqual([
    null,
    expect.stringContaining(String(most)),
  ]);
});
