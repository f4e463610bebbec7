import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { terminal } from '../../../infra/local/terminal.ts';
import type { RunDocument } from '../../../infra/local/document.ts';
import { crowded, documentOf, entry, target } from './screen/documents.ts';

/** A stream that keeps what is written; with `columns` it is a terminal. */
function stream(columns?: number, rows = 24) {
  const kept = new PassThrough();
  const tty = { isTTY: true, columns, rows, getColorDepth: () => WriteStream.prototype.getColorDepth() };
  return Object.assign(kept, columns === undefined ? {} : tty) as unknown as NodeJS.WriteStream &
    PassThrough & { columns: number };
}
const written = (from: PassThrough) => (from.read() as Buffer | null)?.toString() ?? '';

const isCrowded = documentOf([target('hub1')], crowded);
const isWell = documentOf([target('hub1')], entry());
const seen = (document: RunDocument) => ({ document, notices: [], alarms: [] });

function shown(document: RunDocument, columns?: number) {
  const out = stream(columns);
  terminal(out, stream()).show(document);
  return written(out);
}

beforeEach(() => {
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'NODE_DISABLE_COLORS', 'CI']) vi.stubEnv(name, undefined);
  vi.stubEnv('TERM', 'xterm-256color');
});
afterEach(() => vi.unstubAllEnvs());

const hasControls = (text: string) => stripVTControlCharacters(text) !== text;

describe('a terminal', () => {
  it('gets colours, and else the same text as a pipe of its width', () => {
    const text = shown(isCrowded, 100);
    expect([hasControls(text), stripVTControlCharacters(text)]).toEqual([true, shown(isCrowded)]);
  });

  it('gets no colours where NO_COLOR says so, and a pipe none at all', () => {
    expect(hasControls(shown(isCrowded))).toBe(false);
    vi.stubEnv('NO_COLOR', '1');
    expect(hasControls(shown(isCrowded, 200))).toBe(false);
  });

  it.each([
    ['its own width', 60, 60],
    ['100 columns where it does not say how wide it is', 0, 100],
    ['100 columns in a pipe', undefined, 100],
    ['40 columns where it is narrower', 10, 40],
  ])('gets lines of %s', (_what, columns, width) => {
    const long = entry({ diagnoses: [{ id: 'a', outcome: 'ok', seen: 'x'.repeat(200) }] });
    const [, row = ''] = stripVTControlCharacters(shown(documentOf([target('hub1')], long), columns)).split(
      '\n',
    );
    expect(row.length).toBe(width);
  });
});

describe('a watch', () => {
  const [enter, leave, home] = ['\u001b[?1049h\u001b[?25l', '\u001b[?25h\u001b[?1049l', '\u001b[H\u001b[2J'];
  const [row, total] = ['warning  10:02  hub1   connection-count', '1 warning: 1 check, 1 server'];

  it('takes the screen of a terminal once, draws it anew at each look, and gives it back with what is wrong', () => {
    const out = stream(80);
    const screen = terminal(out, stream());
    screen.watch(seen(isWell));
    screen.watch(seen(isCrowded));
    screen.end();
    screen.end();
    const text = written(out);
    const [before, watched = '', after = '', ...more] = text.split(/\u001b\[\?1049[hl]/);
    expect([before, more, text.startsWith(enter), text.includes(leave)]).toEqual(['', [], true, true]);
    expect(watched.split(home).length).toBe(3);
    expect(stripVTControlCharacters(after)).toBe(
      `warning   SERVER_011 Connections near the server maximum: hub1\n${total}\n`,
    );
  });

  it('is drawn anew when the size of its terminal changes, until it has ended', () => {
    const out = stream(80);
    const screen = terminal(out, stream());
    screen.watch(seen(isCrowded));
    written(out);
    out.columns = 120;
    out.emit('resize');
    const drawn = stripVTControlCharacters(written(out));
    expect(drawn).toContain(`${row}: 900 of 1,000 connections (90 %)\n`);
    screen.end();
    written(out);
    out.emit('resize');
    expect(written(out)).toBe('');
  });

  it('shows what is warned of on its screen, and again where it can be read after its end', () => {
    const [out, err] = [stream(80), stream(80)];
    const screen = terminal(out, err);
    screen.warn('before');
    expect(written(err)).toBe('warning: before\n');
    screen.watch(seen(isWell));
    screen.warn('meanwhile');
    expect([stripVTControlCharacters(written(out)).includes('\nwarning: meanwhile\n'), written(err)]).toEqual(
      [true, ''],
    );
    screen.end();
    expect(written(err)).toBe('warning: meanwhile\n');
  });

  it('that is ended before its first look leaves the terminal as it is', () => {
    const out = stream(80);
    terminal(out, stream()).end();
    expect(written(out)).toBe('');
  });

  it('in a pipe has no control characters, and is lines of what changes', () => {
    const [out, err] = [stream(), stream()];
    const screen = terminal(out, err);
    screen.watch(seen(isCrowded));
    const first = written(out);
    screen.watch(seen(isCrowded));
    screen.warn('meanwhile');
    screen.end();
    expect([hasControls(first), first.startsWith('2026-11-20 10:07 UTC\nOUTCOME  WHERE  SEEN\n')]).toEqual([
      false,
      true,
    ]);
    expect([written(out), written(err)]).toEqual(['', 'warning: meanwhile\n']);
  });
});

describe('progress', () => {
  it('is shown on a terminal and wiped when it is done', () => {
    const err = stream(80);
    const done = terminal(stream(), err).progress('reading 3 servers');
    expect(written(err)).toBe('reading 3 servers ...');
    done();
    expect(written(err)).toBe('\r\u001b[K');
  });

  it('is not shown in a pipe', () => {
    const err = stream();
    terminal(stream(80), err).progress('reading 3 servers')();
    expect(written(err)).toBe('');
  });
});
