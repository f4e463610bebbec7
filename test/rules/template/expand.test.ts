import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expand } from '../../../lambdas/rules/template/template.ts';
import type { Expanded } from '../../../lambdas/rules/template/template.ts';
import { template } from './arbitrary-template.ts';
import { ofLabels, ofValue, titles, values } from './corpus.ts';
import { expansions } from './promtool.ts';
import type { Expansion } from './promtool.ts';

const labels = {
  instance: 'host-1.example:7777',
  job: 'nats',
  stream_name: 'ORDERS é "q"',
  num: '1234.5',
  word: 'a-b_c d.e',
};

const withLabels = (templates: readonly string[]): readonly Expansion[] =>
  templates.map((text) => ({ template: text, labels, value: 3.5 }));

type Disagreement = {
  readonly template: string;
  readonly value: number;
  readonly promtool: string;
  readonly ours: Expanded;
};

/** Where promtool has a text and we another, or it fails and we do not. */
async function disagreements(major: 2 | 3, cases: readonly Expansion[]): Promise<readonly Disagreement[]> {
  const texts = await expansions(major, cases);
  return cases.flatMap(({ template: text, labels: own, value }, index) => {
    const promtool = texts[index] ?? '';
    const ours = expand(text, { labels: { __name__: `s${index}`, ...own }, value });
    const agrees = promtool.startsWith('<error expanding') ? ours.left.length > 0 : ours.text === promtool;
    return agrees ? [] : [{ template: text, value, promtool, ours }];
  });
}

describe.each([2, 3] as const)('a template becomes what promtool %i makes of it:', (major) => {
  it('with values of every kind, but for durations that Prometheus gets wrong', async () => {
    const cases = ofValue.flatMap((text) => values.map((value) => ({ template: text, labels, value })));
    const found = await disagreements(major, cases);
    const beyond = values.filter((value) => Number.isFinite(value) && value >= 2 ** 63);
    expect(found).toEqual(
      beyond.map(
        (value) => expect.objectContaining({ template: '{{ humanizeDuration $value }}', value }) as unknown,
      ),
    );
  });

  it('with labels and functions', async () => {
    expect(await disagreements(major, withLabels(ofLabels))).toEqual([]);
  });

  it('in templates of all these and values of all kinds, where nothing is left', async () => {
    const value = fc.oneof(fc.constantFrom(...values), fc.double({ min: -1e9, max: 1e9, noNaN: true }));
    const cases = fc
      .sample(fc.tuple(template, value), { numRuns: 1_000, seed: 11 })
      .map(([text, of]) => ({ template: text, labels, value: of === 0 ? 0 : of }));
    const found = await disagreements(major, cases);
    expect(found.filter(({ ours }) => ours.left.length === 0)).toEqual([]);
    expect(found.length).toBeLessThan(cases.length / 10);
  });
});

it('title goes by the words of Prometheus 3', async () => {
  expect(await disagreements(3, withLabels(titles))).toEqual([]);
});

it.each([
  ['{{ query "up" | first | value }}', 'query is not expanded here'],
  ['{{ with query "up" }}{{ . | first | value }}{{ end }}', 'query is not expanded here'],
  ['{{ range query "up" }}{{ .Value }}{{ end }}', 'query is not expanded here'],
  ['{{ template "x" }}', 'template is not expanded here'],
  ['{{ range $labels }}{{ break }}{{ end }}', 'break is not expanded here'],
  ['{{ $externalURL }}', "Prometheus' address is not known here"],
  ['{{ . }}', "the template's data is not printed here"],
  ['{{ printf "%x" 5 }}', "printf's %x of an int is not expanded here"],
  ['{{ gt $value 5 }}', 'a float64 and a int cannot be compared'],
  ['{{ toUpper $value }}', 'toUpper wants a text, not a float64'],
  ['{{ $value.x }}', 'a float64 has no field x'],
  ['{{ humanize $labels.job }}', 'humanize: nats is no number'],
  ['{{ humanizeDuration 1e20 }}', 'humanizeDuration does not tell 1e+20'],
])('%s is left as it stands, told, and the text around it expanded', (part, reason) => {
  expect(expand(`{{ $labels.job }}: ${part}.`, { labels, value: 3.5 })).toEqual({
    text: `nats: ${part}.`,
    left: [`${part}: ${reason}`],
  });
});

it('a variable that could not be set is left where it is used', () => {
  expect(expand('{{ $x := query "up" }}[{{ $x }}] {{ $value }}', { labels, value: 3.5 })).toEqual({
    text: '{{ $x := query "up" }}[{{ $x }}] 3.5',
    left: ['{{ $x := query "up" }}: query is not expanded here', '{{ $x }}: a value is not known here'],
  });
});

it('external labels are expanded where they are known, and empty where not', () => {
  const text = '{{ $externalLabels.region }}|{{ .ExternalLabels.none }}';
  expect([
    expand(text, { labels, value: 1, externalLabels: { region: 'eu' } }).text,
    expand(text, { labels, value: 1 }).text,
  ]).toEqual(['eu|', '|']);
});

it('a text that does not parse stays as it is', () => {
  expect(expand('{{ $valu }} high', { labels, value: 1 })).toEqual({
    text: '{{ $valu }} high',
    left: ['{{ $valu }} high: there is no variable $valu'],
  });
});

describe('a template that would not end is left as it is:', () => {
  it('ranges within ranges', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`l${index}`, 'v']));
    const nested = (depth: number): string =>
      `${'{{ range $labels }}'.repeat(depth)}x${'{{ end }}'.repeat(depth)}`;
    const of = (depth: number) => expand(nested(depth), { labels: many, value: 1 });
    expect([of(2), of(50)]).toEqual([
      { text: 'x'.repeat(10_000), left: [] },
      { text: nested(50), left: [`${nested(50)}: it gives more than 1000000 characters`] },
    ]);
  });

  it('a variable that doubles', () => {
    const doubled = (times: number): string =>
      `{{ $x := "ab" }}${'{{ $x = print $x $x }}'.repeat(times)}{{ len $x }}`;
    const of = (times: number) => expand(doubled(times), { labels, value: 1 });
    expect([of(18), of(60)]).toEqual([
      { text: '524288', left: [] },
      { text: doubled(60), left: [`${doubled(60)}: it gives more than 1000000 characters`] },
    ]);
  });
});
