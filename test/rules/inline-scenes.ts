import fc from 'fast-check';
import type { RecordingRule } from '../../lambdas/rules/rule.ts';
import { pick, scalar, vector, windowed } from '../promql/arbitrary-expression.ts';
import { scene } from '../promql/arbitrary-scene.ts';
import { recording } from './recorded-scene.ts';

/** Recordings begin long before samples, so that no window reaches beyond them. */
export const firstSampleMinute = 30;

const labels = fc.constantFrom<Readonly<Record<string, string>>>(
  {},
  {},
  {},
  { a: 'z' },
  { a: '' },
  { team: 'a$1"' },
);
const expression = fc.oneof(
  { weight: 4, arbitrary: vector },
  { weight: 2, arbitrary: windowed },
  { weight: 1, arbitrary: scalar },
);
const asked = fc
  .tuple(
    pick('r:one', 'r:two', 'r:three'),
    pick('', '', '', '', '{a="x"}', '{a!="x",b="1"}', '{b=""}', '{a=~"x|z"}', '{team=""}'),
  )
  .map((parts) => parts.join(''));
const moved = pick(
  '',
  '',
  '',
  ' offset 1m',
  ' offset 90s',
  ' offset 3m',
  ' @ end()',
  ' @ 1800',
  ' offset 2m @ 1890',
);
const functions = 'rate max_over_time count_over_time deriv changes absent_over_time last_over_time'.split(
  ' ',
);

/** An expression over recorded names. */
const use = fc.oneof(
  fc.tuple(asked, moved).map((parts) => parts.join('')),
  fc
    .tuple(pick(...functions), asked, pick('1m', '2m', '90s', '5m', '30s'), moved)
    .map(([name, of, length, then]) => `${name}(${of}[${length}]${then})`),
  fc.tuple(asked, moved).map(([of, then]) => `absent(${of}${then})`),
  fc.tuple(asked, pick('1m', '30s', '2m', '')).map(([of, step]) => `avg_over_time((${of} * 2)[5m:${step}])`),
  fc.tuple(asked, pick('sum by (a)', 'max', 'count without (b)')).map(([of, by]) => `${by} (${of})`),
  fc.tuple(asked, pick('>', '+', '/', 'and', 'unless', 'or on (a)'), asked).map((parts) => parts.join(' ')),
);

export type RecordedScene = {
  readonly stepSeconds: number;
  /** In promtool's notation, from the first minute of samples on. */
  readonly series: readonly { readonly series: string; readonly values: string }[];
  /** The third reads others. */
  readonly rules: readonly RecordingRule[];
  readonly text: string;
  /** After the first sample. */
  readonly minute: number;
};

export const recordedScene: fc.Arbitrary<RecordedScene> = fc
  .record({
    scene,
    one: fc.tuple(expression, labels),
    two: fc.tuple(expression, labels),
    three: fc.tuple(use, labels),
    text: use,
    minute: fc.integer({ min: 0, max: 12 }),
  })
  .map(({ scene: { series, stepSeconds }, one, two, three: [expr, ofThree], text, minute }) => ({
    stepSeconds,
    series,
    rules: [
      recording('r:one', ...one),
      recording('r:two', ...two),
      recording('r:three', expr.replaceAll('r:three', 'r:one'), ofThree),
    ],
    text,
    minute,
  }));
