import path from 'node:path';
import { environment } from '../../lambdas/environment.ts';
import { run } from '../services/command.ts';
import { functionResources } from '../services/function-resources.ts';
import type { Moto } from '../services/moto.ts';
import { deployed } from './deployed.ts';

/** As the Lambda runtime's bootstrap starts node: a tenth of the memory for both semi-spaces, the rest for old space. */
const newSpace = Math.floor(deployed.memoryMegabytes / 10);
export const lambdaFlags = [
  '--expose-gc',
  '--max-http-header-size=81920',
  `--max-semi-space-size=${Math.floor(newSpace / 2)}`,
  `--max-old-space-size=${deployed.memoryMegabytes - newSpace}`,
];

/** Runs the handler on one event and prints the process' peak memory in KiB. */
const script = (file: string): string => `
  const { existsSync, readFileSync } = await import('node:fs');
  const { handler } = await import(${JSON.stringify(file)});
  await handler({}, { getRemainingTimeInMillis: () => 50_000 });
  // On Linux maxRSS counts what the parent held when it forked.
  const status = '/proc/self/status';
  const peak = existsSync(status)
    ? /^VmHWM:\\s+(\\d+) kB$/m.exec(readFileSync(status, 'utf8'))[1]
    : process.resourceUsage().maxRSS;
  console.log(peak);`;

export type PeakMemory = { readonly check: string; readonly bytes: number };

/**
 * The highest peak memory among processes that each run one check of the asset in `folder` for the first time, with
 * moto as AWS.
 * @throws Error if a handler failed, or could not see
 */
export async function peakMemory(
  folder: string,
  checkIds: readonly string[],
  moto: Moto,
): Promise<PeakMemory> {
  const aws = await functionResources(moto, 'memory');
  let highest: PeakMemory = { check: '', bytes: 0 };
  for (const check of checkIds) {
    const env = { ...moto.env, ...aws, [environment.check]: check, NODE_OPTIONS: deployed.nodeOptions };
    const args = [...lambdaFlags, '--input-type=module', '--eval', script(path.join(folder, 'index.mjs'))];
    const printed = await run(process.execPath, args, { env });
    const bytes = Number(printed.trim().split('\n').at(-1)) * 1_024;
    if (printed.includes('"unknown"') || Number.isNaN(bytes)) {
      throw new Error(`${check} was to be measured, but saw nothing: ${printed}`);
    }
    if (bytes > highest.bytes) highest = { check, bytes };
  }
  return highest;
}
