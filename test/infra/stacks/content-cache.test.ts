import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cachedByContent, type Files } from '../../../infra/stacks/content-cache.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

/** Makes files that say how often they were made. */
function maker() {
  let times = 0;
  return (): Files => {
    times += 1;
    return new Map([
      ['index.mjs', Buffer.from(`made ${times}`)],
      [path.join('parts', 'one.mjs'), Buffer.from('part')],
    ]);
  };
}
const read = (files: Files) => Object.fromEntries([...files].map(([name, bytes]) => [name, String(bytes)]));
const made = (times: number) => ({ 'index.mjs': `made ${times}`, [path.join('parts', 'one.mjs')]: 'part' });

describe('what is kept by the content that it is made of', () => {
  it('is made once while that stays the same, by another process too', () => {
    const cache = path.join(temporaryFolder('cache'), 'handler');
    expect(read(cachedByContent(cache, ['a', 'b'], maker()))).toEqual(made(1));
    const second = maker();
    second();
    expect(read(cachedByContent(cache, ['a', 'b'], second))).toEqual(made(1));
  });

  it.each([
    ['changes', ['a', 'c']],
    ['is one file more', ['a', 'b', '']],
    ['moves from one file to the next', ['ab', '']],
  ])('is made anew when that %s, and what was kept before is gone', (_, inputs) => {
    const cache = temporaryFolder('cache');
    const make = maker();
    cachedByContent(cache, ['a', 'b'], make);
    expect(read(cachedByContent(cache, inputs, make))).toEqual(made(2));
    expect(readdirSync(cache).length).toBe(1);
    expect(read(cachedByContent(cache, ['a', 'b'], make))).toEqual(made(3));
  });

  it('is made each time where nothing can be kept', () => {
    const file = path.join(temporaryFolder('cache'), 'file');
    writeFileSync(file, '');
    const make = maker();
    cachedByContent(file, ['a'], make);
    expect(read(cachedByContent(file, ['a'], make))).toEqual(made(2));
  });
});
