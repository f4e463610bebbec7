import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSync, version as esbuildVersion, type BuildOptions } from 'esbuild';
import type { RulePlan } from '../../lambdas/rules/plan.ts';
import { cachedByContent, type Files } from './content-cache.ts';
import { filesBeside } from './files-beside.ts';

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

const outdir = path.join(project, 'asset');
/** The handler in parts. */
const options = {
  ...bundling,
  entryPoints: { index: 'lambdas/handler.ts' },
  outdir,
  outExtension: { '.js': '.mjs' },
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  write: false,
} as const satisfies BuildOptions;

const handler = (): Files =>
  new Map(
    buildSync(options).outputFiles.map(({ path: file, contents }) => [path.relative(outdir, file), contents]),
  );

/** All that the bundled handler depends on: our sources, the packages as they are installed, and how it is made. */
function* inputs(): Iterable<string | Uint8Array> {
  yield JSON.stringify([esbuildVersion, { ...options, absWorkingDir: '', outdir: '' }]);
  yield installedPackages();
  const sources = path.join(project, 'lambdas');
  for (const name of readdirSync(sources, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!name.endsWith('.ts')) continue;
    yield name;
    yield readFileSync(path.join(sources, name));
  }
}

/** What npm wrote of the packages that are installed, for the project or the workspace that it is part of. Else nothing is the same twice. */
function installedPackages(): string | Uint8Array {
  for (let folder = project; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'node_modules/.package-lock.json');
    if (existsSync(file)) return readFileSync(file);
    if (folder === path.dirname(folder)) return randomUUID();
  }
}

/** Bundling takes longer than all else of a synth, and the handler seldom changes. */
const handlerCache = path.join(project, 'node_modules/.cache/nats-cloudwatch/handler');

/**
 * Writes what all functions run into `folder`: the handler with all that it imports, the AWS SDK included, source maps, its
 * settings and what synth made of the rules. What is imported only when it is needed, as PromQL, is in files of its
 * own, which takes a quarter off the start of a function that needs none of it. The files depend on the sources alone, not
 * on where they or `folder` are.
 * @param watch the settings that the handler reads again, as they were written
 * @param plan the rules that it evaluates
 * @param cache where the handler is kept for the next time
 * @throws esbuild's BuildFailure
 */
export function bundle(folder: string, watch: unknown, plan: RulePlan, cache = handlerCache): void {
  const written = new Map([
    ...cachedByContent(cache, inputs(), handler),
    ...Object.entries(filesBeside(watch, plan)).map(([file, text]) => [file, Buffer.from(text)] as const),
  ]);
  for (const [name, contents] of written) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
}
