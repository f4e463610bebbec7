import { metricName, selectorsOf, type Expression, type Selector } from '../../../lambdas/promql/index.ts';
import type { SeriesDefinition } from '../../../lambdas/series/definition.ts';
import { coreOf, edited, withMatcher, writtenSelector, type Edit } from '../inline/expression-text.ts';
import {
  asksForNone,
  flagOf,
  isLeaderLabel,
  led,
  nameOf,
  replicated,
  takenBy,
  type Led,
} from './subject/leader-labels.ts';
import { is } from './subject/nature.ts';
import { inShapeOf } from './subject/advice.ts';
import type { Lint, Subject } from './subject/subject.ts';

/** What is wrong with a selector, and what to write in its place. */
type Fault = {
  readonly reason: string;
  readonly edit: Edit;
  readonly unled?: Unled;
  /** Whether what is written then takes what has no leader. */
  readonly asksForNone?: true;
};
/** A selector that takes replicas that do not lead. Once it takes the leader only, it takes nothing while nobody leads. */
type Unled = { readonly selector: Selector; readonly what: Led };

/** L8: every replica has the series, and only the leader's is right at any time. */
export const replicas: Lint = (subject) => {
  const faults = subject.selectors.flatMap((selector) => faultOf(selector, subject) ?? []);
  const leaderless = withoutLeader(
    faults.flatMap(({ unled }) => unled ?? []),
    subject,
  );
  const { to } = subject.ast;
  const added = leaderless.map((text): Edit => ({ from: to, to, by: ` or ${text}` }));
  const fixed = edited(subject.text, [...faults.map(({ edit }) => edit), ...added]);
  const why = leaderless.length === 0 ? '' : 'so that the alert goes on while nobody leads, ';
  const wait =
    leaderless.length > 0 || faults.some(({ asksForNone: asks }) => asks)
      ? { wait: 'an election takes seconds' }
      : {};
  return faults.map(({ reason }) => ({ reason: `${reason}; ${why}`, ...wait, write: fixed }));
};

function faultOf(selector: Selector, subject: Subject): Fault | undefined {
  const series = subject.seriesOf(selector);
  if (series === undefined) return undefined;
  const written = subject.written(selector);
  const contradicted = led.find(
    (what) => takenBy(selector, what) === 'leader' && asksForNone(selector, what),
  );
  if (contradicted !== undefined)
    return {
      reason: `${written} asks for a leader and for none, which only a server without a cluster has: where nobody leads it takes nothing`,
      edit: asking(selector, contradicted, 'false', subject),
      asksForNone: true,
    };
  const impossible = led.find((what) => takenBy(selector, what) === 'none');
  if (impossible !== undefined)
    return {
      reason: `${flagOf(impossible)} is "true" or "false", so that ${written} takes nothing`,
      edit: asking(selector, impossible, 'true', subject),
    };
  const what = replicated(series);
  if (what === null || led.some((each) => asksForNone(selector, each))) return undefined;
  if (what === 'consumer' && takenBy(selector, 'stream') === 'leader')
    return {
      reason: `${written} takes a consumer only while its own leader is on the server that leads the stream, and each has one of its own`,
      edit: asking(selector, 'consumer', 'true', subject, 'stream'),
      unled: { selector, what },
    };
  if (isOfLeader(selector, series, what, subject)) return undefined;
  return {
    reason: `${written} is there for each replica, and those that do not lead say 0 or an old value`,
    edit: asking(selector, what, 'true', subject),
    unled: { selector, what },
  };
}

/** The selector with this flag in place of what it says of leaders now; the leader's name stays. */
function asking(selector: Selector, what: Led, value: string, { text }: Subject, instead: Led = what): Edit {
  const flag = { label: flagOf(what), operator: '=', value } as const;
  const dropped = [flagOf(what), flagOf(instead)] as readonly string[];
  const kept = selector.matchers.filter(({ label }) => !dropped.includes(label));
  if (kept.length === selector.matchers.length) return withMatcher(text, selector, flag);
  const to = selector.from + coreOf(text, selector).length;
  return { from: selector.from, to, by: writtenSelector(selector.name, [flag, ...kept]) };
}

/** What takes the same where nobody leads, unless the expression asks for that already. */
function withoutLeader(faults: readonly Unled[], subject: Subject): readonly string[] {
  if (subject.ast.type !== 'vector') return [];
  const isAsked = (what: Led) => subject.selectors.some((selector) => asksForNone(selector, what));
  const texts = faults
    .filter(({ what }) => !isAsked(what))
    .map(({ selector, what }) => {
      const kept = selector.matchers.filter(({ label }) => !led.some((each) => isLeaderLabel(label, each)));
      const none = [
        { label: flagOf(what), operator: '=', value: 'false' },
        { label: nameOf(what), operator: '=', value: '' },
      ] as const;
      const others = JSON.stringify(kept.filter(({ label }) => label !== metricName));
      const text = inShapeOf(selector, writtenSelector(selector.name, [...none, ...kept]), subject);
      return [`${what} ${others}`, text] as const;
    });
  // One series tells of a leader as well as another; the first of the same stream stands for all.
  return [...new Map(texts.toReversed()).values()].toReversed();
}

function isOfLeader(selector: Selector, series: SeriesDefinition, what: Led, subject: Subject): boolean {
  if (takenBy(selector, what) === 'leader') return true;
  const leads = flagOf(what);
  let inner: Expression = selector;
  let hasLabel = true;
  for (const node of subject.around(selector)) {
    if (onlyCounts(node, inner) || (takesLargest(node) && !is('staleHigh', series))) return true;
    if (node.kind === 'aggregation')
      hasLabel &&= node.grouping.labels.includes(leads) !== node.grouping.without;
    if (node.kind === 'binary' && asksForLost(node, inner, what)) return true;
    if (node.kind === 'binary' && hasLabel && pairsByLabel(node, inner, leads)) {
      const other = node.left === inner ? node.right : node.left;
      if (selectorsOf(other).some((each) => takenBy(each, what) === 'leader')) return true;
    }
    inner = node;
  }
  return false;
}

/** Whether values do not matter. */
function onlyCounts(node: Expression, inner: Expression): boolean {
  if (node.kind === 'aggregation') return ['count', 'group', 'count_values'].includes(node.operator);
  if (node.kind === 'call')
    return ['absent', 'absent_over_time', 'count_over_time', 'present_over_time'].includes(node.name);
  const isSide = node.kind === 'binary' && node.right === inner;
  return isSide && (node.operator === 'and' || node.operator === 'unless') && inner.kind === 'selector';
}

/** What only grows is largest on the leader. */
const takesLargest = (node: Expression): boolean => node.kind === 'aggregation' && node.operator === 'max';

/** `replicas unless on (stream_name) leader`: what is left has no leader. */
const asksForLost = (
  { operator, left, right }: Extract<Expression, { kind: 'binary' }>,
  inner: Expression,
  what: Led,
): boolean =>
  operator === 'unless' &&
  left === inner &&
  selectorsOf(right).some((each) => takenBy(each, what) === 'leader');

/** Whether elements go together only if both are a leader's. */
function pairsByLabel(
  node: Extract<Expression, { kind: 'binary' }>,
  inner: Expression,
  leads: string,
): boolean {
  if (node.operator === 'or' || (node.operator === 'unless' && node.left === inner)) return false;
  return (
    node.left.type === 'vector' &&
    node.right.type === 'vector' &&
    node.matching.labels.includes(leads) === node.matching.on
  );
}
