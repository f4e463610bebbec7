import { expect, it } from 'vitest';
import { printable } from '../../lambdas/engine/printable.ts';

it('lets no escape sequence reach a terminal', () => {
  expect(printable('\u001b[31mred\u0007')).toBe('\ufffd[31mred\ufffd');
});

it('lets no line break fake a row', () => {
  expect(printable('a\nEvidence: none\r\u2028b')).toBe('a\ufffdEvidence: none\ufffd\ufffdb');
});

it('lets no override turn the direction of text', () => {
  expect(printable('\u202egnp.exe')).toBe('\ufffdgnp.exe');
});

it('leaves names of any language as they are', () => {
  expect(printable('Bestell-Dienst 注文 заказ 🚚')).toBe('Bestell-Dienst 注文 заказ 🚚');
});

it('cuts what is longer than a reader wants', () => {
  expect(printable('x'.repeat(11), 10)).toBe(`${'x'.repeat(9)}…`);
  expect(printable('x'.repeat(10), 10)).toBe('x'.repeat(10));
});
