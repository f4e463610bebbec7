import { written } from '../../lambdas/promql/index.ts';
import type { Answer } from './promtool.ts';

/** Sums in another order may differ in their last digits. */
const tolerance = 1e-9;

/** What tells two answers apart, or undefined. Errors count as equal: their words are our own. Order does not count. */
export function differences(theirs: Answer, ours: Answer): string | undefined {
  if ('error' in theirs || 'error' in ours) {
    return 'error' in theirs && 'error' in ours ? undefined : `${show(theirs)} is not ${show(ours)}`;
  }
  const [left, right] = [lines(theirs), lines(ours)];
  const equal =
    left.length === right.length &&
    left.every(([labels, value], index) => {
      const [otherLabels, other] = right[index] ?? ['', NaN];
      return labels === otherLabels && close(value, other);
    });
  return equal ? undefined : `${show(theirs)} is not ${show(ours)}`;
}

type Line = readonly [labels: string, value: number];

const lines = (answer: Extract<Answer, { samples: unknown }>): Line[] =>
  answer.samples
    .map(({ labels, value }): Line => [written(labels), value])
    .sort(([left], [right]) => (left < right ? -1 : 1));

function close(left: number, right: number): boolean {
  if (Object.is(left, right) || left === right) return true;
  return Math.abs(left - right) <= tolerance * Math.max(1, Math.abs(left), Math.abs(right));
}

export function show(answer: Answer): string {
  if ('error' in answer) return `an error (${answer.error})`;
  const words = lines(answer).map(([labels, value]) => `${labels} ${value}`);
  return words.length === 0 ? 'nothing' : words.join(', ');
}
