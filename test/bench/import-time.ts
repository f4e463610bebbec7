import path from 'node:path';
import { run } from '../services/command.ts';

const timesEach = 25;

/** What importing `index.mjs` of each folder takes a fresh process, in turns; Node's own start is not counted. */
export async function importTimesMs(
  folders: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<readonly (readonly number[])[]> {
  const times = folders.map((): number[] => []);
  for (let i = 0; i < timesEach; i += 1) {
    for (const [index, folder] of folders.entries()) {
      times[index]?.push(await importTimeMs(path.join(folder, 'index.mjs'), env));
    }
  }
  return times;
}

async function importTimeMs(file: string, env: NodeJS.ProcessEnv): Promise<number> {
  const script = `
    const started = performance.now();
    await import(${JSON.stringify(file)});
    console.log(performance.now() - started);`;
  return Number(await run(process.execPath, ['--input-type=module', '--eval', script], { env }));
}
