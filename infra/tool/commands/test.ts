import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { minutes } from '../../../lambdas/durations.ts';
import { nearest } from '../../../lambdas/engine/nearest.ts';
import { matches, type Edition } from '../../../lambdas/promql/index.ts';
import { editionOf } from '../../settings/alarms.ts';
import { formatProblem, recursions, type RuleFileGroup } from '../../rules/rule-file/rule-file.ts';
import type { Arguments } from '../arguments.ts';
import { mannerOf, type Manner } from '../suite/deployed.ts';
import { junitXml, type Ended } from '../suite/junit.ts';
import { toStderr, toStdout, type Output } from '../output.ts';
import { readText } from '../read-text.ts';
import { isPassed, suiteLines } from '../suite/report.ts';
import { readRules, ruleFilesOf } from '../rule-files.ts';
import { runSuite } from '../suite/run-suite.ts';
import { readTestFile } from '../test-file/test-file.ts';
import type { TestFile } from '../test-file/parts.ts';
import { repeatedSeries } from '../test-file/test-targets.ts';
import { ToolError } from '../tool-error.ts';

export type Suite = {
  readonly suite: TestFile;
  readonly groups: readonly RuleFileGroup[];
  /** What does not end a test, and a person should know. */
  readonly notes: readonly string[];
  readonly manner: Manner;
  readonly edition: Edition;
};

/** Runs test files; each is ended by what it cannot be read for, and the others go on. */
export function testCommand(given: Arguments): Output {
  const { files, settings, junit } = given;
  if (junit !== undefined) beginReport(junit, files);
  const manner = mannerOf(settings);
  const ran = files.map((file) => runFile(file, manner, given));
  if (junit !== undefined)
    writeFileSync(
      junit,
      junitXml(
        ran.map(({ ended }) => ended),
        localTime(),
      ),
    );
  const codes = ran.map(({ code }) => code);
  return {
    lines: ran.flatMap(({ lines }) => lines),
    code: codes.find((code) => code === 2) ?? (codes.includes(1) ? 1 : 0),
  };
}

type Ran = Output & { readonly ended: Ended };

function runFile(file: string, manner: Manner, asked: Asked): Ran {
  const failed = (error: unknown): string => {
    if (error instanceof ToolError) return error.message;
    throw error;
  };
  const refused = (ended: Ended, message: string): Ran => {
    const lines = message.split('\n').map((line) => `  ${line}`);
    return { ended, lines: toStderr([`FAILED  ${file}`, ...lines]), code: 2 };
  };
  let tests: Tests;
  try {
    tests = readTests(file, manner, asked);
  } catch (error) {
    const message = failed(error);
    return refused({ file, error: message }, message);
  }
  try {
    const { suite, groups, notes, edition } = withRules(tests, manner, asked);
    const report = { file, notes, groups: runSuite(suite, groups, manner, edition) };
    return { ended: report, lines: toStdout(suiteLines(report)), code: isPassed(report) ? 0 : 1 };
  } catch (error) {
    const message = failed(error);
    const ended = tests.suite.tests.map(({ name, at }) => ({ name, at, cases: [], problems: [message] }));
    return refused({ file, notes: [], groups: ended }, message);
  }
}

type Asked = Pick<Arguments, 'edition' | 'ignoreUnknownFields' | 'run'>;
type Tests = Pick<Suite, 'suite' | 'edition' | 'notes'>;

/**
 * A test file and the rules that it names.
 * @throws ToolError naming what is wrong in them, and where
 */
export function readSuite(file: string, manner: Manner, asked: Asked): Suite {
  return withRules(readTests(file, manner, asked), manner, asked);
}

/** The tests of a file that are asked for. */
function readTests(file: string, manner: Manner, { edition: asked, run: patterns }: Asked): Tests {
  const edition = asked ?? editionOf({ ...manner.settings.alarms, engine: 'classic' });
  const { suite, problems } = readTestFile(readText(file, file), file, edition);
  if (problems.length > 0) throw new ToolError(problems.map(formatProblem).join('\n'));
  if (patterns === undefined) return { suite, edition, notes: [] };
  // promtool looks at the names that tests have of their own.
  const tests = suite.tests.filter(({ name }, index) =>
    patterns.some((pattern) => isFound(pattern, name === `unnamed#${index}` ? '' : name)),
  );
  const notes =
    tests.length > 0 ? [] : [`no test has a name that ${patterns.join(' or ')} matches: nothing was run`];
  return { suite: { ...suite, tests }, edition, notes };
}

/** Anywhere in the text, as promtool looks. */
const isFound = (pattern: string, text: string): boolean =>
  matches({ label: '', operator: '=~', value: `(?s:.*)(?:${pattern})(?s:.*)` }, text, 3);

function withRules({ suite, edition, notes }: Tests, manner: Manner, { ignoreUnknownFields }: Asked): Suite {
  const { files, unmatched } = ruleFilesOf(suite);
  const read = files.map((each) =>
    readRules(each, edition, { ignoreUnknownFields: ignoreUnknownFields === true }),
  );
  const wrong = read.flatMap((each) => each.problems);
  if (wrong.length > 0) throw new ToolError(wrong.join('\n'));
  const groups = read.flatMap((each) => each.groups);
  const circles = recursions(groups, edition);
  if (circles.length > 0) throw new ToolError(circles.map(formatProblem).join('\n'));
  return {
    suite,
    groups,
    manner,
    edition,
    notes: [...notes, ...unmatched, ...notesOf(suite), ...namelessTests(suite, groups)],
  };
}

/** Tests of alerts that no rule gives: nothing can fire, and so they pass. */
function namelessTests({ file, tests }: TestFile, groups: readonly RuleFileGroup[]): readonly string[] {
  const names = new Set(
    groups.flatMap(({ rules }) => rules.flatMap((rule) => (rule.kind === 'alert' ? [rule.alert] : []))),
  );
  return tests.flatMap(({ alerts }) =>
    alerts
      .filter(({ alertname }) => !names.has(alertname))
      .map(({ alertname, at }) => {
        const near = nearest(alertname, [...names]);
        const hint = near === null ? '' : `; did you mean "${near}"?`;
        return `${file}:${at.line}:${at.column}: no rule is called ${JSON.stringify(alertname)}, so that nothing is tested here${hint}`;
      }),
  );
}

/** @throws ToolError where no report can be written, or would be written over a test */
function beginReport(junit: string, files: readonly string[]): void {
  if (files.some((file) => path.resolve(file) === path.resolve(junit)))
    throw new ToolError(`--junit ${junit}: the report would be written over this file of tests`);
  try {
    writeFileSync(junit, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ToolError(`--junit ${junit}: cannot be written (${code})`);
  }
}

function localTime(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * minutes(1)).toISOString().slice(0, 19);
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
