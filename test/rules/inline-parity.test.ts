import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inliner } from '../../infra/rules/inline/inline.ts';
import { EvaluationError } from '../../lambdas/promql/index.ts';
import type { Series } from '../../lambdas/promql/index.ts';
import { differences } from '../promql/compare.ts';
import { seriesOf } from '../promql/ours.ts';
import { answers } from '../promql/promtool.ts';
import type { Answer, Scene } from '../promql/promtool.ts';
import { firstSampleMinute, recordedScene } from './inline-scenes.ts';
import type { RecordedScene } from './inline-scenes.ts';
import { minute, named, recordedBy, valuesAt } from './recorded-scene.ts';
import { unbiased } from '../unbiased.ts';

const inline = ({ text, rules }: RecordedScene) =>
  inliner(new Map(rules.map((rule) => [rule.record, rule])), { edition: 3, intervalMs: minute })(text);

/** The samples, and what was recorded of them; null where a recording fails, after which nothing can be told. */
function recorded(
  scene: RecordedScene,
): { readonly series: readonly Series[]; readonly all: readonly Series[] } | null {
  const series = scene.series.map((each) => {
    const { labels, samples } = seriesOf(each, scene.stepSeconds);
    return {
      labels,
      samples: samples.map(([at, value]) => [at + firstSampleMinute * minute, value] as const),
    };
  });
  const minutes = Array.from({ length: firstSampleMinute + scene.minute + 1 }, (_each, index) => index);
  const stored = orFailure(() => recordedBy(scene.rules, series, minutes));
  return stored === null ? null : { series, all: [...series, ...stored] };
}

it('gives what the recorded series give', () => {
  const seen = { compared: 0, something: 0 };
  fc.assert(
    fc.property(recordedScene, (scene) => {
      const inlined = inline(scene);
      const known = 'refused' in inlined ? null : recorded(scene);
      if ('refused' in inlined || known === null) return;
      const at = (firstSampleMinute + scene.minute) * minute;
      const theirs = orFailure(() => named(valuesAt(scene.text, known.all, at)));
      const ours = orFailure(() => named(valuesAt(inlined.text, known.series, at)));
      seen.compared += 1;
      if (theirs !== null && theirs.size > 0) seen.something += 1;
      expect(ours, inlined.text).toEqual(theirs);
    }),
    { seed: 31, numRuns: 400 },
  );
  expect(seen.compared).toBeGreaterThan(150);
  expect(seen.something).toBeGreaterThan(50);
});

it('gives what Prometheus gives that has recorded the names', async () => {
  const scenes = fc
    .sample(recordedScene, unbiased({ seed: 47, numRuns: 70 }))
    .filter((scene) => 'text' in inline(scene) && recorded(scene) !== null);
  const found = await answers(3, scenes.map(questionOf));
  const different = found.flatMap(([theirs, ours], index) => {
    const difference = theirs && ours ? differences(nameless(theirs), nameless(ours)) : 'no answer';
    return difference === undefined ? [] : [`${JSON.stringify(scenes[index])}: ${difference}`];
  });
  expect(different).toEqual([]);
  const something = found.filter(([theirs]) => theirs && 'samples' in theirs && theirs.samples.length > 0);
  expect(something.length).toBeGreaterThan(12);
});

/** The expression as it stands, and with recorded names written out. */
function questionOf(scene: RecordedScene): Scene {
  const inlined = inline(scene);
  const atMs = (firstSampleMinute + scene.minute) * minute;
  const blank = `_x${(firstSampleMinute * 60) / scene.stepSeconds}`;
  const rules = scene.rules.map(({ record, expr, labels }) => ({ record, expr, labels }));
  return {
    ruleFile: JSON.stringify({ groups: [{ name: 'all', rules }] }),
    stepSeconds: scene.stepSeconds,
    series: scene.series.map(({ series, values }) => ({ series, values: `${blank} ${values}` })),
    questions: [scene.text, 'text' in inlined ? inlined.text : ''].map((text) => ({ text, atMs })),
  };
}

/** Alerts do not have the series' name. */
const nameless = (answer: Answer): Answer =>
  'error' in answer
    ? answer
    : {
        samples: answer.samples.map(({ labels, value }) => ({ labels: { ...labels, __name__: '' }, value })),
      };

function orFailure<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}
