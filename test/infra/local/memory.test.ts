import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseMemory } from '../../../infra/local/memory.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

const folder = temporaryFolder('local-memory');
const [live, replay] = [{ isReplay: false }, { isReplay: true }];

/** A log, and what it was warned of. */
function listening() {
  const warnings: string[] = [];
  return { warnings, log: { info: () => {}, warn: (message: string) => void warnings.push(message) } };
}
const of = (check: string) => ({ check, cluster: 'c1' });

describe('the memory of local runs', () => {
  it('lasts from one look to the next, without a file too', async () => {
    const { log, warnings } = listening();
    const memory = chooseMemory(null, live, log);
    const claims = [await memory().claim(of('a'), 1), await memory().claim(of('a'), 1)];
    expect([claims.map((claimed) => claimed === null), warnings]).toEqual([[false, true], []]);
  });

  it('ends with each look at a recorded scene, whose moment is always the same', async () => {
    const { log, warnings } = listening();
    const memory = chooseMemory(null, replay, log);
    const claims = [await memory().claim(of('a'), 1), await memory().claim(of('a'), 1)];
    expect([claims.map((claimed) => claimed === null), warnings]).toEqual([[false, false], []]);
  });

  it('in a file is not touched by a recorded scene, which says so', async () => {
    const { log, warnings } = listening();
    const file = path.join(folder, 'unused.json');
    await chooseMemory(file, replay, log)().claim(of('a'), 1);
    expect([existsSync(file), warnings]).toEqual([
      false,
      [`--memory ${file} is not used: a recorded scene has one moment, nothing to remember`],
    ]);
  });

  it('in a file that cannot be read is new for every check, and that is said once', async () => {
    const { log, warnings } = listening();
    const file = path.join(folder, 'broken.json');
    writeFileSync(file, '{"a#b":{"claimed":');
    const memory = chooseMemory(file, live, log);
    const claims = [await memory().claim(of('a'), 1), await memory().claim(of('b'), 1)];
    expect(claims).toMatchObject([
      { saved: null, unreadable: null },
      { saved: null, unreadable: null },
    ]);
    expect(warnings).toEqual([
      expect.stringMatching(/^memory file .*; kept as .*\.broken; all checks start as on a first run$/),
    ]);
  });

  it('in a file that is no memory is refused before anything is read', () => {
    const { log } = listening();
    const file = path.join(folder, 'notes.txt');
    writeFileSync(file, 'notes');
    expect(() => chooseMemory(file, live, log)).toThrow(
      `memory file ${file}: it is a text file and no memory.`,
    );
  });
});
