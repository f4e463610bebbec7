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

it.each([
  ['nme', 'name'],
  ['nmae', 'name'],
  ['naame', 'name'],
  ['mame', 'name'],
  ['nam', 'name'],
  ['uri', 'url'],
  ['prd', 'prod'],
])('short words may have one letter wrong: %s is %s', (text, expected) => {
  expect(nearest(text, ['labels', 'name', 'url', 'tls', 'prod'])).toBe(expected);
});

it.each(['nm', 'ul', 'file', 'stage'])('but not two, nor one of two: %j', (text) => {
  expect(nearest(text, ['labels', 'name', 'url', 'tls', 'prod'])).toBeNull();
});

it.each(['', 'x', 'planned', 'Out Of Cheese'])('no word is near %j', (text) => {
  expect(nearest(text, reasons)).toBeNull();
});

it('no word is near where there are none', () => {
  expect(nearest('Kicked', [])).toBeNull();
});
