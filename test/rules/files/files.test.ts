import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatProblem, readRuleFile } from '../../../infra/rules/rule-file/rule-file.ts';
import { testCommand } from '../../../infra/tool/commands/test.ts';
import { runPromtool } from '../../services/promtool.ts';

const editions = [2, 3] as const;
const folder = import.meta.dirname;

/** promtool's exit status and what it printed, run in this folder. */
async function promtool(edition: (typeof editions)[number], args: readonly string[]) {
  const { status, stdout, stderr } = await runPromtool(edition, args, folder);
  return { status, printed: stdout + stderr };
}

const read = (file: string, edition: (typeof editions)[number]) =>
  readRuleFile(readFileSync(path.join(folder, file), 'utf8'), file, edition);

describe.each(editions)('to Prometheus %i', (edition) => {
  it.each(['intended_test.yaml', 'literal_test.yaml'])(
    'the built-in rules say what %s expects',
    async (file) => {
      const { status, printed } = await promtool(edition, ['test', 'rules', file]);
      expect({ status, printed }).toEqual({
        status: 0,
        printed: expect.stringContaining('SUCCESS') as string,
      });
    },
  );

  it('alarms of the built-in rules are in ALARM when these alerts fire', () => {
    const files = ['intended_test.yaml', 'literal_test.yaml'].map((file) => path.join(folder, file));
    const command = 'test';
    const reported = testCommand({
      command,
      files,
      edition,
      settings: null,
      engine: null,
      alert: null,
      json: false,
    });
    expect(reported.lines.map(({ text }) => text.replace(/\S*\//, ''))).toEqual([
      'ok      intended_test.yaml (17 checks)',
      'ok      literal_test.yaml (10 checks)',
    ]);
  });

  it('a misplaced offset is where promtool finds it, and refuses the whole file', async () => {
    const { status, printed } = await promtool(edition, ['check', 'rules', 'misplaced-offset.yaml']);
    const { groups, problems } = read('misplaced-offset.yaml', edition);
    expect({ status, rule: /rule (\d+), "\w+": could not parse/.exec(printed)?.[1], groups }).toEqual({
      status: 1,
      rule: String(problems[0]?.rule),
      groups: [],
    });
    expect(problems.map(formatProblem)).toEqual([
      'misplaced-offset.yaml:13:58: group "streams", rule 2 (StreamSlowerThanBefore): offset must stand right behind a selector, a range in brackets or a subquery',
    ]);
  });

  it('two alerts of one name and labels are no mistake, unless lints are', async () => {
    const args = ['check', 'rules', 'twice.yaml'];
    const lenient = await promtool(edition, args);
    const strict = await promtool(edition, ['check', 'rules', '--lint-fatal', 'twice.yaml']);
    expect([lenient.status, strict.status, read('twice.yaml', edition).problems]).toEqual([0, 3, []]);
  });
});
