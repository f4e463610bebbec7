import { expect, it } from 'vitest';
import { unseenText } from '../../lambdas/engine/unseen.ts';
import type { Unseen } from '../../lambdas/define.ts';

const [n1, n2] = (['n1', 'n2'] as const).map((name): Unseen => ({ name, why: 'failed' }));
const [old1, old2] = (['old1', 'old2'] as const).map((name): Unseen => ({ name, why: 'tooOld' }));
const [other1, other2] = (['a hidden one', 'another'] as const).map((name): Unseen => ({
  name,
  why: 'hidden',
}));

it.each([
  [[n1], 'n1 could not be read'],
  [[n1, n2], 'n1, n2 could not be read'],
  [[old1], 'old1 is too old to show it'],
  [[old1, old2], 'old1, old2 are too old to show it'],
  [[other1], 'a hidden one was not read'],
  [[other1, other2], 'a hidden one, another were not read'],
  [[other1, old1, n1], 'n1 could not be read, old1 is too old to show it, a hidden one was not read'],
  [[], ''],
])('only what failed is said to have: %j', (unseen, text) => {
  expect(unseenText(unseen as readonly Unseen[])).toBe(text);
});
