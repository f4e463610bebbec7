import type { Repetition } from './regex-tokens.ts';

/**
 * How much a part of a pattern may have V8 try, which goes back to every choice that it made, before it gives up on a
 * text of n characters: in proportion to n to the power of `time`. What follows the part may be tried `choices` times n
 * to the power of `degree`, at most.
 */
export type Effort = { readonly choices: number; readonly degree: number; readonly time: number };

export const nothing: Effort = { choices: 1, degree: 0, time: 0 };
/** Not for JavaScript. */
export const endless: Effort = { choices: Infinity, degree: Infinity, time: Infinity };

export const inTurn = (first: Effort, then: Effort): Effort => ({
  choices: first.choices * then.choices,
  degree: first.degree + then.degree,
  time: Math.max(first.time, first.degree + then.time),
});

export const either = (one: Effort, other: Effort): Effort => ({
  choices: one.choices + other.choices,
  degree: Math.max(one.degree, other.degree),
  time: Math.max(one.time, other.time),
});

/** Repetitions that may end at so many places count by their number, those at more by the text's length. */
const fewEnds = 10;

export function repeated(each: Effort, { least, most }: Pick<Repetition, 'least' | 'most'>): Effort {
  if (most - least > fewEnds) {
    const isCertain = each.choices === 1 && each.degree === 0;
    return isCertain ? { choices: 1, degree: 1, time: Math.max(1, each.time) } : endless;
  }
  let choices = 0;
  for (let times = least; times <= most; times += 1) choices += each.choices ** times;
  return { choices, degree: each.degree * most, time: each.degree * Math.max(0, most - 1) + each.time };
}

/** Whether V8 is through with it in time that grows as the text does. */
export const isLinear = ({ choices, time }: Effort): boolean =>
  time <= 1 && choices * (time === 0 ? 1 : 10) <= 1_000;
