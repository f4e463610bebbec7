import {
  childrenOf,
  nodesOf,
  parse,
  selectorsOf,
  unwrap,
  type Edition,
  type Expression,
  type Selector,
} from '../../../../lambdas/promql/index.ts';
import type { PagingSeverity } from '../../../cloudwatch/alarm-spec.ts';
import { nameOf } from '../../../../lambdas/rules/identity.ts';
import type { AlertRule } from '../../../../lambdas/rules/rule.ts';
import type { SeriesDefinition } from '../../../../lambdas/series/definition.ts';
import { findSeries, seriesWithLabels } from '../../../../lambdas/series/find.ts';
import { coreOf } from '../../inline/expression-text.ts';
import type { PlacedRule, RuleFileGroup } from '../../rule-file/rule-file.ts';
import { inAll, waysOf, type Condition, type Way } from './conditions.ts';
import { comparisonOf, thresholdOf } from './threshold.ts';

/** What is known of a deployment when its rules are looked at. */
export type LintContext = {
  readonly engine: 'classic' | 'promql';
  readonly edition: Edition;
  /** What the exporter was told with `-prefix`, as `inferPrefixes` finds it. */
  readonly prefixes: readonly string[];
  /** How many targets a cluster has, the largest where there are several; null where that is not known. */
  readonly targets: number | null;
  /** Names of the labels that settings give targets; absent where that is not known. */
  readonly labels?: readonly string[];
  /** Words of severity that settings map, and the topic that each is for. */
  readonly severities?: Readonly<Record<string, PagingSeverity>>;
};

/** A rule's expression, with what lints ask of it. */
export type Subject = {
  readonly rule: PlacedRule;
  readonly group: RuleFileGroup;
  readonly context: LintContext;
  readonly text: string;
  readonly ast: Expression;
  readonly selectors: readonly Selector[];
  readonly ways: readonly Way[];
  /** Nodes around a node, nearest first. */
  readonly around: (node: Expression) => readonly Expression[];
  /** The exporter's series; undefined for a recorded name, several names, or one that nobody exports. */
  readonly seriesOf: (selector: Selector) => SeriesDefinition | undefined;
  /** As the text spells it: name and braces. */
  readonly written: (selector: Selector) => string;
  /** The same rule with another expression; undefined where that does not parse. */
  readonly rewritten: (text: string, rest?: Partial<AlertRule>) => Subject | undefined;
};

/** What is wrong with a rule and ends in what to write in place of its expression. */
export type Advice = {
  readonly reason: string;
  /** Why a rule that fires at once is to wait then: what is so for seconds is no alert. */
  readonly wait?: string;
  readonly write: string;
};

/** What is to be said of a rule by one lint, among all alerts that are looked at with it. */
export type Lint = (subject: Subject, alerts: readonly Subject[]) => readonly (string | Advice)[];

export function subjectOf(
  rule: PlacedRule,
  group: RuleFileGroup,
  { text, ast }: { readonly text: string; readonly ast: Expression },
  context: LintContext,
  isRecorded: (name: string) => boolean,
): Subject {
  const parents = new Map<Expression, Expression>();
  for (const node of nodesOf(ast)) for (const child of childrenOf(node)) parents.set(child, node);
  const around = (node: Expression): readonly Expression[] => {
    const found: Expression[] = [];
    for (let at = parents.get(node); at !== undefined; at = parents.get(at)) found.push(at);
    return found;
  };
  return {
    rule,
    group,
    context,
    text,
    ast,
    selectors: selectorsOf(ast),
    ways: waysOf(ast),
    around,
    seriesOf: (selector) => {
      const name = nameOf(selector);
      if (name === undefined || isRecorded(name)) return undefined;
      const labels = selector.matchers.map(({ label }) => label);
      return seriesWithLabels(findSeries(name, context.prefixes), labels);
    },
    written: (selector) => coreOf(text, selector),
    rewritten: (other, rest = {}) => {
      const { ast: its } = parse(other, context.edition);
      const same: PlacedRule = rule.kind === 'alert' ? { ...rule, ...rest } : rule;
      return its && subjectOf(same, group, { text: other, ast: its }, context, isRecorded);
    },
  };
}

/** The piece of the text that a node is. */
export const sourceOf = ({ text }: Subject, { from, to }: Expression): string => text.slice(from, to);

/** The series that a condition holds against a constant. */
export function seriesIn({ node }: Condition, { seriesOf }: Subject): SeriesDefinition | undefined {
  const threshold = thresholdOf(node);
  return threshold && seriesOf(threshold.signal.selector);
}

/** Whether a condition says nothing of what goes on: that servers are up, or how they are configured. */
function isBackground(condition: Condition, subject: Subject): boolean {
  const series = seriesIn(condition, subject);
  return series !== undefined && (series.collector === 'up' || series.kind === 'config');
}

/** Whether a condition asks only of how many another one holds: `count(x < 3) > 1`. */
function isHowMany({ node, holds }: Condition): boolean {
  const counted = holds ? comparisonOf(node)?.vector : undefined;
  const group = counted && unwrap(counted);
  return (
    group?.kind === 'aggregation' &&
    group.operator === 'count' &&
    waysOf(group.expression).some((way) => way.length > 0)
  );
}

/** What is found in every condition of a way of firing, those aside that say nothing of what goes on. */
export const inAllSignals = <T>(
  subject: Subject,
  find: (condition: Condition, subject: Subject) => T | undefined,
): readonly T[] =>
  inAll(
    subject.ways,
    (condition) => isBackground(condition, subject) || isHowMany(condition),
    (condition) => find(condition, subject),
  );
