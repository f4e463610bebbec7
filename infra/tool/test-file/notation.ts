import { LiteralError, numberOf, type Edition } from '../../../lambdas/promql/index.ts';

/** A sample's value; null ends the series there (`stale`), undefined is no sample (`_`). */
export type Noted = number | null | undefined;

/** What promtool's notation does not know, or what nothing here can hold; `index` is the place in the text. */
export class NotationError extends Error {
  readonly index: number;

  constructor(message: string, index: number) {
    super(message);
    this.index = index;
  }
}

/** Ten weeks of minutes. promtool itself has no bound, and ends with the machine's memory. */
export const mostValues = 100_800;

/**
 * The values of an input series in promtool's notation, one for each interval: `1 _ stale 1+2x3 5x2 _x4 NaN -Inf`.
 * A count says how often a value is repeated, so that `5x2` is three of them, and `_x4` four blanks. Growing values are
 * added up one by one, which ends in the same last digits as promtool's.
 * @throws NotationError
 */
export function valuesOf(text: string, edition: Edition): readonly Noted[] {
  const values: Noted[] = [];
  for (const { 0: word, index } of text.matchAll(/[^ \t\r]+/g)) {
    const { start, growth, times } = itemOf(word, index, edition);
    if (values.length + times > mostValues)
      throw new NotationError(`more than ${mostValues} values in one series`, index);
    let value = start;
    for (let count = 0; count < times; count += 1) {
      values.push(value);
      // The mark of a series' end is a number to promtool: with something added it is an ordinary NaN.
      if (growth !== null && value !== undefined) value = (value ?? NaN) + growth;
    }
  }
  return values;
}

const named = '[iI][nN][fF]|[nN][aA][nN]';
/** Hexadecimal is none: `0x3` is 0 with a count. Prometheus 3 takes underscores between digits. */
const itemShape = (digits: string): RegExp => {
  const number = `(?:${named}|(?:${digits}\\.?(?:${digits})?|\\.${digits})(?:[eE][-+]?${digits})?)`;
  return new RegExp(
    `^(?:(?<blank>_)|(?<start>stale|[-+]?${number})(?<growth>[-+]${number})?)(?:x(?<times>\\d+))?$`,
  );
};
const itemShapes = { 2: itemShape('\\d+'), 3: itemShape('\\d+(?:_\\d+)*') } as const;
const endsInWord = new RegExp(`(?:stale|${named})$`);

type Item = { readonly start: Noted; readonly growth: number | null; readonly times: number };

function itemOf(word: string, index: number, edition: Edition): Item {
  if (word.includes('{'))
    throw new NotationError(`${word}: native histograms are nothing that an alarm could compare`, index);
  const { blank, start = '', growth, times } = itemShapes[edition].exec(word)?.groups ?? {};
  if (blank !== undefined) return { start: undefined, growth: null, times: Number(times ?? 1) };
  // promtool reads `Infx3` as one word.
  const swallowsCount = times !== undefined && endsInWord.test(growth ?? start);
  if (start === '' || swallowsCount || (growth !== undefined && times === undefined)) {
    const expected = 'a value such as 5, -1.5, NaN, _ or stale, or many such as 5x3, 0+10x3, _x3';
    throw new NotationError(`${word}: expected ${expected}`, index);
  }
  return {
    start: start === 'stale' ? null : signedNumber(start, index),
    growth: growth === undefined ? null : signedNumber(growth, index),
    times: times === undefined ? 1 : Number(times) + 1,
  };
}

function signedNumber(text: string, index: number): number {
  try {
    return (text.startsWith('-') ? -1 : 1) * numberOf(text.replace(/^[-+]/, ''));
  } catch (error) {
    throw error instanceof LiteralError ? new NotationError(error.message, index) : error;
  }
}
