import {
  evaluate,
  EvaluationError,
  parse,
  written,
  type Edition,
  type Labels,
} from '../../../lambdas/promql/index.ts';
import { everyMs } from '../../../lambdas/rules/compile.ts';
import { elementsOf } from '../../../lambdas/rules/evaluation/rule-result.ts';
import type { Position } from '../../../lambdas/rules/rule.ts';
import type { RuleFileGroup } from '../../rules/rule-file/rule-file.ts';
import { deployed, timed, type Deployed, type Manner } from './deployed.ts';
import { judge, type Judgement } from './judge.ts';
import { prometheusOver, type PrometheusRun } from './prometheus.ts';
import type { AlertTest, ExpressionTest, TestFile, TestGroup } from '../test-file/parts.ts';

export type Sample = { readonly labels: Labels; readonly value: number };

export type CaseResult = { readonly at: Position; readonly evalMs: number; readonly isPassed: boolean } & (
  | { readonly kind: 'alert'; readonly alertname: string; readonly judgement: Judgement }
  | {
      readonly kind: 'expression';
      readonly expr: string;
      readonly expected: readonly Sample[];
      /** Or why there is nothing. */
      readonly received: readonly Sample[] | string;
    }
);

export type GroupResult = {
  readonly name: string;
  readonly at: Position;
  readonly cases: readonly CaseResult[];
  /** Why the test as a whole fails. */
  readonly problems: readonly string[];
};

/** Runs the tests of a file, one after the other. */
export function runSuite(
  suite: TestFile,
  groups: readonly RuleFileGroup[],
  manner: Manner,
  edition: Edition,
): readonly GroupResult[] {
  const ordered = inOrder(groups, suite.groupOrder);
  return suite.tests.map((test) => runGroup(test, suite, ordered, manner, edition));
}

/** Groups that the order names go by it, others stand with the first of them. */
export const inOrder = (
  groups: readonly RuleFileGroup[],
  order: readonly string[],
): readonly RuleFileGroup[] =>
  groups.toSorted((a, b) => Math.max(order.indexOf(a.name), 0) - Math.max(order.indexOf(b.name), 0));

function runGroup(
  test: TestGroup,
  { evaluationIntervalMs: intervalMs, isFuzzy }: TestFile,
  groups: readonly RuleFileGroup[],
  manner: Manner,
  edition: Edition,
): GroupResult {
  const { externalLabels } = test;
  const last = lastEvalMs(test);
  const series = timed(test);
  const span = { edition, intervalMs, externalLabels, fromMs: 0, toMs: last };
  const rules = groups.flatMap((group) => group.rules);
  const prometheus = prometheusOver(rules, series, span);
  const minutes = Math.floor(last / everyMs);
  const stack = deployed(groups, series, manner, { edition, minutes });
  return {
    name: test.name,
    at: test.at,
    cases: [
      ...test.alerts.map((each) => alertCase(each, stack, prometheus, intervalMs, externalLabels)),
      ...test.expressions.map((each) => expressionCase(each, prometheus, { edition, intervalMs, isFuzzy })),
    ],
    problems:
      prometheus.problem === null
        ? stack.problems.map(
            ({ rule, message, minute }) =>
              `the rule ${rule} cannot be evaluated in minute ${minute}: ${message}`,
          )
        : [`the rule ${prometheus.problem}`],
  };
}

/** The last moment that a test asks for. */
export const lastEvalMs = ({ alerts, expressions }: TestGroup): number =>
  Math.max(0, ...[...alerts, ...expressions].map(({ evalMs }) => evalMs));

function alertCase(
  test: AlertTest,
  stack: Deployed,
  { ticks }: PrometheusRun,
  intervalMs: number,
  externalLabels: Labels,
): CaseResult {
  const { at, evalMs, alertname } = test;
  const alerts = ticks[Math.floor(evalMs / intervalMs)]?.alerts ?? [];
  const judgement = judge(test, stack, alerts, externalLabels);
  return { kind: 'alert', at, evalMs, alertname, isPassed: judgement.isPassed, judgement };
}

type Asked = {
  readonly edition: Edition;
  readonly intervalMs: number;
  readonly isFuzzy: boolean;
};

function expressionCase(
  { at, evalMs, expr, expected }: ExpressionTest,
  { read }: PrometheusRun,
  { edition, intervalMs, isFuzzy }: Asked,
): CaseResult {
  const asked = { kind: 'expression', at, evalMs, expr, expected } as const;
  const { ast, problem } = parse(expr, edition);
  if (ast === undefined) return { ...asked, received: problem.message, isPassed: false };
  try {
    const received = elementsOf(evaluate(ast, { at: evalMs, read, edition, intervalMs }));
    return { ...asked, received, isPassed: areSame(expected, received, isFuzzy) };
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return { ...asked, received: error.message, isPassed: false };
  }
}

function areSame(expected: readonly Sample[], received: readonly Sample[], isFuzzy: boolean): boolean {
  const values = new Map(received.map(({ labels, value }) => [written(labels), value]));
  const isReceived = ({ labels, value }: Sample): boolean => {
    const other = values.get(written(labels));
    return other !== undefined && (other === value || (isFuzzy && areNeighbours(other, value)));
  };
  const keys = new Set(expected.map(({ labels }) => written(labels)));
  return keys.size === received.length && expected.length === received.length && expected.every(isReceived);
}

/** Whether two numbers differ in their last bit at most. */
export function areNeighbours(a: number, b: number): boolean {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  const bits = (value: number) => new BigInt64Array(new Float64Array([value]).buffer)[0] ?? 0n;
  const [x, y] = [bits(a), bits(b)];
  return a > 0 === b > 0 && (x - y === 1n || y - x === 1n);
}
