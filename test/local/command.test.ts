import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveRecorded, type Replay } from '../replay.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';

const project = path.resolve(import.meta.dirname, '../..');

let alone: Replay;
beforeAll(async () => {
  alone = await serveRecorded(path.join(project, 'test/recorded/2.15.1/alone'));
});
afterAll(() => alone.stop());

/** The real command. */
function spawned(...argv: readonly string[]) {
  const node = path.join(project, 'node_modules/.bin/node');
  return spawn(node, ['lambdas/local.ts', ...argv], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 50_000,
    killSignal: 'SIGKILL',
  });
}

/** The real command, to its end. */
async function start(...argv: readonly string[]) {
  const child = spawned(...argv);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { stdout, stderr, code: child.exitCode };
}

describe('npm start', () => {
  it('--json prints one document and nothing else on stdout', async () => {
    const { stdout, stderr, code } = await start(
      '--json',
      '--check',
      'connection-count',
      alone.targets[0]?.url ?? '',
    );
    const document = JSON.parse(stdout) as { targets: readonly object[] };
    expect([Object.keys(document), document.targets.length, stderr, code]).toEqual([
      ['takenAt', 'targets', 'checks'],
      1,
      '',
      0,
    ]);
  });

  it('with a fault of its own is unknown too, not the warning that Node would exit with', async () => {
    const { stdout, stderr, code } = await start(
      '--memory',
      '/no/such/folder/memory.json',
      alone.targets[0]?.url ?? '',
    );
    expect([stdout, code]).toEqual(['', 3]);
    expect(stderr).toMatch(
      /^Error: memory file \/no\/such\/folder\/memory\.json cannot be written: Error: ENOENT/,
    );
  });

  it('says once, for all checks, that the memory file cannot be read', async () => {
    const file = path.join(temporaryFolder('local-command'), 'memory.json');
    await writeFile(file, 'no JSON');
    const { stderr } = await start('--memory', file, alone.targets[0]?.url ?? '');
    expect(stderr.match(/memory file|unreadable/g)).toEqual(['memory file']);
  });

  it('--watch ends at Ctrl-C with the exit code of what it showed last', async () => {
    const child = spawned('--watch', '--check', 'connection-count', alone.targets[0]?.url ?? '');
    const exited = once(child, 'exit');
    let shown = '';
    for await (const part of child.stdout.setEncoding('utf8')) {
      shown += String(part);
      if (shown.includes('OUTCOME') && child.kill('SIGINT')) break;
    }
    expect(shown).toMatch(/^ok +connection-count/m);
    expect(await exited).toEqual([0, null]);
  });
});
