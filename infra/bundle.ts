import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { planFile, settingsFile } from '../lambdas/environment.ts';
import type { RulePlan } from '../lambdas/rules/plan.ts';

const project = path.resolve(import.meta.dirname, '..');

/** CommonJS among the dependencies calls `require` for Node's own modules, which an ES module has to be given. */
const requireForCommonJs = [
  "import { createRequire as __createRequire } from 'node:module';",
  'const require = __createRequire(import.meta.url);',
].join('');

/**
 * Writes what all functions run into `folder`: the handler with all that it imports, the AWS SDK included, its source
 * map, its settings and what synth made of the rules. The files depend on the sources alone, not on where they or `folder` are.
 * @param watch the settings that the handler reads again, as they were written
 * @param plan the rules that it evaluates
 * @throws esbuild's BuildFailure
 */
export function bundle(folder: string, watch: unknown, plan: RulePlan, entry = 'lambdas/handler.ts'): void {
  const { outputFiles } = buildSync({
    absWorkingDir: project,
    entryPoints: [entry],
    outfile: 'index.mjs',
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    // By this name undici knows that it is bundled, and leaves out its second, experimental parser of 170 KB.
    define: { esbuildDetection: 'true' },
    banner: { js: requireForCommonJs },
    legalComments: 'none',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'silent',
  });
  mkdirSync(folder, { recursive: true });
  for (const { path: file, contents } of outputFiles) {
    writeFileSync(path.join(folder, path.basename(file)), contents);
  }
  for (const [file, content] of [
    [settingsFile, watch],
    [planFile, plan],
  ] as const) {
    writeFileSync(path.join(folder, file), `${JSON.stringify(content, null, 2)}\n`);
  }
}
