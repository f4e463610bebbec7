import { run } from './command.ts';

/** By file, which does not change while tests run: a program is asked once, not before each of its runs. */
const known = new Map<string, Promise<string>>();

/** The version that a program prints, as the pattern's group finds it in what `--version` prints. */
export function printedVersion(file: string, pattern: RegExp): Promise<string> {
  const asked = known.get(file) ?? ask(file, pattern);
  known.set(file, asked);
  return asked;
}

async function ask(file: string, pattern: RegExp): Promise<string> {
  const printed = await run(file, ['--version']);
  const version = pattern.exec(printed)?.[1];
  if (version === undefined) throw new Error(`${file} --version printed ${JSON.stringify(printed)}`);
  return version;
}
