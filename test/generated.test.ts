import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { generated } from './gen.ts';

const project = path.resolve(import.meta.dirname, '..');

it('keeps generated files fresh: after a change run `npm run gen`', async () => {
  const expected = Object.fromEntries(await generated());
  const found = Object.keys(expected).map((file) => [file, readFileSync(path.join(project, file), 'utf8')]);
  expect(Object.fromEntries(found)).toEqual(expected);
});
