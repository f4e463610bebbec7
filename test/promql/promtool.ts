import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { prometheusProgram } from '../services/prometheus.ts';
import type { PrometheusMajor } from '../services/prometheus.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';

/** What promtool printed, whatever its exit status says. */
export async function promtool(
  major: PrometheusMajor,
  args: readonly string[],
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = temporaryFolder('promtool');
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
  const { path: file } = await prometheusProgram('promtool', major);
  return new Promise((resolve, reject) => {
    execFile(file, args, { cwd: folder, maxBuffer: 256 * 2 ** 20 }, (error, stdout, stderr) => {
      // A status is promtool's verdict; anything else means that it did not run.
      if (error !== null && typeof error.code !== 'number') reject(new Error(`${file} did not run`, { cause: error }));
      else resolve(stdout + stderr);
    });
  });
}

/** One run of `promtool check rules`: its complaint of each expression, undefined where it has none. */
export async function complaints(
  major: PrometheusMajor,
  texts: readonly string[],
): Promise<readonly (string | undefined)[]> {
  const rules = texts.map((text, index) => ({ alert: `rule ${index}`, expr: text }));
  const printed = await promtool(major, ['check', 'rules', 'rules.yml'], {
    'rules.yml': JSON.stringify({ groups: [{ name: 'all', rules }] }),
  });
  const found = new Map<number, string>();
  for (const [, index, message] of printed.matchAll(/group "all", rule (\d+), "rule \d+": (.*)/g)) {
    found.set(Number(index) - 1, message ?? '');
  }
  if (found.size === 0 && !printed.includes('SUCCESS'))
    throw new Error(`promtool said: ${printed.slice(0, 500)}`);
  return texts.map((_text, index) => found.get(index));
}
