import { expect, it } from 'vitest';
import { closeReasons } from '../../lambdas/engine/close-reasons.ts';
import { nearest } from '../../lambdas/engine/nearest.ts';

const reasons = Object.keys(closeReasons);

it.each([
  ['Authentification Expired', 'Authentication Expired'],
  ['client closed', 'Client Closed'],
  ['StaleConnection', 'Stale Connection'],
  ['Slow Consumer', 'Slow Consumer (Pending Bytes)'],
  ['Kickd', 'Kicked'],
])('the word nearest to %s is %s', (text, expected) => {
  expect(nearest(text, reasons)).toBe(expected);
});

it.each(['', 'x', 'planned', 'Out Of Cheese'])('no word is near %j', (text) => {
  expect(nearest(text, reasons)).toBeNull();
});

it('no word is near where there are none', () => {
  expect(nearest('Kicked', [])).toBeNull();
});
