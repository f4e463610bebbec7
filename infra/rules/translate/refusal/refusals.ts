import { days } from '../../../../lambdas/durations.ts';
import { formatCount } from '../../../../lambdas/engine/format.ts';
import {
  alwaysFails,
  nodesOf,
  refusalsOf,
  selectorsOf,
  windowOf,
  type Edition,
  type Expression,
} from '../../../../lambdas/promql/index.ts';
import { datapointsOf, everyMs } from '../../../../lambdas/rules/compile.ts';
import { nameOf } from '../../../../lambdas/rules/identity.ts';
import type { RulePlan } from '../../../../lambdas/rules/plan.ts';
import type { AlertRule, RecordingRule, Rule } from '../../../../lambdas/rules/rule.ts';
import { writtenDuration } from '../../inline/expression-text.ts';
import { unreadable, type Names } from '../names.ts';

/** CloudWatch's limits on alarms; those on PromQL are of the user guide's page CloudWatch-PromQL-Querying. */
const limits = {
  /** On period times datapoints, for periods under an hour. */
  lookBackMs: days(1),
  query: 10_000,
  queryRangeMs: days(7),
  pendingMs: days(1),
  recoveryMs: days(1),
} as const;

/** A moment that stays where it is moves out of any reach. */
const insteadOfTime =
  'no engine takes that: an alert that compares with the past says offset, such as offset 1d, and one that compares with a value of that time states the value';

/** Why each of the refused recording rules is, by the name it would record. */
export type RefusedNames = ReadonlyMap<string, string>;

type Context = {
  readonly engine: RulePlan['engine'];
  readonly names: Names;
  readonly refused: RefusedNames;
};

/** Why an engine cannot hold a rule, whatever servers there are; null if it can. */
export function refusalOf(rule: Rule, { engine, names, refused }: Context): string | null {
  const { ast, problem } = names.read(rule.expr);
  if (ast === null) return problem ?? 'its expression cannot be read';
  for (const selector of selectorsOf(ast)) {
    const reason = unreadable(selector, rule.expr, names);
    if (reason !== null) return reason;
    const name = nameOf(selector) ?? '';
    const recorded = refused.get(name);
    if (recorded !== undefined) return `it reads ${name}, whose recording rule is refused: ${recorded}`;
  }
  return engine === 'classic' ? notEvaluated(rule, ast, names.edition) : null;
}

/** What the evaluation in the Lambda, or the alarm on what it publishes, does not hold. */
function notEvaluated(rule: Rule, ast: Expression, edition: Edition): string | null {
  const [problem] = refusalsOf(ast, rule.expr);
  if (problem !== undefined) return problem.message;
  if (windowOf(ast) === Infinity)
    return `it names a time with @, to which no memory reaches back; ${insteadOfTime}`;
  const fault = alwaysFails(ast, edition);
  if (fault !== null)
    return `promtool takes it, and Prometheus refuses it whenever it evaluates it: ${fault}`;
  if (rule.kind === 'record') return null;
  const lookBackMs = datapointsOf(rule) * everyMs;
  if (lookBackMs <= limits.lookBackMs) return null;
  return `for: ${writtenDuration(rule.forMs)}: an alarm looks back ${writtenDuration(limits.lookBackMs)} at most`;
}

/** The recording rules that an engine cannot hold, those that read refused ones among them. */
export function refusedRecordings(
  recordings: readonly RecordingRule[],
  context: Omit<Context, 'refused'>,
): RefusedNames {
  const refused = new Map<string, string>();
  for (let before = -1; before < refused.size;) {
    before = refused.size;
    for (const rule of recordings) {
      const reason = refused.has(rule.record) ? null : refusalOf(rule, { ...context, refused });
      if (reason !== null) refused.set(rule.record, reason);
    }
  }
  return refused;
}

/**
 * Why CloudWatch does not take a query as an alarm; null if it does.
 * @param query recorded names inlined
 */
export function queryRefusal(
  { forMs, keepFiringForMs }: AlertRule,
  query: string,
  ast: Expression,
): string | null {
  const characters = formatCount(query.length);
  if (ast.type !== 'vector') return `it is a ${ast.type}, and a PromQL alarm wants a vector`;
  if ([...nodesOf(ast)].some((node) => node.kind === 'call' && node.name.startsWith('histogram_')))
    return "it wants histograms, which NATS' monitoring does not serve";
  if (query.length > limits.query)
    return `the query has ${characters} characters, and a PromQL alarm takes ${formatCount(limits.query)}`;
  if (/\{\{resolve:|\$\{Token\[/.test(query))
    return 'it holds a text that CloudFormation or CDK would replace: {{resolve: or ${Token[';
  const reach = windowOf(ast);
  if (reach === Infinity)
    return `it names a time with @, and a PromQL alarm looks back ${writtenDuration(limits.queryRangeMs)} from now at most; ${insteadOfTime}`;
  if (reach > limits.queryRangeMs)
    return `it looks back ${writtenDuration(reach)}, and a PromQL alarm ${writtenDuration(limits.queryRangeMs)} at most`;
  if (forMs > limits.pendingMs)
    return `for: ${writtenDuration(forMs)}: a PromQL alarm waits ${writtenDuration(limits.pendingMs)} at most`;
  if (keepFiringForMs > limits.recoveryMs)
    return `keep_firing_for: ${writtenDuration(keepFiringForMs)}: a PromQL alarm goes on for ${writtenDuration(limits.recoveryMs)} at most`;
  return null;
}
