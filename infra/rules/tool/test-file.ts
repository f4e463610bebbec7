import type { Edition, Labels } from '../../../lambdas/promql/index.ts';
import type { Position, Texts } from '../../../lambdas/rules/rule.ts';
import { offsetOf, readerOf, TooManyValues } from '../rule-file/fields.ts';
import type { RuleFileProblem } from '../rule-file/problem.ts';
import { readTree } from '../rule-file/yaml.ts';
import type { Noted } from './notation.ts';
import { readSuite } from './test-file-suite.ts';

/** A series that a test feeds, one value for each interval. */
export type InputSeries = { readonly labels: Labels; readonly values: readonly Noted[] };

export type ExpectedAlert = { readonly labels: Texts; readonly annotations: Texts };

/** Which alerts of a name fire at a time, in milliseconds since the test's start. */
export type AlertTest = {
  readonly at: Position;
  readonly evalMs: number;
  readonly alertname: string;
  readonly expected: readonly ExpectedAlert[];
};

/** What an expression evaluates to at a time. */
export type ExpressionTest = {
  readonly at: Position;
  readonly evalMs: number;
  readonly expr: string;
  readonly expected: readonly { readonly labels: Labels; readonly value: number }[];
};

/** An entry of `tests`. */
export type TestGroup = {
  readonly at: Position;
  /** Its own, or what promtool calls one without: `unnamed#0`. */
  readonly name: string;
  readonly intervalMs: number;
  readonly series: readonly InputSeries[];
  readonly alerts: readonly AlertTest[];
  readonly expressions: readonly ExpressionTest[];
  readonly externalLabels: Texts;
  readonly externalUrl: string;
};

/** A promtool unit-test file. */
export type TestFile = {
  readonly file: string;
  /** Paths and globs as written: relative to the test file. */
  readonly ruleFiles: readonly { readonly pattern: string; readonly at: Position }[];
  readonly evaluationIntervalMs: number;
  /** Names of groups that are evaluated before others. */
  readonly groupOrder: readonly string[];
  /** Whether values may differ in their last bit. */
  readonly isFuzzy: boolean;
  readonly tests: readonly TestGroup[];
};

/**
 * Reads a unit-test file as `promtool test rules` does; what promtool refuses is a problem here. An interval that a test
 * leaves out is evaluation_interval, as in Prometheus 3: promtool 2.42 takes all values for one time then. Refused beyond that:
 * native histograms, expressions that do not parse, a series that stands twice, and line breaks behind which promtool
 * would pass over series in silence.
 * @param edition the major version of Prometheus
 */
export function readTestFile(
  text: string,
  file: string,
  edition: Edition,
): { readonly suite: TestFile; readonly problems: readonly RuleFileProblem[] } {
  const { tree, problems } = readTree(text, file);
  const none = {
    file,
    ruleFiles: [],
    evaluationIntervalMs: 60_000,
    groupOrder: [],
    isFuzzy: false,
    tests: [],
  };
  let suite: TestFile = none;
  try {
    if (problems.list().length === 0)
      suite = readSuite({ tree, reader: readerOf(tree), edition, problems }, file);
  } catch (error) {
    if (!(error instanceof TooManyValues)) throw error;
    problems.tell(offsetOf(tree.root), error.message);
  }
  return { suite, problems: problems.list() };
}
