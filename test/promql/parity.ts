import fc from 'fast-check';
import { scene as anyScene } from './arbitrary-scene.ts';
import { differences } from './compare.ts';
import { ourAnswers } from './ours.ts';
import { answers } from './promtool.ts';
import type { Scene } from './promtool.ts';
import { unbiased } from '../unbiased.ts';

type Major = 2 | 3;

/** What tells our answers to the scenes from promtool's, one line a difference. */
export async function disagreements(major: Major, scenes: readonly Scene[]): Promise<readonly string[]> {
  const theirs = await answers(major, scenes);
  return scenes.flatMap((scene, index) => disagreementsOf(major, scene, theirs[index] ?? []));
}

function disagreementsOf(
  major: Major,
  scene: Scene,
  theirs: Awaited<ReturnType<typeof answers>>[number],
): string[] {
  const ours = ourAnswers(scene, major);
  return scene.questions.flatMap(({ text, atMs }, index) => {
    const [left, right] = [theirs[index], ours[index]];
    const found = left && right ? differences(left, right) : 'one of them is missing';
    if (found === undefined) return [];
    const series = scene.series.map((each) => `${each.series} ${each.values}`).join('; ');
    return [
      `${text} after ${atMs / 60_000} min over ${series} (a sample each ${scene.stepSeconds} s): ${found}`,
    ];
  });
}

/**
 * Generates scenes, asks promtool about all of them in one run, and shrinks the first on which we disagree.
 * Gives how many questions had an answer with samples, nothing, or an error.
 */
export async function generatedParity(
  major: Major,
  settings: { readonly seed: number; readonly numRuns: number },
): Promise<Readonly<Record<'samples' | 'nothing' | 'errors', number>>> {
  const parameters = unbiased(settings);
  const scenes = fc.sample(anyScene, parameters);
  const theirs = await answers(major, scenes);
  const agreed = new Set(
    scenes
      .filter((scene, index) => disagreementsOf(major, scene, theirs[index] ?? []).length === 0)
      .map(keyOf),
  );
  if (agreed.size < new Set(scenes.map(keyOf)).size) {
    await fc.assert(
      fc.asyncProperty(anyScene, async (scene) => {
        if (agreed.has(keyOf(scene))) return;
        const [first] = await disagreements(major, [scene]);
        if (first !== undefined) throw new Error(first);
      }),
      { ...parameters, plugins: [fc.interruptAfterTimeLimit(30_000, { failOnInterrupt: true })] },
    );
    throw new Error('promtool disagreed with us on a scene, and did not when it was asked again');
  }
  const all = theirs.flat();
  const errors = all.filter((answer) => 'error' in answer).length;
  const samples = all.filter((answer) => 'samples' in answer && answer.samples.length > 0).length;
  return { samples, nothing: all.length - samples - errors, errors };
}

const keyOf = (scene: Scene): string => JSON.stringify(scene);
