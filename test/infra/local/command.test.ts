import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/durations.ts';
import { serveRecorded, type Replay } from '../../replay.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

const project = path.resolve(import.meta.dirname, '../../..');

let alone: Replay;
beforeAll(async () => {
  alone = await serveRecorded(path.join(project, 'test/recorded/2.15.1/alone'));
});
afterAll(() => alone.stop());

/** The real command. */
function spawned(...argv: readonly string[]) {
  const node = path.join(project, 'node_modules/.bin/node');
  return spawn(node, ['infra/local.ts', ...argv], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: minutes(4),
    killSignal: 'SIGKILL',
  });
}

/** The real command, to its end. */
async function start(...argv: readonly string[]) {
  const child = spawned(...argv);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { stdout, stderr, code: child.exitCode };
}

/** A watch, interrupted once it has shown this. */
async function watched(argv: readonly string[], until: string) {
  const child = spawned('--watch', ...argv);
  const exited = once(child, 'exit');
  let shown = '';
  for await (const part of child.stdout.setEncoding('utf8')) {
    shown += String(part);
    if (shown.includes(until) && child.kill('SIGINT')) break;
  }
  return { shown, exited: await exited };
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

  it('that cannot keep its memory is unknown too, not the warning that Node would exit with, and says so in a sentence', async () => {
    const file = '/no/such/folder/memory.json';
    expect(await start('--memory', file, alone.targets[0]?.url ?? '')).toEqual({
      stdout: '',
      stderr: `memory file ${file}: there is no folder /no/such/folder: make it first\n`,
      code: 3,
    });
  });

  it('leaves a file that is no memory as it is, and names what it is', async () => {
    const file = path.join(temporaryFolder('local-command'), 'settings.yaml');
    await writeFile(file, 'clusters: []\n');
    const { stdout, stderr, code } = await start('--memory', file, alone.targets[0]?.url ?? '');
    expect([stdout, code, await readFile(file, 'utf8')]).toEqual(['', 3, 'clusters: []\n']);
    expect(stderr).toMatch(`memory file ${file}: it is YAML and no memory.`);
  });

  it('says once, for all checks, that the memory file cannot be read', async () => {
    const file = path.join(temporaryFolder('local-command'), 'memory.json');
    await writeFile(file, '{"server-up#local":{"claimed":');
    const { stderr } = await start('--memory', file, alone.targets[0]?.url ?? '');
    expect(stderr.match(/memory file|unreadable/g)).toEqual(['memory file']);
  });

  it('with a memory of tomorrow says so once and runs every check as on a first run', async () => {
    const file = path.join(temporaryFolder('local-command'), 'memory.json');
    const entry = { claimed: Date.now() + 86_400_000, state: null, outbox: { datapoints: [], messages: [] } };
    await writeFile(file, JSON.stringify({ 'server-up#local': entry, 'connection-count#local': entry }));
    const { stdout, stderr, code } = await start(
      ...['--check', 'server-up', '--check', 'connection-count', '--memory', file],
      alone.targets[0]?.url ?? '',
    );
    expect(stderr).toMatch(
      /^warning: memory file .*: its last run was at .* UTC, (1 d|23 h 59 min) ahead of this clock; kept as .*\.ahead; all checks start as on a first run\n$/,
    );
    expect([stdout.match(/^ok .*(server-up|connection-count):/gm)?.length, code]).toEqual([2, 0]);
  });

  it('--watch ends at Ctrl-C with the exit code of what it showed last', async () => {
    const { shown, exited } = await watched(
      ['--check', 'connection-count', alone.targets[0]?.url ?? ''],
      'OUTCOME',
    );
    expect(shown).toMatch(/^ok .* connection-count: /m);
    expect(exited).toEqual([0, null]);
  });

  it('--watch shows the alarms that rules of settings would have, as CloudWatch would', async () => {
    const folder = temporaryFolder('local-watch');
    await mkdir(folder, { recursive: true });
    const [target] = alone.targets;
    const rules = [
      { alert: 'SomeServer', expr: 'count(up == 1) > 0' },
      { alert: 'ManyServers', expr: 'count(up == 1) > 5' },
    ];
    await writeFile(path.join(folder, 'rules.json'), JSON.stringify({ groups: [{ name: 'g', rules }] }));
    await writeFile(
      path.join(folder, 'settings.json'),
      JSON.stringify({ clusters: [{ name: 'home', targets: [target] }], rules: ['rules.json'] }),
    );
    const argv = ['--check', 'rule-series', '--settings', path.join(folder, 'settings.json')];
    const { shown } = await watched(argv, '1 server');
    const [, table = ''] = shown.split(/(?=ALARM STATE)/);
    expect(table.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'TIME').split(/ *\n/)).toEqual([
      'ALARM STATE  SINCE                 ALARM',
      'ALARM        TIME  nats/home/SomeServer/warning',
      'OK                                 2 of 3 alarms',
      '',
      'warning   SomeServer Prometheus rule SomeServer: home',
      '1 warning: 1 check, 1 server',
      '',
    ]);
  });

  it('warns of one URL in two clusters, and names the cluster of each row', async () => {
    const folder = temporaryFolder('shared-url');
    await mkdir(folder, { recursive: true });
    const targets = [{ name: 'n1', url: alone.targets[0]?.url }];
    const clusters = ['east', 'west'].map((name) => ({ name, targets }));
    const file = path.join(folder, 'settings.json');
    await writeFile(file, JSON.stringify({ clusters }));
    const { stdout, stderr } = await start('--check', 'leafnode-connections', '--settings', file);
    expect(stderr).toContain(
      `warning: ${alone.targets[0]?.url} is a target of several clusters, n1 of east, n1 of west: `,
    );
    expect(stdout).toMatch(/^ok +2 servers +leafnode-connections$/m);
  });

  describe('with rules that are refused', () => {
    const settingsWith = async (alarms: object) => {
      const folder = temporaryFolder('refused-rules');
      const rules = [{ alert: 'Typo', expr: 'gnatsd_varz_memm > 3', labels: { severity: 'critical' } }];
      await writeFile(path.join(folder, 'rules.yaml'), JSON.stringify({ groups: [{ name: 'g', rules }] }));
      const clusters = [{ name: 'prod', targets: [{ name: 'n1', url: alone.targets[0]?.url }] }];
      const file = path.join(folder, 'settings.yaml');
      await writeFile(file, JSON.stringify({ clusters, rules: ['rules.yaml'], alarms }));
      return file;
    };

    it('names each, as nothing watches for it', async () => {
      const { stderr } = await start('--check', 'rule-series', '--settings', await settingsWith({}));
      expect(stderr).toMatch(
        /^warning: rules\.yaml:1 Typo: this rule is refused, so nothing watches for it: no NATS exporter has gnatsd_varz_memm/m,
      );
    });

    it('ends at once where settings are strict', async () => {
      const settings = await settingsWith({ strict: true });
      const { stdout, stderr, code } = await start('--settings', settings);
      expect([stdout, code]).toEqual(['', 3]);
      expect(stderr).toMatch(
        /1 refused, and alarms\.strict is true:\n.*rule .*\n.*Typo .*refused: no NATS exporter/,
      );
    });
  });
});
