import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { longest } from './long-first.ts';

it('the test files that start first are all there', () => {
  expect(longest.filter((file) => !existsSync(file))).toEqual([]);
});
