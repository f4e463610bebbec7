import { describe, expect, it } from 'vitest';
import { messages } from '../../../lambdas/engine/findings/messages.ts';
import type { Notice } from '../../../lambdas/engine/findings/report.ts';
import { context, named, notice } from './notices.ts';

describe('a subject', () => {
  const subjectOf = (...notices: readonly Notice[]) => messages(notices, context)[0]?.subject ?? '';

  it.each([
    [
      'a line break',
      'a\r\nBcc: everyone',
      '[warning] prod connection-count: opened SERVER_011 a??Bcc: everyone',
    ],
    ['an emoji', 'pump 😀', '[warning] prod connection-count: opened SERVER_011 pump ??'],
    ['another alphabet', 'Zoë 日本', '[warning] prod connection-count: opened SERVER_011 Zo? ??'],
    ['an escape sequence', '\u001b[2J', '[warning] prod connection-count: opened SERVER_011 ?[2J'],
  ])('takes a name with %s as printable ASCII', (_what, name, subject) => {
    expect(subjectOf(named(name))).toBe(subject);
  });

  it('is cut below 100 characters, and still counts the others', () => {
    const long = 'x'.repeat(300);
    expect(subjectOf(named(long))).toMatch(/^\[warning\] .*xxx\.\.\.$/);
    expect(subjectOf(named(long)).length).toBe(99);
    const many = subjectOf(named(long), ...Array.from({ length: 1_000 }, () => named('a')));
    expect(many).toMatch(/xxx\.\.\. and \d+ more$/);
    expect(many.length).toBe(99);
  });

  it('of 99 characters is not cut', () => {
    const fitting = 'x'.repeat(99 - '[warning] prod connection-count: opened SERVER_011 '.length);
    expect(subjectOf(named(fitting))).toMatch(/x$/);
    expect(subjectOf(named(`${fitting}x`))).toMatch(/\.\.\.$/);
  });
});

describe('the line for a phone', () => {
  it('is one line of at most 300 characters', () => {
    const [message] = messages([notice({}, { summary: `two\nlines ${'x'.repeat(400)}` })], context);
    expect(message?.short).toMatch(/^warning prod opened SERVER_011 hub1: two lines x+\.\.\.$/);
    expect(message?.short.length).toBe(300);
  });
});

describe('a message that SNS would find too large', () => {
  /** About 3,000 bytes of text and JSON. */
  const large = (n: number) =>
    notice({ id: `${n}` }, { why: 'x'.repeat(1_000), entity: { kind: 'client', name: `client${n}` } });
  const sent = (count: number) =>
    messages(
      Array.from({ length: count }, (_, i) => large(i)),
      context,
    );
  const bytes = ({ json, text, short }: { json: string; text: string; short: string }) =>
    Buffer.byteLength(JSON.stringify({ default: json, email: text, sms: short }));

  it('is split, every part being small enough, and no notice is lost or told twice', () => {
    const parts = sent(300);
    expect(parts.length).toBeGreaterThan(1);
    expect(Math.max(...parts.map(bytes))).toBeLessThan(250_000);
    const ids = parts.flatMap(({ json }) =>
      (JSON.parse(json) as { notices: readonly Notice[] }).notices.map(({ id }) => id),
    );
    expect(ids).toEqual(Array.from({ length: 300 }, (_, i) => `${i}`));
  });

  it('gives each part an id of its own, the same when it is made again', () => {
    const ids = sent(300).map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, i) => `connection-count/prod/warning/2026-11-20T10:07:00.000Z/${i + 1}`));
    expect(sent(300).map(({ id }) => id)).toEqual(ids);
  });

  it('stays whole where it is not', () => {
    expect(sent(10).map(({ id }) => id)).toEqual(['connection-count/prod/warning/2026-11-20T10:07:00.000Z']);
  });
});
