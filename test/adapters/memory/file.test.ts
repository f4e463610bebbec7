import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fileMemory, processMemory } from '../../../lambdas/adapters/memory/file.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';
import { selfSigned } from '../http/self-signed.ts';
import { aMemory, claimed, emptyOutbox, key, minute, nextMinute, outbox } from './laws.ts';

const folder = temporaryFolder('file-memory');
const newFile = (): string => path.join(mkdtempSync(path.join(folder, 'case-')), 'memory.json');

/** A clock on which no minute of the laws is still to come. */
const after = { now: () => nextMinute + 60_000 };

describe('memory of a process', () => {
  aMemory(() => processMemory(after));
});

describe('memory in a file', () => {
  aMemory(() => fileMemory(newFile(), after));

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
    [
      'cut off',
      '{"connection-count#eu":{"claimed":17',
      "Expected ',' or '}' after property value in JSON at position 36",
    ],
    ['of another shape', '{"a#b":{"claimed":"x"}}', 'unexpected shape at "a#b.claimed"'],
  ])('keeps a memory aside that is %s, and says so', async (_what, broken, reason) => {
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
    writeFileSync(file, cutOff('a'));
    const memory = fileMemory(file);
    await memory.claim(key, minute);
    const other = await claimed(memory, minute, { check: 'server-up', cluster: 'eu' });
    expect(other.unreadable).toContain(`memory file ${file}: `);
  });

  it('speaks of a broken file no more once a run was claimed after it', async () => {
    const file = newFile();
    writeFileSync(file, cutOff('a'));
    const memory = fileMemory(file);
    await memory.claim(key, minute);
    expect((await claimed(memory, nextMinute)).unreadable).toBeNull();
  });

  it('keeps a second broken file beside the first', async () => {
    const file = newFile();
    for (const text of [cutOff('first'), cutOff('second')]) {
      writeFileSync(file, text);
      await fileMemory(file).claim(key, minute);
    }
    expect([`${file}.broken`, `${file}.broken.2`].map((name) => readFileSync(name, 'utf8'))).toEqual([
      cutOff('first'),
      cutOff('second'),
    ]);
  });

  it('starts in an empty file, as touch makes it, without a word', async () => {
    const file = newFile();
    writeFileSync(file, '');
    expect(await claimed(fileMemory(file), minute)).toMatchObject({ saved: null, unreadable: null });
    expect(await claimed(fileMemory(file), nextMinute)).toMatchObject({ unreadable: null });
  });

  it('reads what another tool wrote anew with the same content', async () => {
    const file = newFile();
    await (await claimed(fileMemory(file), minute)).save('{"kept":1}', outbox);
    writeFileSync(file, JSON.stringify(JSON.parse(readFileSync(file, 'utf8')), null, 2));
    expect((await claimed(fileMemory(file), nextMinute)).saved).toBe('{"kept":1}');
  });

  it('keeps the mode of a file that only its owner may read', async () => {
    const file = newFile();
    writeFileSync(file, '', { mode: 0o600 });
    await (await claimed(fileMemory(file), minute)).save('{"kept":1}', outbox);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is written through a symbolic link, which stays one', async () => {
    const file = newFile();
    const link = path.join(path.dirname(file), 'link.json');
    writeFileSync(file, '');
    symlinkSync('memory.json', link);
    await (await claimed(fileMemory(link), minute)).save('{"kept":1}', outbox);
    expect([lstatSync(link).isSymbolicLink(), readlinkSync(link)]).toEqual([true, 'memory.json']);
    expect((await claimed(fileMemory(file), nextMinute)).saved).toBe('{"kept":1}');
  });
});

/** As a memory begins. */
const cutOff = (word: string) => `{"connection-count#eu":{"claimed":1,"state":"${word}`;

describe('memory of a time that has not come', () => {
  const later = minute + 3 * 60 * 60_000;
  const clock = { now: () => minute + 500 };
  const fromLater = async () => {
    const file = newFile();
    await (await claimed(fileMemory(file, { now: () => later }), later)).save('{"kept":1}', outbox);
    return file;
  };

  it('in a file is put aside, and the run is a first one that says why', async () => {
    const file = await fromLater();
    const text = readFileSync(file, 'utf8');
    const claim = await claimed(fileMemory(file, clock), minute);
    expect(claim).toMatchObject({
      saved: null,
      outbox: emptyOutbox,
      unreadable: `memory file ${file}: its last run was at 2026-11-20 15:00 UTC, 2 h 59 min ahead of this clock; kept as ${file}.ahead`,
      isAhead: true,
    });
    expect(readFileSync(`${file}.ahead`, 'utf8')).toBe(text);
  });

  it('is told to every check of the run, and to no later run', async () => {
    const memory = fileMemory(await fromLater(), clock);
    const reasons = [
      (await claimed(memory, minute)).unreadable,
      (await claimed(memory, minute, { check: 'server-up', cluster: 'eu' })).unreadable,
      (await claimed(memory, nextMinute)).unreadable,
    ];
    expect(reasons).toEqual([expect.stringContaining('ahead'), expect.stringContaining('ahead'), null]);
  });

  it('of a process whose clock was set back is left behind', async () => {
    let now = later;
    const memory = processMemory({ now: () => now });
    await (await claimed(memory, later)).save('{"kept":1}', outbox);
    now = minute;
    expect(await claimed(memory, minute)).toMatchObject({
      saved: null,
      unreadable: 'memory of this process: its last run was at 2026-11-20 15:00 UTC, 3 h ahead of this clock',
      isAhead: true,
    });
  });

  it('is none where the clock has reached it: an older moment is refused, as ever', async () => {
    const file = await fromLater();
    expect(await fileMemory(file, { now: () => later }).claim(key, minute)).toBeNull();
    expect((await claimed(fileMemory(file, { now: () => later }), later + 1)).saved).toBe('{"kept":1}');
  });

  it('is none where a run was asked for a moment just before the clock is there', async () => {
    const memory = fileMemory(newFile(), { now: () => minute - 1 });
    await memory.claim(key, minute);
    const other = await claimed(memory, minute, { check: 'server-up', cluster: 'eu' });
    expect(other.unreadable).toBeNull();
  });

  it('beyond any calendar is reported too', async () => {
    const file = newFile();
    writeFileSync(file, JSON.stringify({ 'connection-count#eu': { claimed: 1e300, state: null, outbox } }));
    expect((await claimed(fileMemory(file, clock), minute)).unreadable).toContain(
      'a time that no calendar has',
    );
  });
});

describe('what is no memory is left as it is:', () => {
  /** All that stands in a folder. */
  const contents = (folder: string) =>
    readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const name = path.join(folder, entry.name);
      const { mode, ino, mtimeMs } = lstatSync(name);
      return [entry.name, mode, ino, mtimeMs, entry.isFile() ? readFileSync(name).toString('hex') : ''];
    });
  const wayOut = 'It was left as it is: name a file that does not exist yet, or that --memory wrote';

  it.each<[what: string, make: (file: string) => void, said: string]>([
    [
      'a text',
      (file) => writeFileSync(file, 'Dear all, this is no memory.\n'),
      'it is a text file and no memory.',
    ],
    ['settings', (file) => copyFileSync('infra/settings.yaml', file), 'it is YAML and no memory.'],
    ['YAML that begins a document', (file) => writeFileSync(file, '---\n- a\n'), 'it is YAML and no memory.'],
    ['JSON', (file) => copyFileSync('package.json', file), 'it is JSON of something else and no memory.'],
    [
      'a list in JSON',
      (file) => writeFileSync(file, '[{"claimed": 1}]'),
      'it is JSON of something else and no memory.',
    ],
    ['an empty object', (file) => writeFileSync(file, '{}'), 'it is JSON of something else and no memory.'],
    [
      'JSON with names like ours',
      (file) => writeFileSync(file, '{"a#b":{"state":1}}'),
      'it is JSON of something else and no memory.',
    ],
    [
      'a key',
      (file) => writeFileSync(file, selfSigned('a').key),
      'it is a PEM file, certificates or keys and no memory.',
    ],
    [
      'what was packed',
      (file) => writeFileSync(file, gzipSync('{"a#b":{"claimed":1}}')),
      'it is a gzip file and no memory.',
    ],
    [
      'a program of six bytes',
      (file) => writeFileSync(file, Buffer.from('7f454c460201', 'hex')),
      'it is a program (ELF) and no memory.',
    ],
    ['a program', (file) => copyFileSync(process.execPath, file), 'it is a program (ELF) and no memory.'],
    [
      'an image',
      (file) => writeFileSync(file, Buffer.from('89504e470d0a1a0a0000', 'hex')),
      'it is a PNG image and no memory.',
    ],
    [
      'three bytes that no text has',
      (file) => writeFileSync(file, Buffer.from('0a0102', 'hex')),
      'it is a binary file and no memory.',
    ],
    [
      'one byte that is no UTF-8',
      (file) => writeFileSync(file, Buffer.from('ff', 'hex')),
      'it is a binary file and no memory.',
    ],
    [
      'a long text whose last character is cut where it is looked at',
      (file) => writeFileSync(file, `${'a'.repeat(4_095)}é and more`),
      'it is a text file and no memory.',
    ],
    [
      'a text with colours',
      (file) => writeFileSync(file, '\u001b[31mred\u001b[0m\tand plain\r\n'),
      'it is a text file and no memory.',
    ],
    ['a folder', (file) => mkdirSync(file), 'it is a folder.'],
    [
      'a pipe, which would wait for a writer',
      (file) => execFileSync('mkfifo', [file]),
      'it is a pipe (FIFO).',
    ],
    [
      'a link to a device',
      (file) => symlinkSync('/dev/null', file),
      'it is a symbolic link to /dev/null, a device.',
    ],
    [
      'a link to something else',
      (file) => {
        writeFileSync(`${file}.notes`, 'notes');
        symlinkSync('memory.json.notes', file);
      },
      'it is a symbolic link to memory.json.notes, a text file and no memory.',
    ],
    [
      'a link to nothing',
      (file) => symlinkSync('gone.json', file),
      'it is a symbolic link to gone.json, which leads nowhere.',
    ],
    ['a link to itself', (file) => symlinkSync('memory.json', file), 'which leads nowhere.'],
    [
      'a memory of two names',
      (file) => {
        writeFileSync(file, '');
        linkSync(file, `${file}.second`);
      },
      'it is a file of 2 names (hard links), which replacing would part.',
    ],
  ])('%s', async (_what, make, said) => {
    const file = newFile();
    make(file);
    const before = contents(path.dirname(file));
    const refusal = await Promise.resolve()
      .then(() => fileMemory(file))
      .then(
        () => 'taken',
        (error: unknown) => String(error),
      );
    expect(refusal).toContain(`MemoryFileError: memory file ${file}: `);
    expect(refusal).toContain(`${said} ${wayOut}`);
    expect(contents(path.dirname(file))).toEqual(before);
  });

  it('a device', () => {
    expect(() => fileMemory('/dev/null')).toThrow(`memory file /dev/null: it is a device. ${wayOut}`);
  });

  it('a link of the system, behind which an empty file may be', () => {
    expect(() => fileMemory('/dev/stdout')).toThrow(
      `memory file /dev/stdout: it is a link of the system, behind which any file may be. ${wayOut}`,
    );
  });

  it('a memory that nobody may write', () => {
    const file = newFile();
    writeFileSync(file, '', { mode: 0o444 });
    expect(() => fileMemory(file)).toThrow(
      `memory file ${file}: it is read-only: chmod u+w it, or name another file`,
    );
  });

  it('a file whose folder is missing, or is none', () => {
    const [missing, below] = [path.join(folder, 'no-such-folder', 'memory.json'), '/dev/null/memory.json'];
    expect(() => fileMemory(missing)).toThrow(
      `memory file ${missing}: there is no folder ${path.dirname(missing)}: make it first`,
    );
    expect(() => fileMemory(below)).toThrow(`memory file ${below}: it cannot be looked at (ENOTDIR)`);
    expect(() => fileMemory(`${folder}/new/`)).toThrow(
      `memory file ${folder}/new/: it is the name of a folder.`,
    );
  });

  it('what took the place of a memory between two runs', async () => {
    const file = newFile();
    const memory = fileMemory(file);
    await memory.claim(key, minute);
    writeFileSync(file, 'someone wrote here');
    await expect(memory.claim(key, nextMinute)).rejects.toThrow('it is a text file and no memory.');
    expect(readFileSync(file, 'utf8')).toBe('someone wrote here');
  });
});
