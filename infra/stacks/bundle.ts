import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSync, type BuildOptions } from 'esbuild';
import { planFile, settingsFile } from '../../lambdas/environment.ts';
import type { RulePlan } from '../../lambdas/rules/plan.ts';

const project = path.resolve(import.meta.dirname, '../..');

/** CommonJS among the dependencies calls `require` for Node's own modules, which an ES module has to be given. */
const requireForCommonJs = [
  "import { createRequire as __createRequire } from 'node:module';",
  'const require = __createRequire(import.meta.url);',
].join('');

/** How the handler is bundled, but for what and where to. */
export const bundling = {
  absWorkingDir: project,
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
} as const satisfies BuildOptions;

/**
 * Writes what all functions run into `folder`: the handler with all that it imports, the AWS SDK included, source maps, its
 * settings and what synth made of the rules. What is imported only when it is needed, as PromQL, is in files of its
 * own, which takes a quarter off the start of a function that needs none of it. The files depend on the sources alone, not
 * on where they or `folder` are.
 * @param watch the settings that the handler reads again, as they were written
 * @param plan the rules that it evaluates
 * @throws esbuild's BuildFailure
 */
export function bundle(folder: string, watch: unknown, plan: RulePlan): void {
  const outdir = path.join(project, 'asset');
  const { outputFiles } = buildSync({
    ...bundling,
    entryPoints: { index: 'lambdas/handler.ts' },
    outdir,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    write: false,
  });
  for (const { path: file, contents } of outputFiles) {
    const written = path.join(folder, path.relative(outdir, file));
    mkdirSync(path.dirname(written), { recursive: true });
    writeFileSync(written, contents);
  }
  for (const [file, content] of [
    [settingsFile, watch],
    [planFile, plan],
  ] as const) {
    writeFileSync(path.join(folder, file), `${JSON.stringify(content, null, 2)}\n`);
  }
}
