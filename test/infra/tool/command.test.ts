import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { usage } from '../../../infra/tool/arguments.ts';
import { command } from '../../../infra/tool/commands/command.ts';
import type { Line } from '../../../infra/tool/output.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

const project = path.resolve(import.meta.dirname, '../../..');
const files = 'test/infra/tool/files';

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** The command, in this process. */
async function rules(...argv: readonly string[]): Promise<Ended> {
  const { lines, code } = await command(argv);
  const said = (stream: Line['to']) =>
    lines
      .filter(({ to }) => to === stream)
      .map(({ text }) => `${text}\n`)
      .join('');
  return { code, stdout: said('stdout'), stderr: said('stderr') };
}

/** The real one, to its end. */
function spawned(...argv: readonly string[]): Promise<Ended> {
  const node = path.join(project, 'node_modules/.bin/node');
  return new Promise((resolve) => {
    const options = { cwd: project, maxBuffer: 64 * 2 ** 20 };
    execFile(node, ['infra/tool/main.ts', ...argv], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const folder = temporaryFolder('rule-tool');
function file(name: string, content: string | Uint8Array): string {
  const written = path.join(folder, name);
  writeFileSync(written, content);
  return written;
}

describe('npm run rules', () => {
  it('--help shows what there is', async () => {
    expect(await spawned('--help')).toEqual({ code: 0, stdout: usage, stderr: '' });
  });

  it.each([
    [['lint', 'x'], 'no command "lint"'],
    [[], 'expected a command'],
  ])('%j shows the usage', async (argv, message) => {
    const { code, stdout, stderr } = await spawned(...argv);
    expect([code, stdout, stderr.startsWith(message), stderr.endsWith(usage)]).toEqual([2, '', true, true]);
  });

  it.each([
    ['check', 'infra/rules/built-in/intended.yaml'],
    ['timeline', 'test/rules/files/intended_test.yaml'],
    ['explain', 'infra/rules/built-in/intended.yaml', '--alert', 'NatsLeafNodeConnectionIssue'],
    ['lint'],
  ])('%s %s has no line that is wider than a terminal of 80 columns, and loses no word', async (...argv) => {
    const linesOf = async (width?: number) =>
      (await command(argv, width)).lines.flatMap(({ text }) => text.split('\n'));
    const wordsOf = (lines: readonly string[]) => lines.join('').replaceAll(/\s/g, '').length;
    const [narrow, whole] = [await linesOf(80), await linesOf()];
    expect(narrow.filter((line) => line.length > 80)).toEqual([]);
    if (argv[0] !== 'timeline') expect(wordsOf(narrow)).toBeGreaterThanOrEqual(wordsOf(whole));
  });

  it('check --json is the same document at any width', async () => {
    const argv = ['check', '--json', 'infra/rules/built-in/intended.yaml'];
    expect(await command(argv, 40)).toEqual(await command(argv));
  });

  it('test has 0 for files that pass', async () => {
    const { code, stdout } = await rules('test', `${files}/passes.yaml`);
    expect([code, stdout]).toEqual([0, `ok      ${files}/passes.yaml (21 checks)\n`]);
  });

  it('test has 1 for files that fail, and tells of each', async () => {
    const { code, stdout } = await spawned('test', `${files}/passes.yaml`, `${files}/fails.yaml`);
    expect([code, stdout.split('\n').filter((line) => /^\S/.test(line))]).toEqual([
      1,
      [`ok      ${files}/passes.yaml (21 checks)`, `FAILED  ${files}/fails.yaml (13 of 13 checks)`],
    ]);
  });

  it('test has 2 for a file that cannot be used, and goes on with the others', async () => {
    const bad = file('bad.yaml', 'tests: [{input_series: [{series: up, values: "1+"}]}]');
    const { code, stdout, stderr } = await rules('test', bad, `${files}/fails.yaml`, '/no/such/file.yaml');
    expect([code, stdout.split('\n')[0]]).toEqual([2, `FAILED  ${files}/fails.yaml (13 of 13 checks)`]);
    expect(stderr).toContain(`FAILED  ${bad}\n  ${bad}:1:47: 1+: expected a value such as`);
    expect(stderr).toContain('FAILED  /no/such/file.yaml\n  /no/such/file.yaml: no such file\n');
  });

  it('timeline --json is one document, and what else is to say stands on stderr', async () => {
    file('r.yaml', 'groups: [{name: g, rules: [{alert: A, expr: up == 0}, {alert: B, expr: nope > 1}]}]');
    const suite = file(
      't.yaml',
      'rule_files: [r.yaml]\ntests: [{interval: 1m, input_series: [{series: "up{server_id=\\"n1\\"}", values: 1 0 1}]}]',
    );
    const { code, stdout, stderr } = await rules('timeline', suite, '--json');
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      [
        {
          alert: 'A',
          labels: { server_id: 'n1' },
          engine: 'classic',
          states: [
            { minute: 0, state: 'OK' },
            { minute: 1, state: 'ALARM' },
            { minute: 2, state: 'OK' },
          ],
        },
      ],
    ]);
    expect(stderr).toMatch(/^B has no alarm: no NATS exporter has nope/);
  });
});

describe('input of no use', () => {
  const deep = `${'{a: '.repeat(5_000)}${'}'.repeat(5_000)}`;
  mkdirSync(path.join(folder, 'folder'));
  const useless: readonly (readonly [string, string])[] = [
    ['no file', path.join(folder, 'nonesuch.yaml')],
    ['a folder', path.join(folder, 'folder')],
    ['bytes that are no text', file('bytes.yaml', new Uint8Array([0xff, 0xfe, 0x00, 0x80]))],
    ['a text that is no YAML', file('text.yaml', '{{{ nonsense')],
    ['a list', file('list.yaml', '- a\n- b\n')],
    ['a number', file('number.yaml', '5')],
    ['wrong types', file('types.yaml', 'groups: [{name: [a], rules: {b: c}}]\ntests: [{input_series: 5}]')],
    ['nesting without end', file('deep.yaml', deep)],
    ['megabytes', file('large.yaml', 'a: b\n'.repeat(2_000_000))],
  ];

  it.each(
    useless.flatMap(([what, name]) =>
      ['check', 'test', 'timeline', 'explain'].map((each) => [what, each, name] as const),
    ),
  )('(%s) ends %s with 2 and a message', async (_what, word, name) => {
    const { code, stdout, stderr } = await rules(word, name, ...(word === 'explain' ? ['--alert', 'A'] : []));
    const said = `${stdout}${stderr}`;
    expect([code, said.includes(name), /\n {4}at /.test(said)]).toEqual([2, true, false]);
  });

  it('of settings is told by path', async () => {
    const settings = file('settings.yaml', 'clusters: []\n');
    const { code, stdout, stderr } = await rules('check', '--settings', settings, `${files}/rules.yaml`);
    expect([code, stdout, stderr.split('\n')[1]]).toEqual([
      2,
      '',
      '  clusters: expected a list of 1 or more, received none',
    ]);
  });

  it('of rule files that depend on themselves is told by place', async () => {
    const name = file(
      'circle.yaml',
      'groups: [{name: g, rules: [{record: a, expr: b}, {record: b, expr: a}]}]',
    );
    const { code, stderr, stdout } = await rules('check', name);
    expect([code, `${stdout}${stderr}`.includes(`${name}:1:`)]).toEqual([2, true]);
  });
});
