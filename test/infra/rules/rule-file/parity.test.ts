import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProblem, readRuleFile } from '../../../../infra/rules/rule-file/rule-file.ts';
import { corpus, stricter, wellFormed } from './corpus.ts';
import { labelled } from './labels.ts';
import { verdicts } from './promtool.ts';

const editions = [2, 3] as const;

/** Names of files about which promtool and we do not agree, with what both say. */
async function disagreements(
  edition: 2 | 3,
  files: Readonly<Record<string, string>>,
): Promise<readonly { readonly name: string; readonly promtool: string; readonly ours: string }[]> {
  const said = await verdicts(edition, Object.values(files));
  return Object.entries(files).flatMap(([name, text], index) => {
    const ours = readRuleFile(text, 'nats.yaml', edition).problems.map(formatProblem).join('; ');
    const promtool = said[index] ?? '';
    return (ours === '') === (promtool === '') ? [] : [{ name, promtool, ours }];
  });
}

describe.each(editions)('as promtool %i has it', (edition) => {
  it('are files good and bad, but for those that we are stricter about', async () => {
    const found = await disagreements(edition, corpus);
    expect(found.map(({ name, promtool }) => ({ name, promtool }))).toEqual(
      Object.keys(corpus)
        .filter((name) => stricter.includes(name))
        .map((name) => ({ name, promtool: '' })),
    );
  });

  it('nothing that it rejects is read, at the edges of YAML too', async () => {
    const found = await disagreements(edition, labelled);
    expect(found.filter(({ ours }) => ours === '')).toEqual([]);
  });
});

const bits = [
  '\t',
  ' ',
  '\n',
  '\n  ',
  ':',
  ': ',
  '-',
  '- ',
  ' #',
  '"',
  "'",
  '{',
  '[',
  '}',
  ']',
  ',',
  '|',
  '>',
  '&a ',
  '*a ',
  '!',
  '%',
  '?',
  '@',
  '`',
  '\r\n',
  '~',
  '5',
  '\\',
  '---',
  '...',
  '<<: ',
  '!!str ',
  '>+2',
  'é',
  '=',
];

type Change = { readonly at: number; readonly cut: number; readonly put: string };
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(2000),
  cut: fc.nat(2),
  put: fc.oneof(fc.constantFrom(...bits), fc.constant('')),
});
const changed = (text: string, changes: readonly Change[]): string =>
  changes.reduce((before, { at, cut, put }) => {
    const place = at % (before.length + 1);
    return before.slice(0, place) + put + before.slice(place + cut);
  }, text);

describe.each(editions)('files that a slip of the finger has changed, to promtool %i', (edition) => {
  it('are none here where they are none there', async () => {
    const sources = [...Object.values(corpus), ...Array.from({ length: 200 }, () => wellFormed)];
    const texts = fc.sample(
      fc
        .tuple(fc.constantFrom(...sources), fc.array(change, { minLength: 1, maxLength: 2 }))
        .map(([text, changes]) => changed(text, changes)),
      { numRuns: 1500, seed: 3 },
    );
    const files = Object.fromEntries(texts.map((text) => [text, text]));
    const found = await disagreements(edition, files);
    expect(found.filter(({ ours }) => ours === '')).toEqual([]);
    const accepted = texts.filter((text) => readRuleFile(text, 'nats.yaml', edition).problems.length === 0);
    expect(accepted.length).toBeGreaterThan(150);
  });
});
