import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onPath, run } from '../../services/command.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';
import { waitUntil } from '../../services/wait.ts';

const tmux = await onPath('tmux');
const lacking = 'no tmux on PATH: the first screen is not looked at in a terminal';
const widths = [80, 120] as const;
const socket = path.join(temporaryFolder('terminal'), 'tmux');
const asking = (...words: readonly string[]): Promise<string> =>
  run(tmux ?? '', ['-S', socket, '-f', '/dev/null', ...words]);

const shown = async (width: number): Promise<readonly string[]> =>
  (await asking('capture-pane', '-p', '-t', `w${width}`)).trimEnd().split('\n');
const firstScreen = (width: number): Promise<readonly string[]> =>
  waitUntil(
    'the first screen',
    () => shown(width),
    (lines) => lines.some((line) => line.startsWith('ALARM STATE')),
  );

/** `npm start -- --watch` over the recorded scene of a cluster in trouble, in a terminal of 40 rows. */
beforeAll(async () => {
  if (tmux === undefined) return;
  const command = 'node_modules/.bin/node infra/local.ts --watch';
  for (const width of widths)
    await asking('new-session', '-d', '-s', `w${width}`, '-x', String(width), '-y', '40', command);
});
afterAll(() => (tmux === undefined ? undefined : asking('kill-server')));

describe.each(widths)('the first screen of a watch in a terminal of %d columns', (width) => {
  it('has what is wrong first, worst first, all of it in words, then what is well', async ({ skip }) => {
    skip(tmux === undefined, lacking);
    const lines = await firstScreen(width);
    expect(lines[0]).toMatch(
      /^\d\d:\d\d UTC {2}1 critical, 1 unknown, 5 warnings: 16 checks, 4 servers, 1 not read$/,
    );
    expect(lines[1]).toMatch(/^OUTCOME +SINCE +WHERE +SEEN$/);
    const outcomes = lines.flatMap((line) => /^(critical|unknown|warning|ok) /.exec(line)?.[1] ?? []);
    expect(outcomes.slice(0, 6)).toEqual(['critical', 'unknown', 'warning', 'warning', 'warning', 'warning']);
    expect(new Set(outcomes.slice(6))).toEqual(new Set(['ok']));
    const table = lines.slice(
      1,
      lines.findIndex((line) => line.startsWith('ok ')),
    );
    expect(table.filter((line) => line.includes('…'))).toEqual([]);
  });

  it('breaks no line: what goes on below stands in its column', async ({ skip }) => {
    skip(tmux === undefined, lacking);
    const lines = await firstScreen(width);
    const column = lines[1]?.indexOf('SEEN') ?? 0;
    const table = lines
      .slice(
        2,
        lines.findIndex((line) => line.startsWith('ALARM STATE')),
      )
      .filter(Boolean);
    expect(table.filter((line) => !/ {2}\S/.test(line.slice(column - 2, column + 1)))).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(40);
  });
});
