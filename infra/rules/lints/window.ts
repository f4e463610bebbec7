import {
  nodesOf,
  unwrap,
  type Call,
  type RangeSelector,
  type Subquery,
} from '../../../lambdas/promql/index.ts';
import { writtenDuration } from '../inline/expression-text.ts';
import { sourceOf, type Lint, type Subject } from './subject/subject.ts';

const everyMs = 60_000;
/** Functions that two samples are the least for; with one, the last two are always 0. */
const ofTwo = [
  'rate',
  'increase',
  'delta',
  'irate',
  'idelta',
  'deriv',
  'predict_linear',
  'changes',
  'resets',
];
const zeroOfOne = ['changes', 'resets'];

/** C3: windows that hold too few samples a minute apart. */
export const shortWindow: Lint = (subject) =>
  [...nodesOf(subject.ast)].flatMap((node) => (node.kind === 'call' ? messagesOf(node, subject) : []));

function messagesOf(call: Call, subject: Subject): readonly string[] {
  const range = call.arguments
    .map(unwrap)
    .find((argument) => argument.kind === 'range' || argument.kind === 'subquery');
  if (range === undefined || call.name === 'absent_over_time') return [];
  const needed = ofTwo.includes(call.name) ? 2 : 1;
  const samples = samplesIn(range, subject);
  if (samples >= needed) return [];
  const stepMs = stepOf(range);
  const least = subject.context.edition === 2 && subject.context.engine === 'classic' ? needed - 1 : needed;
  const course =
    samples === 1 && zeroOfOne.includes(call.name)
      ? 'is always 0'
      : samples === 0 && needed === 1
        ? 'may have no value'
        : 'never has a value';
  return [
    `${sourceOf(subject, range)} holds ${samples === 0 ? 'no sample for sure' : 'one sample'} where they are ` +
      `${writtenDuration(stepMs)} apart, so that ${call.name}() ${course}; give it ` +
      `${writtenDuration(Math.max(1, least) * stepMs)} or more`,
  ];
}

const stepOf = (range: RangeSelector | Subquery): number =>
  range.kind === 'range' ? everyMs : (range.stepMs ?? everyMs);

/**
 * How many samples the window holds at the least. Samples and the classic engine's evaluations are on full minutes;
 * CloudWatch evaluates PromQL at some second of its own.
 */
function samplesIn(range: RangeSelector | Subquery, { context }: Subject): number {
  const { offsetMs, at } = range.kind === 'range' ? range.selector : range;
  const stepMs = stepOf(range);
  const isInStep = stepMs % everyMs === 0 || everyMs % stepMs === 0;
  if (context.engine === 'promql' || typeof at === 'number' || !isInStep)
    return Math.floor(range.rangeMs / stepMs);
  const from = -offsetMs - range.rangeMs;
  const first = context.edition === 2 ? Math.ceil(from / stepMs) : Math.floor(from / stepMs) + 1;
  return Math.floor(-offsetMs / stepMs) - first + 1;
}
