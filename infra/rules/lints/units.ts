import {
  isComparison,
  nodesOf,
  unwrap,
  type Binary,
  type Expression,
} from '../../../lambdas/promql/index.ts';
import type { SeriesUnit } from '../../../lambdas/series/definition.ts';
import { edited } from '../inline/expression-text.ts';
import { signalOf } from './subject/signal.ts';
import type { Lint, Subject } from './subject/subject.ts';
import { thresholdOf, type Threshold } from './subject/threshold.ts';

/** L5: values in a unit that the expression takes for another. */
export const units: Lint = (subject) => [
  ...[...nodesOf(subject.ast)].flatMap((node) => (node.kind === 'binary' ? timesIn(node, subject) : [])),
  ...[...nodesOf(subject.ast)].flatMap((node) => limitIn(node, subject)),
];

/** `time()` is in seconds. */
function timesIn({ operator, left, right }: Binary, subject: Subject): ReturnType<Lint> {
  const isTime = (node: Expression): boolean => {
    const inner = unwrap(node);
    return inner.kind === 'call' && inner.name === 'time';
  };
  const [time, other] = isTime(left) ? [left, right] : [right, left];
  const isDistance = operator === '-' || operator === '+' || isComparison(operator);
  const signal = isDistance && isTime(time) ? signalOf(other) : undefined;
  if (signal?.change !== null || signal.factor !== 1) return [];
  if (subject.seriesOf(signal.selector)?.unit !== 'epoch milliseconds') return [];
  const { to } = signal.leaf;
  const name = subject.written(signal.selector);
  // Nothing is later than now: compared with it in the same unit, a time says nothing either.
  const reason = `${name} is in milliseconds and time() in seconds, so that they differ by a factor of 1000; `;
  return [
    isComparison(operator)
      ? `${reason}compare an age in seconds, time() - ${name} / 1000`
      : { reason, write: edited(subject.text, [{ from: to, to, by: ' / 1000' }]) },
  ];
}

type Bound = {
  /** Whether a limit can only be meant in another unit. */
  readonly isOther: (limit: number, operator: Threshold['operator']) => boolean;
  readonly hint: string;
};

const bounds: Partial<Record<SeriesUnit, Bound>> = {
  nanoseconds: { isOther: (limit) => limit < 1e6, hint: 'a second is 1e9' },
  microseconds: { isOther: (limit) => limit < 1, hint: 'a second is 1e6' },
  milliseconds: { isOther: (limit) => limit < 1, hint: 'a second is 1000' },
  'epoch milliseconds': {
    isOther: (limit) => limit < 1e11,
    hint: 'compare time() - … / 1000 with an age in seconds',
  },
  'percent of one core': {
    isOther: (limit, operator) => limit <= 1 && (operator === '>' || operator === '>='),
    hint: 'a whole core is 100',
  },
};
/** No round trip between servers takes as long. */
const longestRoundTripSeconds = 10;

function limitIn(node: Expression, subject: Subject): readonly string[] {
  const threshold = thresholdOf(node);
  if (threshold?.signal.change !== null || !(threshold.limit > 0)) return [];
  const { signal, limit, operator } = threshold;
  const series = subject.seriesOf(signal.selector);
  // Of what is configured, L2 speaks.
  if (series === undefined || series.unit === null || series.kind === 'config') return [];
  const bound: Bound | undefined = series.name.endsWith('_rtt')
    ? series.unit === 'seconds'
      ? { isOther: (each) => each >= longestRoundTripSeconds, hint: 'a millisecond is 0.001' }
      : bounds[series.unit]
    : bounds[series.unit];
  if (bound === undefined || !bound.isOther(limit, operator)) return [];
  return [
    `${subject.written(signal.selector)} is in ${series.unit}, where ${limit} is hardly meant: ${bound.hint}`,
  ];
}
