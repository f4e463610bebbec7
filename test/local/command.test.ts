import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveRecorded, type Replay } from '../replay.ts';

const project = path.resolve(import.meta.dirname, '../..');

let alone: Replay;
beforeAll(async () => {
  alone = await serveRecorded(path.join(project, 'test/recorded/2.15.1/alone'));
});
afterAll(() => alone.stop());

/** The real command, to its end. */
async function start(...argv: readonly string[]) {
  const node = path.join(project, 'node_modules/.bin/node');
  const child = spawn(node, ['lambdas/local.ts', ...argv], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
});
