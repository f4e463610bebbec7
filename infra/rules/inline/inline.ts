import {
  absentLabels,
  childrenOf,
  longestText,
  parse,
  selectorsOf,
  unwrap,
  type Edition,
  type Expression,
  type Selector,
} from '../../../lambdas/promql/index.ts';
import { nameOf } from '../../../lambdas/rules/identity.ts';
import { mayRead } from '../../../lambdas/rules/samples/kept.ts';
import { coreOf, edited, writtenDuration, type Edit } from './expression-text.ts';
import { isOfItsTime, operandOf, relabelled, type Recordings } from './inline-operand.ts';
import { Refusal, refuseNames } from './inline-refusal.ts';

export type { Recordings } from './inline-operand.ts';

export type Inlined = { readonly text: string } | { readonly refused: string };

type Inlining = {
  readonly recordings: Recordings;
  readonly edition: Edition;
  /** How often recordings are evaluated. */
  readonly intervalMs: number;
  /** Expressions of recordings, written out: without it each level of recordings that read others twice doubles the work. */
  readonly known: Map<string, string>;
};

/**
 * Gives expressions with recorded names written out, for CloudWatch, which has no recording rules. `rec` becomes `(expr)`,
 * `rec[2m]` the subquery `(expr)[2m:1m]` with the recordings' interval as its step, `rec offset 5m` the newest step before
 * then. Matchers on the recorded name move into the expression where that changes nothing, labels that the recording sets
 * are set by `label_replace`; all else stays word for word. Refused is what would not give the same.
 *
 * The result is that of a Prometheus 3 which evaluates recordings at full intervals and right before the alert, at these
 * times themselves; a recorded series that leaves its expression's result has ended at once for both. Prometheus differs
 * - until a recording was evaluated for as long as a window is: subqueries read the past right away;
 * - where a recording's evaluation fails or is missed: it keeps the last value for its look-back of five minutes;
 * - by up to an interval, where a recording's group is evaluated at other seconds than the alert's;
 * - at `@` of a time to come, where it shows the last that was recorded.
 */
export function inliner(
  recordings: Recordings,
  { intervalMs, edition }: { readonly intervalMs: number; readonly edition: Edition },
): (text: string) => Inlined {
  const inlining: Inlining = { recordings, edition, intervalMs, known: new Map() };
  return (text) => {
    try {
      const made = withoutRecorded(text, [], inlining);
      read(made, edition);
      return { text: made };
    } catch (error) {
      if (error instanceof Refusal) return { refused: error.message };
      throw error;
    }
  };
}

function read(text: string, edition: Edition): Expression {
  const { ast, problem } = parse(text, edition);
  if (ast === undefined) throw new Refusal(problem.message);
  return ast;
}

/** `path` are the recorded names that the text is written out for. */
function withoutRecorded(text: string, path: readonly string[], inlining: Inlining): string {
  const { recordings, edition } = inlining;
  const ast = read(text, edition);
  const isRecorded = (selector: Selector): boolean => recordings.has(nameOf(selector) ?? '');
  for (const selector of selectorsOf(ast)) {
    const several = nameOf(selector) === undefined;
    const taken = several
      ? [...recordings.keys()].find((name) => mayRead(selector, name, edition))
      : undefined;
    if (taken !== undefined)
      throw new Refusal(`${coreOf(text, selector)} would take the recorded ${taken} too: name what is meant`);
  }
  if (!selectorsOf(ast).some(isRecorded)) return text;
  refuseNames(ast);

  const operandFor = (selector: Selector): string => {
    const name = nameOf(selector) ?? '';
    if (path.includes(name))
      throw new Refusal(
        `${name} depends on itself: ${[...path.slice(path.indexOf(name)), name].join(' -> ')}`,
      );
    const source = coreOf(text, selector);
    return operandOf({ selector, name, source }, recordings, edition, (expr) => {
      const made = inlining.known.get(expr) ?? withoutRecorded(expr, [...path, name], inlining);
      inlining.known.set(expr, made);
      return made;
    });
  };
  const edits: Edit[] = [];
  const walk = (node: Expression, stepMs: number | null): void => {
    if (node.kind === 'call')
      edits.push(...aroundCall(node, text, edition, isRecorded, (inner) => replacement(inner, stepMs)));
    const by = replacement(node, stepMs);
    if (by !== null) edits.push({ from: node.from, to: node.to, by });
    else
      for (const child of childrenOf(node))
        walk(child, node.kind === 'subquery' ? (node.stepMs ?? NaN) : stepMs);
  };
  const replacement = (node: Expression, stepMs: number | null): string | null => {
    const selector = node.kind === 'range' ? node.selector : node;
    if (selector.kind !== 'selector' || !isRecorded(selector)) return null;
    return timed(
      node.kind === 'range' ? node.rangeMs : null,
      selector,
      operandFor(selector),
      stepMs,
      inlining,
    );
  };
  walk(ast, null);
  const made = edited(text, edits);
  if (made.length > longestText)
    throw new Refusal(
      `with recorded names written out the expression is longer than ${longestText} characters`,
    );
  return made;
}

/** What stands for `rec`, `rec[2m]` and both with offset and `@`; `stepMs` is of the subquery around it, if any. */
function timed(
  rangeMs: number | null,
  selector: Selector,
  operand: string,
  stepMs: number | null,
  { edition, intervalMs }: Inlining,
): string {
  const { offsetMs, at } = selector;
  if (offsetMs < 0)
    throw new Refusal(`${nameOf(selector) ?? ''} is asked for before it is recorded, by a negative offset`);
  const isNow = rangeMs === null && offsetMs === 0 && at === undefined;
  if (isNow && stepMs === null) return operand;
  if (!isOfItsTime(read(operand, edition)))
    throw new Refusal(
      `${nameOf(selector) ?? ''} reads at a time of its own, by @ or a negative offset, which a subquery would move`,
    );
  if (isNow && stepMs !== null && stepMs % intervalMs === 0) return operand;
  const step = writtenDuration(intervalMs);
  const offset = offsetMs === 0 ? '' : ` offset ${writtenDuration(offsetMs)}`;
  const time = at === undefined ? '' : typeof at === 'number' ? ` @ ${at / 1000}` : ` @ ${at}()`;
  const windowed = (length: string): string => `${operand}[${length}:${step}]${offset}${time}`;
  return rangeMs === null ? `last_over_time(${windowed(step)})` : windowed(writtenDuration(rangeMs));
}

/** What a function looks for in its argument's text: the labels of a selector, the times of its samples. */
function aroundCall(
  call: Extract<Expression, { kind: 'call' }>,
  text: string,
  edition: Edition,
  isRecorded: (selector: Selector) => boolean,
  replacement: (node: Expression) => string | null,
): readonly Edit[] {
  const [argument] = call.arguments;
  const inner = argument && unwrap(argument);
  const selector = inner?.kind === 'range' ? inner.selector : inner;
  if (argument === undefined || inner === undefined || selector?.kind !== 'selector' || !isRecorded(selector))
    return [];
  const made = unwrap(read(replacement(inner) ?? '', edition));
  if (call.name === 'timestamp' && made.kind === 'selector')
    throw new Refusal(`timestamp() of ${coreOf(text, selector)} would be that of what it records`);
  if (call.name !== 'absent' && call.name !== 'absent_over_time') return [];
  return relabelled(call, absentLabels(made), absentLabels(argument));
}
