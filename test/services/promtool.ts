import { execFile } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { prometheusProgram, type PrometheusMajor } from './prometheus.ts';

export type PromtoolRun = { readonly status: number; readonly stdout: string; readonly stderr: string };

/** Runs promtool to its end. Its status is a verdict, not a failure; throws if it did not run. */
export async function runPromtool(
  major: PrometheusMajor,
  args: readonly string[],
  cwd?: string,
): Promise<PromtoolRun> {
  const { path: program } = await prometheusProgram('promtool', major);
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env, maxBuffer: 256 * 2 ** 20 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : error.code;
      if (typeof status === 'number') resolve({ status, stdout, stderr });
      else reject(new Error(`${program} did not run`, { cause: error }));
    });
  });
}

const memory = '/dev/shm';

/** A database is made for each test of a file and synced, which is slow on disks; garbage is collected by its end. */
const env = { ...process.env, GOGC: '400', ...(hasRoom(memory) ? { TMPDIR: memory } : {}) };

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > 2 ** 30;
  } catch {
    return false;
  }
}
