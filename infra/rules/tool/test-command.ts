import { minutes } from '../../../lambdas/durations.ts';
import type { Edition } from '../../../lambdas/promql/index.ts';
import { editionOf } from '../../alarm-settings.ts';
import { formatProblem, recursions, type RuleFileGroup } from '../rule-file/rule-file.ts';
import type { Arguments } from './arguments.ts';
import { mannerOf, type Manner } from './deployed.ts';
import { complained, told, type Line, type Output } from './output.ts';
import { readText } from './read-text.ts';
import { isPassed, suiteLines } from './report.ts';
import { readRules, ruleFilesOf } from './rule-files.ts';
import { runSuite } from './run-suite.ts';
import { readTestFile, type TestFile } from './test-file.ts';
import { repeatedSeries } from './test-targets.ts';
import { ToolError } from './tool-error.ts';

export type Suite = {
  readonly suite: TestFile;
  readonly groups: readonly RuleFileGroup[];
  /** What does not end a test, and a person should know. */
  readonly notes: readonly string[];
  readonly manner: Manner;
  readonly edition: Edition;
};

/** Runs test files; each is ended by what it cannot be read for, and the others go on. */
export function testCommand({ files, settings, edition }: Arguments): Output {
  const manner = mannerOf(settings);
  const lines: Line[] = [];
  let code: Output['code'] = 0;
  for (const file of files) {
    try {
      const read = readSuite(file, manner, edition);
      const report = {
        file,
        notes: read.notes,
        groups: runSuite(read.suite, read.groups, manner, read.edition),
      };
      lines.push(...told(suiteLines(report)));
      if (!isPassed(report)) code = code === 2 ? 2 : 1;
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      lines.push(...complained([`FAILED  ${file}`, ...error.message.split('\n').map((line) => `  ${line}`)]));
      code = 2;
    }
  }
  return { lines, code };
}

/**
 * A test file and the rules that it names.
 * @throws ToolError naming what is wrong in them, and where
 */
export function readSuite(file: string, manner: Manner, asked: Edition | null): Suite {
  const edition = asked ?? editionOf({ ...manner.settings.alarms, engine: 'classic' });
  const { suite, problems } = readTestFile(readText(file, file), file, edition);
  if (problems.length > 0) throw new ToolError(problems.map(formatProblem).join('\n'));
  const { files, unmatched } = ruleFilesOf(suite);
  const read = files.map((each) => readRules(each, edition));
  const wrong = read.flatMap((each) => each.problems);
  if (wrong.length > 0) throw new ToolError(wrong.join('\n'));
  const groups = read.flatMap((each) => each.groups);
  const circles = recursions(groups, edition);
  if (circles.length > 0) throw new ToolError(circles.map(formatProblem).join('\n'));
  return { suite, groups, manner, edition, notes: [...unmatched, ...notesOf(suite)] };
}

/** What the file asks of Prometheus, and alarms do not do; and what it has that no deployment has. */
function notesOf({ evaluationIntervalMs, tests }: TestFile): readonly string[] {
  const everyMinute = 'what is deployed is evaluated once a minute, on the last sample of each';
  return [
    ...(evaluationIntervalMs === minutes(1)
      ? []
      : [`evaluation_interval is ${evaluationIntervalMs / 1_000} s; ${everyMinute}`]),
    ...tests
      .filter(({ intervalMs }) => intervalMs < minutes(1))
      .map(({ name, intervalMs }) => `${name}: interval is ${intervalMs / 1_000} s; ${everyMinute}`),
    ...tests.flatMap(({ name, series }) =>
      repeatedSeries(series.map(({ labels }) => labels)).map((note) => `${name}: ${note}`),
    ),
  ];
}
