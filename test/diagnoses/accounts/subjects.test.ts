import { expect, it } from 'vitest';
import { contains, overlap } from '../../../lambdas/diagnoses/accounts/subjects.ts';

it.each([
  ['orders', 'orders', true],
  ['orders', 'prices', false],
  ['orders.*', 'orders.new', true],
  ['orders.*', '*.new', true],
  ['orders.*', 'orders.new.eu', false],
  ['orders.>', 'orders.new.eu', true],
  ['orders.>', 'orders', false],
  ['>', 'orders', true],
  ['*.new', 'orders.>', true],
])('%s and %s may mean one subject: %s', (a, b, expected) => {
  expect([overlap(a, b), overlap(b, a)]).toEqual([expected, expected]);
});

it.each([
  ['orders', 'orders', true],
  ['orders.*', 'orders.new', true],
  ['orders.*', 'orders.*', true],
  ['orders.*', 'orders.>', false],
  ['orders.>', 'orders.*', true],
  ['orders.>', 'orders.>', true],
  ['orders.>', 'orders', false],
  ['orders.new', 'orders.*', false],
  ['>', 'orders.>', true],
])('%s takes all of %s: %s', (pattern, subject, expected) => {
  expect(contains(pattern, subject)).toBe(expected);
});
