import {
  matches,
  metricName,
  nodesOf,
  parse,
  type Edition,
  type Expression,
  type Labels,
  type Matcher,
  type Selector,
} from '../../../lambdas/promql/index.ts';
import type { RecordingRule } from '../../../lambdas/rules/rule.ts';
import { mayRead } from '../../../lambdas/rules/samples/kept.ts';
import { edited, hasComment, withMatcher, writtenText, type Edit } from './expression-text.ts';
import { pushed } from './inline-push.ts';
import { Refusal } from './inline-refusal.ts';

/** Recording rules by name; where several record one name, what they record stands side by side. */
export type Recordings = ReadonlyMap<string, RecordingRule | readonly RecordingRule[]>;

/** A recorded name as an expression asks for it. */
type Asked = { readonly selector: Selector; readonly name: string; readonly source: string };

/** What stands for a recorded name: in brackets, or a function's call. `writtenOut` frees an expression of recorded names. */
export function operandOf(
  { selector, name, source }: Asked,
  recordings: Recordings,
  edition: Edition,
  writtenOut: (expr: string) => string,
): string {
  const rules = [recordings.get(name) ?? []].flat();
  const matchers = selector.matchers.filter(({ label }) => label !== metricName);
  const operands = mayRead(selector, name, edition)
    ? rules.flatMap((rule) => recordedBy(rule, writtenOut(rule.expr), matchers, edition) ?? [])
    : [];
  const [first, ...others] = operands;
  if (first === undefined)
    throw new Refusal(`${source} selects nothing: ${name} is never recorded with these labels`);
  return others.length === 0 ? first : `(${operands.join(' or ')})`;
}

/** Null where the recording has none of these series. */
function recordedBy(
  { labels, record }: RecordingRule,
  expr: string,
  matchers: readonly Matcher[],
  edition: Edition,
): string | null {
  const isSet = ({ label }: Matcher): boolean => Object.hasOwn(labels, label);
  if (!matchers.filter(isSet).every((matcher) => matches(matcher, labels[matcher.label] ?? '', edition)))
    return null;
  let text = expr;
  for (const matcher of matchers.filter((each) => !isSet(each))) {
    const asking = askedFor(text, matcher, record, edition);
    if (asking === null) return null;
    text = asking;
  }
  const isNumber = parse(text, edition).ast?.type === 'scalar';
  // A comment would take the bracket along.
  const end = hasComment(text) ? '\n)' : ')';
  return Object.entries(labels).reduce(
    (operand, [label, value]) => `label_replace(${operand}, ${settingLabel(label, value)})`,
    `${isNumber ? 'vector(' : '('}${text.trim()}${end}`,
  );
}

/** The expression asked for the matcher; null where it has no such element. */
function askedFor(text: string, matcher: Matcher, record: string, edition: Edition): string | null {
  const { ast, problem } = parse(text, edition);
  if (ast === undefined) throw new Refusal(`${record}: ${problem.message}`);
  const into = pushed(ast, matcher.label);
  switch (into.kind) {
    case 'missing':
      return matches(matcher, '', edition) ? text : null;
    case 'refused':
      throw new Refusal(`${record} cannot be asked for ${matcher.label}: ${into.reason}`);
    case 'selectors':
      return edited(
        text,
        into.selectors.map((selector) => withMatcher(text, selector, matcher)),
      );
  }
}

/** The last four arguments of a `label_replace` that matches always; an empty value takes the label away. */
const settingLabel = (label: string, value: string): string =>
  [label, value.replaceAll('$', '$$$$'), '', ''].map(writtenText).join(', ');

/** Gives the result of a call the labels that it would have, had its argument been a recorded name. */
export function relabelled(
  call: Extract<Expression, { kind: 'call' }>,
  made: Labels,
  wanted: Labels,
): readonly Edit[] {
  const differing = [...new Set([...Object.keys(made), ...Object.keys(wanted)])].filter(
    (label) => made[label] !== wanted[label],
  );
  return differing.flatMap((label) => [
    { from: call.from, to: call.from, by: 'label_replace(' },
    { from: call.to, to: call.to, by: `, ${settingLabel(label, wanted[label] ?? '')})` },
  ]);
}

/** Whether a subquery's steps see what a recording saw then: nothing of it is read at a fixed or a later time. */
export const isOfItsTime = (ast: Expression): boolean =>
  [...nodesOf(ast)].every(
    (node) =>
      (node.kind !== 'selector' && node.kind !== 'subquery') || (node.at === undefined && node.offsetMs >= 0),
  );
