import fc from 'fast-check';
import { metrics, pick, scalar, vector, windowed } from './arbitrary-expression.ts';
import type { Scene } from './promtool.ts';

const value = fc.oneof(
  { weight: 10, arbitrary: fc.integer({ min: 0, max: 20 }).map(String) },
  { weight: 2, arbitrary: fc.constant('_') },
  { weight: 1, arbitrary: pick('stale', 'NaN', 'Inf', '-Inf', '-3', '0.1', '1e6', '0') },
);
/** Runs of a counter that may restart, gauges, gaps, late starts, ends. */
export const run = fc.oneof(
  { weight: 4, arbitrary: value },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat(9), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 5 }))
      .map(([start, growth, times]) => `${start}+${growth}x${times}`),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 8 }).map((times) => `_x${times}`) },
);
const identities = metrics.flatMap((name) =>
  ['a="x",b="1"', 'a="x",b="2"', 'a="y",b="1"', 'a="y"', 'b="1",c="k"'].map((pairs) => `${name}{${pairs}}`),
);
const seriesSet = fc
  .uniqueArray(fc.constantFrom(...identities), { minLength: 1, maxLength: 7 })
  .chain((names) =>
    fc.tuple(
      ...names.map((series) =>
        fc.array(run, { minLength: 1, maxLength: 10 }).map((words) => ({ series, values: words.join(' ') })),
      ),
    ),
  );

/** Series, and some expressions asked at every minute. */
export const scene: fc.Arbitrary<Scene> = fc
  .tuple(
    pick('60', '60', '30', '20'),
    seriesSet,
    fc.array(
      fc.oneof(
        { weight: 4, arbitrary: windowed },
        { weight: 4, arbitrary: vector },
        { weight: 1, arbitrary: scalar },
      ),
      { minLength: 1, maxLength: 6 },
    ),
    fc.integer({ min: 1, max: 12 }),
  )
  .map(([step, series, texts, minutes]) => ({
    stepSeconds: Number(step),
    series,
    questions: Array.from({ length: minutes }, (_each, minute) => minute * 60_000).flatMap((atMs) =>
      texts.map((text) => ({ text, atMs })),
    ),
  }));
