import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { processMemory } from '../../../lambdas/adapters/memory/file.ts';
import { minutes } from '../../../lambdas/durations.ts';
import type { RunReport } from '../../../lambdas/engine/findings/report.ts';
import { readArguments } from '../../../infra/local/arguments.ts';
import { chooseChecks, look, nowhere } from '../../../infra/local/look.ts';
import { chooseTargets } from '../../../infra/local/targets.ts';
import { serveRecorded } from '../../replay.ts';

const recorded = path.resolve(import.meta.dirname, '../../recorded');
const scenes = readdirSync(recorded, { recursive: true, encoding: 'utf8' })
  .filter((name) => path.basename(name) === 'scene.json')
  .map((name) => path.dirname(name))
  .toSorted();

/** What all checks tell of a scene in two runs a minute apart, and what they warn of. */
async function reported(scene: string) {
  const served = await serveRecorded(path.join(recorded, scene));
  const warnings: string[] = [];
  const reports: RunReport[] = [];
  try {
    const chosen = await chooseTargets(readArguments(served.targets.map(({ url }) => url)));
    const memory = processMemory();
    const log = { info: () => {}, warn: (message: string) => void warnings.push(message) };
    for (const after of [minutes(0), minutes(1)]) {
      const takenAt = served.takenAt.getTime() + after;
      reports.push(
        ...(await look(
          chooseChecks([]),
          { ...chosen, takenAt },
          { memory, metrics: nowhere, log, at: takenAt },
        )),
      );
    }
  } finally {
    await served.stop();
  }
  return { reports, warnings };
}

const textsOf = (reports: readonly RunReport[]): readonly string[] =>
  reports.flatMap(({ entries }) =>
    entries.flatMap(({ diagnoses, findings }) => [
      ...diagnoses.map(({ seen }) => seen),
      ...findings.flatMap(({ summary, evidence, why, remedy, commands }) => [
        summary,
        ...evidence,
        why,
        remedy,
        ...commands,
      ]),
    ]),
  );

describe.each(scenes)('the recorded scene %s', (scene) => {
  it('is told by every check in words, without a warning, and nothing secret is in it', async () => {
    const { reports, warnings } = await reported(scene);
    expect(warnings).toEqual([]);
    expect(reports.length).toBe(2 * chooseChecks([]).length);
    const texts = textsOf(reports);
    expect(
      texts.filter((text) => /undefined|NaN|(?<!\/dev\/)null|Infinity|\[object|\$\{/.test(text)),
    ).toEqual([]);
    expect(texts.filter((text) => text.trim() === '' || text !== text.trim())).toEqual([]);
    expect(/eyJ[A-Za-z0-9_-]{10}/.test(JSON.stringify(reports))).toBe(false);
    const observed = reports.flatMap(({ entries }) => entries.flatMap(({ observations }) => observations));
    expect(observed.filter(({ value }) => !Number.isFinite(value) || value < 0)).toEqual([]);
  });
});
