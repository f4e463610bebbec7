import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const prefix = 'nats-cloudwatch-';
const folders: string[] = [];

/**
 * A fresh folder that is removed when this process exits. What a killed process left is removed by the next one: a
 * test runner ends its workers without letting them tidy up.
 */
export function temporaryFolder(purpose: string): string {
  if (folders.length === 0) {
    removeLeftovers();
    process.once('exit', () => folders.forEach(remove));
  }
  const folder = mkdtempSync(path.join(tmpdir(), `${prefix}${process.pid}-${purpose}-`));
  folders.push(folder);
  return folder;
}

function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = name.startsWith(prefix) ? /^(\d+)-/.exec(name.slice(prefix.length))?.[1] : undefined;
    if (owner !== undefined && !isAlive(Number(owner))) remove(path.join(tmpdir(), name));
  }
}

/** Whether a process of that pid runs, ours or another's. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Another user's, or a file that a dying process still writes: it is left to the next.
  }
}
