import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startChild } from './child.ts';
import { withLock } from './lock.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { waitFor } from './wait.ts';

it('lets one at a time work under a name', async () => {
  const seen: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    seen.push(`${name} begins`);
    for (let turns = 0; turns < 20; turns += 1) await turn();
    seen.push(`${name} ends`);
  };
  await Promise.all([withLock('turns', work('first')), withLock('turns', work('second'))]);
  expect(seen).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
});

it('does not make different names wait for each other', async () => {
  expect(await withLock('outer', () => withLock('inner', () => Promise.resolve('done')))).toBe('done');
});

it('is free again when work under it fails', async () => {
  await expect(withLock('failing', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await withLock('failing', () => Promise.resolve('done'))).toBe('done');
});

it('is free again when the process that holds it is killed', async () => {
  const logFile = path.join(temporaryFolder('lock'), 'holder.log');
  const holder = await startChild({
    command: process.execPath,
    args: [
      '--input-type=module',
      '--eval',
      `import { withLock } from ${JSON.stringify(path.join(import.meta.dirname, 'lock.ts'))};
       await withLock('held', async () => { console.log('held'); await new Promise(() => setInterval(() => {}, 1000)); });`,
    ],
    logFile,
  });
  await waitFor('the other process to hold the lock', async () =>
    (await readFile(logFile, 'utf8')).includes('held'),
  );
  const mine = withLock('held', () => Promise.resolve('mine'));
  expect(await Promise.race([mine, pause(100, 'still held')])).toBe('still held');
  holder.signal('SIGKILL');
  expect(await mine).toBe('mine');
});
