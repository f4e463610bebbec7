import type { Diagnosis } from '../../../lambdas/define.ts';
import type { Limit, LimitBook } from '../../../lambdas/limits.ts';
import { constantOf, parse, unwrap, type Edition, type Expression } from '../../../lambdas/promql/index.ts';
import type { AlertRule } from '../../../lambdas/rules/rule.ts';
import { shapeOf } from '../../../lambdas/rules/shape.ts';
import { findSeries, seriesWithLabels } from '../../../lambdas/series/find.ts';
import { AlarmError, pagingSeverities, symbols, type PagingSeverity } from '../../cloudwatch/alarm-spec.ts';

/** A diagnosis that a rule pages for, with its limit as settings have it. */
export type Limited = {
  readonly diagnosis: Diagnosis & { readonly rule: NonNullable<Diagnosis['rule']> };
  readonly limit: Limit;
};

/** The label that names the diagnosis whose limit a built-in rule has. */
const label = 'diagnosis';

/** The diagnosis that a built-in rule names, if the release has it. */
export function limitedBy(
  { labels, alert }: AlertRule,
  diagnoses: readonly Diagnosis[],
  book: LimitBook,
): Limited | null {
  const diagnosis = diagnoses.find(({ id }) => id === labels[label]);
  if (diagnosis?.rule === undefined) return null;
  const { rule } = diagnosis;
  const limit = (book.get(diagnosis.id)?.limits ?? diagnosis.limits)[rule.limit];
  if (limit === undefined)
    throw new AlarmError(`${diagnosis.id}: its rule ${rule.alert} names no limit of it: ${rule.limit}`);
  if (rule.alert !== alert)
    throw new AlarmError(`${alert} names ${diagnosis.id}, whose rule is ${rule.alert}`);
  return { diagnosis: { ...diagnosis, rule }, limit };
}

/** Whether a rule that has a threshold of its own is in ALARM by the time that this level of the limit is crossed. */
export function warnsBefore(
  { expr }: AlertRule,
  { limit }: Limited,
  severity: PagingSeverity,
  edition: Edition,
): boolean {
  const level = limit.levels[severity];
  const { ast } = parse(expr, edition);
  const threshold = ast === undefined ? undefined : comparisonIn(ast)?.constant;
  if (level === undefined || threshold === undefined) return false;
  return limit.direction === 'above' || limit.direction === 'atLeast'
    ? level >= threshold
    : level <= threshold;
}

/**
 * The rule with the threshold of each level that settings leave, its severity and `for`.
 * @throws AlarmError if the rule compares nothing with a constant
 */
export function atLevels(
  rule: AlertRule,
  { diagnosis, limit }: Limited,
  book: LimitBook,
  edition: Edition,
): readonly { readonly rule: AlertRule; readonly severity: PagingSeverity }[] {
  const forMs = book.get(diagnosis.id)?.for ?? diagnosis.for;
  return pagingSeverities.flatMap((severity) => {
    const level = limit.levels[severity];
    if (level === undefined) return [];
    const expr = withThreshold(rule, limit, level, edition);
    return [{ rule: { ...rule, expr, forMs, labels: { ...rule.labels, severity } }, severity }];
  });
}

/** The expression as it is written, if it compares just so, else with another comparison at its top. */
function withThreshold(
  { alert, expr }: AlertRule,
  { direction }: Limit,
  level: number,
  edition: Edition,
): string {
  const { ast } = parse(expr, edition);
  const comparison = ast === undefined ? null : comparisonIn(ast);
  if (ast === undefined || comparison === null)
    throw new AlarmError(`${alert}: "${expr}" compares nothing with a constant`);
  const shape = shapeOf(ast, {
    per: 'server',
    keepFiring: false,
    templated: false,
    seriesOf: ({ name = '', matchers }) =>
      seriesWithLabels(
        findSeries(name),
        matchers.map((matcher) => matcher.label),
      ),
  });
  if (shape.kind !== 'boolean' && shape.direction === direction && shape.threshold === level) return expr;
  const { node, compared } = comparison;
  const changed = `${expr.slice(compared.from, compared.to)} ${symbols[direction]} ${level}`;
  return `${expr.slice(0, node.from)}${changed}${expr.slice(node.to)}`;
}

type Comparison = {
  readonly node: Expression;
  /** What is compared with a constant. */
  readonly compared: Expression;
  readonly constant: number;
};

/** The comparison with a constant at the top, or before `and` and `unless` there. */
function comparisonIn(ast: Expression): Comparison | null {
  const node = unwrap(ast);
  if (node.kind !== 'binary') return null;
  if (node.operator === 'and' || node.operator === 'unless') return comparisonIn(node.left);
  if (!['==', '!=', '>', '<', '>=', '<='].includes(node.operator) || node.bool) return null;
  const [left, right] = [constantOf(node.left), constantOf(node.right)];
  if (right !== undefined) return { node, compared: node.left, constant: right };
  return left === undefined ? null : { node, compared: node.right, constant: left };
}
