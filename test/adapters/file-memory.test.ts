import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileMemory, processMemory } from '../../lambdas/adapters/file-memory.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { aMemory, claimed, emptyOutbox, key, minute, nextMinute, outbox } from './memory-laws.ts';

const folder = temporaryFolder('file-memory');
const newFile = (): string => path.join(mkdtempSync(path.join(folder, 'case-')), 'memory.json');

describe('memory of a process', () => {
  aMemory(processMemory);
});

describe('memory in a file', () => {
  aMemory(() => fileMemory(newFile()));

  it('lets the next process remember', async () => {
    const file = newFile();
    await (await claimed(fileMemory(file), minute)).save('{"kept":1}', outbox);
    expect(await claimed(fileMemory(file), nextMinute)).toMatchObject({
      saved: '{"kept":1}',
      outbox,
      unreadable: null,
    });
  });

  it('tells two runs of one millisecond after another apart', async () => {
    const memory = fileMemory(newFile());
    await memory.claim(key, minute + 1);
    expect(await memory.claim(key, minute + 2)).not.toBeNull();
  });

  it('leaves one file behind and no temporary ones', async () => {
    const file = newFile();
    const run = await claimed(fileMemory(file), minute);
    await run.save('{"kept":1}', outbox);
    await run.clearOutbox();
    expect(readdirSync(path.dirname(file))).toEqual(['memory.json']);
  });

  it('is JSON that can be read by other tools', async () => {
    const file = newFile();
    await (await claimed(fileMemory(file), minute)).save('{"kept":1}', outbox);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      'connection-count#eu': { claimed: minute, state: '{"kept":1}', outbox },
    });
  });

  it.each([
    ['not JSON', 'half a fi', `Unexpected token 'h', "half a fi" is not valid JSON`],
    ['cut off', '{"connection-count#eu":{"clai', 'Unterminated string in JSON at position 29'],
    ['empty', '', 'Unexpected end of JSON input'],
    ['of another shape', '{"a#b":{"claimed":"x"}}', 'unexpected shape at "a#b.claimed"'],
  ])('keeps a file aside that is %s, and says so', async (_what, broken, reason) => {
    const file = newFile();
    writeFileSync(file, broken);
    const claim = await claimed(fileMemory(file), minute);
    expect(claim).toMatchObject({ saved: null, outbox: emptyOutbox });
    expect(claim.unreadable).toContain(`memory file ${file}: ${reason}`);
    expect(claim.unreadable).toContain(`kept as ${file}.broken`);
    expect(readFileSync(`${file}.broken`, 'utf8')).toBe(broken);
  });

  it('tells every check that its memory was in a broken file', async () => {
    const file = newFile();
    writeFileSync(file, 'broken');
    const memory = fileMemory(file);
    await memory.claim(key, minute);
    const other = await claimed(memory, minute, { check: 'server-up', cluster: 'eu' });
    expect(other.unreadable).toContain(`memory file ${file}: `);
  });

  it('speaks of a broken file no more once a run was claimed after it', async () => {
    const file = newFile();
    writeFileSync(file, 'broken');
    const memory = fileMemory(file);
    await memory.claim(key, minute);
    expect((await claimed(memory, nextMinute)).unreadable).toBeNull();
  });

  it('keeps a second broken file beside the first', async () => {
    const file = newFile();
    for (const text of ['first', 'second']) {
      writeFileSync(file, text);
      await fileMemory(file).claim(key, minute);
    }
    expect([`${file}.broken`, `${file}.broken.2`].map((name) => readFileSync(name, 'utf8'))).toEqual([
      'first',
      'second',
    ]);
  });

  it('names a file whose folder is missing', async () => {
    const file = path.join(folder, 'no-such-folder', 'memory.json');
    await expect(fileMemory(file).claim(key, minute)).rejects.toThrow(
      `memory file ${file} cannot be written: Error: ENOENT`,
    );
  });

  it('names a folder that was given as the file, and leaves it alone', async () => {
    const given = path.dirname(newFile());
    await expect(fileMemory(given).claim(key, minute)).rejects.toThrow(
      `memory file ${given} cannot be read: Error: EISDIR`,
    );
    expect(existsSync(`${given}.broken`)).toBe(false);
  });
});
