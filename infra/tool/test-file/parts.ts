import type { Edition, Labels } from '../../../lambdas/promql/index.ts';
import type { Position, Texts } from '../../../lambdas/rules/rule.ts';
import type { Reader } from '../../rules/rule-file/fields.ts';
import type { Reporter } from '../../rules/rule-file/problem.ts';
import type { Tree } from '../../rules/rule-file/yaml.ts';
import type { Noted } from './notation.ts';

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

/** What the readers of a test file's parts share. */
export type Reading = {
  readonly tree: Tree;
  readonly reader: Reader;
  readonly edition: Edition;
  readonly problems: Reporter;
};
