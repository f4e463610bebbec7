import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { Arguments } from '../../../infra/tool/arguments.ts';
import { testCommand } from '../../../infra/tool/commands/test.ts';
import { prometheusProgram } from '../../services/prometheus.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

const mem = { series: 'gnatsd_varz_mem{server_id="a"}', values: '0+1x10' };
const full = { alertname: 'Full', eval_time: '5m' };
const fires = { ...full, exp_alerts: [{ exp_labels: { severity: 'warning', server_id: 'a' } }] };
const files = {
  'rules.yaml': {
    namespace: 'mimir',
    groups: [
      {
        name: 'g',
        partial_response_strategy: 'warn',
        rules: [{ alert: 'Full', expr: 'gnatsd_varz_mem > 3', labels: { severity: 'warning' } }],
      },
    ],
  },
  'test.yaml': {
    rule_files: ['rules.yaml'],
    tests: [
      { name: 'one two', interval: '1m', input_series: [mem], alert_rule_test: [fires] },
      { name: 'two', interval: '1m', input_series: [mem], alert_rule_test: [full] },
      {
        interval: '1m',
        alert_rule_test: [{ alertname: 'Ful', eval_time: '1m' }],
        promql_expr_test: [2, 3].map((value) => ({
          expr: 'vector(1)',
          eval_time: '0s',
          exp_samples: [{ labels: '{}', value }],
        })),
      },
    ],
  },
  'broken.yaml': { rule_files: ['rules.yaml'], oops: 1 },
};
const folder = temporaryFolder('flags');
for (const [name, content] of Object.entries(files))
  writeFileSync(path.join(folder, name), JSON.stringify(content));
const inFolder = (name: string): string => path.join(folder, name);

function ours(given: Partial<Arguments>, ...names: readonly string[]) {
  const { lines, code } = testCommand({
    command: 'test',
    files: names.map(inFolder),
    settings: null,
    engine: null,
    edition: 3,
    alert: null,
    json: false,
    ...given,
  });
  return { code, text: lines.map(({ text }) => text).join('\n') };
}

async function promtool(...argv: readonly string[]): Promise<number> {
  const { path: program } = await prometheusProgram('promtool', 3);
  const run = promisify(execFile)(program, ['test', 'rules', ...argv]);
  return run.then(
    () => 0,
    (error: unknown) => (error as { readonly code: number }).code,
  );
}

/** What a report says without the words of failures and its time. */
const report = (name: string): string =>
  readFileSync(inFolder(name), 'utf8')
    .replace(/<(failure|error)>.*?<\/\1>/gs, '<$1/>')
    .replaceAll(folder, '')
    .replace(/timestamp="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"/g, 'timestamp="then"');

const tolerant = { ignoreUnknownFields: true } as const;

it('fields of other rulers fail tests, or are passed over, as with promtool', async () => {
  const file = inFolder('test.yaml');
  expect([ours({ run: ['one'] }, 'test.yaml').code, await promtool('--run=one', file)]).toEqual([2, 1]);
  expect(ours({ run: ['one'], ...tolerant }, 'test.yaml').code).toBe(0);
  expect(await promtool('--run=one', '--ignore-unknown-fields', file)).toBe(0);
  // Of test files promtool passes over none.
  expect(ours(tolerant, 'broken.yaml').code).toBe(2);
  expect(await promtool('--ignore-unknown-fields', inFolder('broken.yaml'))).toBe(1);
});

it.each(['two', '^two$', '^$', 'unnamed', 'zzz', 'one|nothing'])(
  '--run %s runs the tests that promtool runs, and --junit tells of them alike',
  async (pattern) => {
    const { code } = ours({ ...tolerant, run: [pattern], junit: inFolder('ours.xml') }, 'test.yaml');
    const theirs = await promtool(
      '--ignore-unknown-fields',
      `--run=${pattern}`,
      `--junit=${inFolder('theirs.xml')}`,
      inFolder('test.yaml'),
    );
    expect([code, report('ours.xml')]).toEqual([theirs, report('theirs.xml')]);
  },
);

it('--junit tells of files that cannot be read, and of rules that cannot, as promtool does', async () => {
  const names = ['broken.yaml', 'test.yaml'];
  ours({ junit: inFolder('ours.xml') }, ...names);
  await promtool(`--junit=${inFolder('theirs.xml')}`, ...names.map(inFolder));
  expect(report('ours.xml')).toBe(report('theirs.xml'));
});

it('--junit is not written over a test, nor where nothing can be written', () => {
  expect(() => ours({ junit: inFolder('test.yaml') }, 'test.yaml')).toThrow(
    /would be written over this file/,
  );
  expect(() => ours({ junit: inFolder('no/such/folder.xml') }, 'test.yaml')).toThrow(
    /cannot be written \(ENOENT\)/,
  );
});

it('a pattern that matches no name, and an alert that no rule gives, are told', () => {
  expect(ours({ ...tolerant, run: ['zzz'] }, 'test.yaml').text).toContain(
    'note: no test has a name that zzz matches: nothing was run',
  );
  expect(ours(tolerant, 'test.yaml').text).toMatch(
    /note: .*test\.yaml:1:\d+: no rule is called "Ful", so that nothing is tested here; did you mean "Full"\?/,
  );
});
