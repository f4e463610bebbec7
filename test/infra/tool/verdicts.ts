import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PrometheusMajor } from '../../services/prometheus.ts';
import { runPromtool, type PromtoolRun } from '../../services/promtool.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

export type Verdict = { readonly isPassed: boolean; readonly printed: string };

/** What `promtool test rules` says of a test file in a folder with those other files. */
export async function verdict(
  major: PrometheusMajor,
  suite: string,
  others: Readonly<Record<string, string>> = {},
): Promise<Verdict> {
  const folder = temporaryFolder('verdict');
  const file = path.join(folder, 'suite.yml');
  for (const [name, content] of Object.entries({ ...others, 'suite.yml': suite }))
    await writeFile(path.join(folder, name), content);
  return verdictOf(major, file);
}

/** What `promtool test rules` says of a test file where it stands. */
export async function verdictOf(major: PrometheusMajor, file: string): Promise<Verdict> {
  const { status, stdout, stderr } = await testRules(major, [file]);
  return { isPassed: status === 0, printed: stdout + stderr };
}

/** Whether each of these test files passes, asked of one process. */
export async function passed(major: PrometheusMajor, suites: readonly string[]): Promise<readonly boolean[]> {
  const folder = temporaryFolder('verdicts');
  const files = suites.map((_, index) => path.join(folder, `suite-${index}.yml`));
  for (const [index, file] of files.entries()) await writeFile(file, suites[index] ?? '');
  const { stdout } = await testRules(major, files);
  // Of each file, under its name in Prometheus 2, two lines: SUCCESS or nothing, and nothing.
  const lines = stdout.split('\n').filter((line) => !line.startsWith('Unit Testing:'));
  if (lines.length !== 2 * files.length + 1)
    throw new Error(`promtool ${major} printed ${lines.length} lines on ${files.length} files`);
  return files.map((_, index) => lines[2 * index]?.trim() === 'SUCCESS');
}

const testRules = (major: PrometheusMajor, files: readonly string[]): Promise<PromtoolRun> =>
  runPromtool(major, ['test', 'rules', ...files]);
