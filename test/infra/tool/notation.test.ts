import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostValues, NotationError, valuesOf, type Noted } from '../../../infra/tool/test-file/notation.ts';
import type { Edition } from '../../../lambdas/promql/index.ts';
import { answers } from '../../promql/promtool.ts';
import { passed } from './verdicts.ts';

const editions = [2, 3] as const;

/** Null where the notation is refused. */
function read(text: string, edition: Edition): readonly Noted[] | null {
  try {
    return valuesOf(text, edition);
  } catch (error) {
    if (error instanceof NotationError) return null;
    throw error;
  }
}

/** What a series shows at a minute: the value it has there, and the one that a selector finds. */
type Shown = readonly [own: number | null, found: number | null];

/** Values that a minute apart show what promtool shows of them. */
const shownByUs = (values: readonly Noted[], minutes: number): readonly Shown[] =>
  Array.from({ length: minutes }, (_, minute) => {
    const [own, last] = [
      values[minute],
      values.slice(0, minute + 1).findLast((value) => value !== undefined),
    ];
    return [own ?? null, last ?? null];
  });

async function shownByPromtool(
  edition: Edition,
  texts: readonly string[],
  minutes: number,
): Promise<readonly (readonly Shown[])[]> {
  const scenes = texts.map((values) => ({
    stepSeconds: 60,
    series: [{ series: 'm', values }],
    questions: Array.from({ length: minutes }, (_, minute) => minute * 60_000).flatMap((atMs) => [
      { text: 'last_over_time(m[30s])', atMs },
      { text: 'm', atMs },
    ]),
  }));
  const found = await answers(edition, scenes);
  return found.map((scene) => {
    const values = scene.map((answer) => ('samples' in answer ? (answer.samples[0]?.value ?? null) : null));
    return Array.from({ length: minutes }, (_, i) => [values[2 * i] ?? null, values[2 * i + 1] ?? null]);
  });
}

/** As many minutes as a selector looks back, so that blanks show. */
const minutes = 5;

describe('the notation of values', () => {
  it.each<[text: string, values: readonly Noted[]]>([
    ['', []],
    ['1 2\t 3 ', [1, 2, 3]],
    ['1x2', [1, 1, 1]],
    ['1x0', [1]],
    ['1+2x3', [1, 3, 5, 7]],
    ['-1-2x1 5', [-1, -3, 5]],
    ['_ _x3 7', [undefined, undefined, undefined, undefined, 7]],
    ['_x0 7', [7]],
    ['1 stale 2', [1, null, 2]],
    ['NaN Inf +inf -Inf', [NaN, Infinity, Infinity, -Infinity]],
    ['Inf-1x1', [Infinity, Infinity]],
    ['.5 5. 1e3 1.5e-3', [0.5, 5, 1000, 0.0015]],
    ['0x3', [0, 0, 0, 0]],
    ['017 08', [15, 8]],
  ])('%j is %j', (text, values) => {
    expect(editions.map((edition) => read(text, edition))).toEqual([values, values]);
  });

  it('adds growth value by value, so that last digits are those of promtool', () => {
    expect(valuesOf('0+0.1x3', 2)).toEqual([0, 0.1, 0.2, 0.30000000000000004]);
  });

  it('has underscores between digits since Prometheus 3', () => {
    expect(editions.map((edition) => read('1_000x1', edition))).toEqual([null, [1000, 1000]]);
  });

  it.each([
    ['1 2,3', '2,3: expected a value such as 5, -1.5, NaN, _ or stale, or many such as 5x3, 0+10x3, _x3', 2],
    ['1 {{sum:1}}', '{{sum:1}}: native histograms are nothing that an alarm could compare', 2],
    ['1e400', 'the number 1e400 does not fit a float', 0],
    [`0 1x${mostValues}`, `more than ${mostValues} values in one series`, 2],
    ['1x99999999999999999999', `more than ${mostValues} values in one series`, 0],
  ])('%j is refused, with its place', (text, message, index) => {
    const refused = (): NotationError => {
      try {
        valuesOf(text, 2);
      } catch (error) {
        if (error instanceof NotationError) return error;
      }
      throw new Error('accepted');
    };
    expect([refused().message, refused().index]).toEqual([message, index]);
  });

  it('may be as long as the limit', () => {
    expect(valuesOf(`1x${mostValues - 1}`, 2).length).toBe(mostValues);
  });
});

/** Pieces that notations are made of, and that mistakes are made of. */
const pieces = [
  ...['0', '1', '2.5', '-3', '+4', '.5', '5.', '1e2', '1E-1', '017', '08', '1_0', 'NaN', 'inf', '-Inf'],
  ...['_', 'stale', 'x', 'x0', 'x2', 'x03', '+1', '-1', '+.5', '+1e1', ' ', '  ', '\t', 'X2', 'e', ':', '--'],
];
const arbitraryText = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('1', '+2', 'x3', ' ', '_', '5') },
      { weight: 1, arbitrary: fc.constantFrom(...pieces) },
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(''));

describe.each(editions)('promtool %i', (edition) => {
  const texts = [
    ...new Set([
      ...fc.sample(arbitraryText, { seed: 3, numRuns: 150 }),
      'stale+1x2',
      'stale 1',
      '1 _ stale _ 2',
      '1+2x3',
    ]),
  ];
  const accepted = texts.filter((text) => read(text, edition) !== null);

  it('refuses the same notations', async () => {
    const suites = texts.map((values) =>
      JSON.stringify({ tests: [{ interval: '1m', input_series: [{ series: 'm', values }] }] }),
    );
    const isTaken = await passed(edition, suites);
    expect(texts.filter((_, index) => isTaken[index])).toEqual(accepted);
    expect([accepted.length > 30, texts.length - accepted.length > 30]).toEqual([true, true]);
  });

  it('reads the same values', async () => {
    const ours = accepted.map((text) => shownByUs(read(text, edition) ?? [], minutes));
    expect(await shownByPromtool(edition, accepted, minutes)).toEqual(ours);
  });
});
