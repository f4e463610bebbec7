import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Writes a shell script that stands for a program, and gives its file. */
export async function script(folder: string, name: string, ...lines: readonly string[]): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, ['#!/bin/sh', ...lines, ''].join('\n'));
  await chmod(file, 0o755);
  return file;
}
