import {
  absentLabels,
  type Edition,
  type Expression,
  type Labels,
  type Matcher,
  type Selector,
} from '../promql/index.ts';
import { hasLabel, type SeriesDefinition } from '../series/definition.ts';
import type { TargetLabels } from '../series/labels.ts';
import { isToCome, takesLabel } from './target-labels.ts';

/** Labels that tell of which target an element of a result is, the first before the second. */
const identities = ['server_id', 'instance'] as const;
export type Identity = (typeof identities)[number];

/** A recording rule as far as labels go. */
export type Recorded = { readonly ast: Expression; readonly sets: readonly string[] };

/** What is known of the names that an expression selects. */
export type Names = {
  readonly edition: Edition;
  /** The exporter's series of a selector; undefined for a recorded name, or one that nobody exports. */
  readonly seriesOf: (selector: Selector) => SeriesDefinition | undefined;
  /** What records a name: expressions, and the labels that their rules set. Empty for other names. */
  readonly recorded: (name: string) => readonly Recorded[];
};

/** Finds the target that labels are of: by `server_id`, else by `instance`; null for none. */
export function targetFinder(targets: readonly TargetLabels[]): (labels: Labels) => string | null {
  const found = identities.map((label) => {
    const names = new Map<string | undefined, string>();
    for (const target of targets) if (!names.has(target[label])) names.set(target[label], target.server_id);
    return { label, names };
  });
  return (labels) => {
    for (const { label, names } of found) {
      const value = labels[label];
      const name = value === undefined ? undefined : names.get(value);
      if (name !== undefined) return name;
    }
    return null;
  };
}

/** The target that these labels are of; null for none. */
export const targetOf = (labels: Labels, targets: readonly TargetLabels[]): string | null =>
  targetFinder(targets)(labels);

/** The label by which every element of the expression's result tells of which target it is; null if none does. */
export function identityOf(ast: Expression, names: Names, targets: readonly TargetLabels[]): Identity | null {
  const kept = keptBy(ast, looking(names));
  const instances = targets.map(({ instance }) => instance);
  const areDistinct = instances.every(Boolean) && new Set(instances).size === instances.length;
  return identities.find((label) => kept.has(label) && (label === 'server_id' || areDistinct)) ?? null;
}

/** The one name that a selector takes; undefined where it takes several, or any. */
export function nameOf({ name, matchers }: Selector): string | undefined {
  return name ?? matchers.find(({ label, operator }) => label === '__name__' && operator === '=')?.value;
}

function recordedBy(selector: Selector, names: Names): readonly Recorded[] {
  const name = nameOf(selector);
  return name === undefined ? [] : names.recorded(name);
}

/** What was found of recorded names: looked at each time, recordings that read others twice double the work by level. */
type Looking = Names & { readonly kept: Map<string, Kept>; readonly selected: Map<string, Selected> };
const looking = (names: Names): Looking => ({ ...names, kept: new Map(), selected: new Map() });

function once<T>(found: Map<string, T>, selector: Selector, find: () => T): T {
  const name = nameOf(selector) ?? '';
  const known = found.get(name) ?? find();
  found.set(name, known);
  return known;
}

type Kept = ReadonlySet<Identity>;
const none: Kept = new Set();
const all: Kept = new Set(identities);
const without = (kept: Kept, labels: readonly string[]): Kept =>
  new Set([...kept].filter((label) => !labels.includes(label)));
const only = (kept: Kept, labels: readonly string[]): Kept =>
  new Set([...kept].filter((label) => labels.includes(label)));

const isAbsent = ({ name }: Extract<Expression, { kind: 'call' }>): boolean =>
  name === 'absent' || name === 'absent_over_time';

/** Functions whose result has no labels of their argument. */
const labelless = ['scalar', 'vector', 'time', 'pi'];

function keptBy(node: Expression, names: Looking): Kept {
  switch (node.kind) {
    case 'number':
    case 'string':
      return none;
    case 'selector': {
      const recorded = recordedBy(node, names);
      return once(names.kept, node, () =>
        recorded
          .map(({ ast, sets }) => without(keptBy(ast, names), sets))
          .reduce((kept, each) => only(kept, [...each]), all),
      );
    }
    case 'range':
      return keptBy(node.selector, names);
    case 'subquery':
    case 'unary':
    case 'parentheses':
      return keptBy(node.expression, names);
    case 'aggregation': {
      const kept = keptBy(node.expression, names);
      if (node.operator === 'topk' || node.operator === 'bottomk') return kept;
      const { without: isWithout, labels } = node.grouping;
      const grouped = isWithout ? without(kept, labels) : only(kept, labels);
      return node.parameter?.kind === 'string' ? without(grouped, [node.parameter.value]) : grouped;
    }
    case 'call':
      return keptByCall(node, names);
    case 'binary':
      return keptByBinary(node, names);
  }
}

function keptByCall(call: Extract<Expression, { kind: 'call' }>, names: Looking): Kept {
  if (labelless.includes(call.name)) return none;
  const [first, second] = call.arguments;
  if (isAbsent(call))
    return first === undefined ? none : only(all, Object.keys(absentLabels(first, names.edition)));
  const vector = call.arguments.find(({ type }) => type === 'vector' || type === 'range');
  if (vector === undefined) return none;
  const kept = keptBy(vector, names);
  const replaces = call.name === 'label_replace' || call.name === 'label_join';
  return replaces && second?.kind === 'string' ? without(kept, [second.value]) : kept;
}

function keptByBinary(node: Extract<Expression, { kind: 'binary' }>, names: Looking): Kept {
  const { operator, left, right, matching } = node;
  if (left.type !== 'vector') return keptBy(right, names);
  if (right.type !== 'vector') return keptBy(left, names);
  const [ofLeft, ofRight] = [keptBy(left, names), keptBy(right, names)];
  if (operator === 'or') return only(ofLeft, [...ofRight]);
  if (operator === 'and' || operator === 'unless') return ofLeft;
  const { many, on, labels, include } = matching;
  if (many === 'neither') return on ? only(ofLeft, labels) : without(ofLeft, labels);
  const [ofMany, ofOne] = many === 'left' ? [ofLeft, ofRight] : [ofRight, ofLeft];
  return new Set([...without(ofMany, include), ...only(ofOne, include)]);
}

/** The targets that may stand in the expression's result, by what its selectors ask of their labels. */
export function targetsOf(
  ast: Expression,
  names: Names,
  targets: readonly TargetLabels[],
): readonly string[] {
  const selected = selectedBy(ast, looking(names), targets);
  return targets.map(({ server_id: name }) => name).filter((name) => selected.has(name));
}

type Selected = ReadonlySet<string>;
const every = (targets: readonly TargetLabels[]): Selected =>
  new Set(targets.map(({ server_id: name }) => name));
const both = (some: Selected, others: Selected): Selected =>
  new Set([...some].filter((name) => others.has(name)));

function selectedBy(node: Expression, names: Looking, targets: readonly TargetLabels[]): Selected {
  const of = (child: Expression) => selectedBy(child, names, targets);
  switch (node.kind) {
    case 'number':
    case 'string':
      return every(targets);
    case 'selector': {
      const recorded = recordedBy(node, names);
      if (recorded.length === 0) return selectedTargets(node, names, targets);
      return once(names.selected, node, () => new Set(recorded.flatMap(({ ast }) => [...of(ast)])));
    }
    case 'range':
      return of(node.selector);
    case 'subquery':
    case 'unary':
    case 'parentheses':
    case 'aggregation':
      return of(node.expression);
    case 'call': {
      const [first] = node.arguments;
      if (isAbsent(node) && first !== undefined) return selectedByAbsent(first, names, targets) ?? of(first);
      const vector = node.arguments.find(({ type }) => type === 'vector' || type === 'range');
      return vector === undefined ? every(targets) : of(vector);
    }
    case 'binary':
      return selectedByBinary(node, names, targets);
  }
}

/** What is absent has the labels that it was asked for by, and tells of that target, if it names one. */
function selectedByAbsent(
  argument: Expression,
  { edition }: Names,
  targets: readonly TargetLabels[],
): Selected | undefined {
  const labels = absentLabels(argument, edition);
  if (identities.every((label) => labels[label] === undefined)) return undefined;
  const target = targetOf(labels, targets);
  const named = target === null ? every(targets.filter(({ server_id: name }) => isToCome(name))) : [target];
  return new Set(named);
}

function selectedByBinary(
  node: Extract<Expression, { kind: 'binary' }>,
  names: Looking,
  targets: readonly TargetLabels[],
): Selected {
  const of = (child: Expression) => selectedBy(child, names, targets);
  const { operator, left, right, matching } = node;
  if (left.type !== 'vector') return of(right);
  if (right.type !== 'vector') return of(left);
  if (operator === 'or') return new Set([...of(left), ...of(right)]);
  const [many, one] = matching.many === 'right' ? [right, left] : [left, right];
  // Elements go together only within a target if they are matched by what tells targets apart.
  const isMatched = (label: Identity) => matching.labels.includes(label) === matching.on;
  const isPaired = [...only(keptBy(one, names), [...keptBy(many, names)])].some(isMatched);
  return operator === 'unless' || !isPaired ? of(many) : both(of(many), of(one));
}

/** Whether a matcher is about the target: a label is the series' own, or one that Prometheus moved out of the target's way. */
export const asksTarget = ({ label }: Matcher, series: SeriesDefinition | undefined): boolean =>
  label !== '__name__' &&
  !label.startsWith('exported_') &&
  (label === 'server_id' || series === undefined || !hasLabel(series, label));

/** A label that the series itself does not have is the target's, or there is none of it. */
function selectedTargets(selector: Selector, names: Names, targets: readonly TargetLabels[]): Selected {
  const series = names.seriesOf(selector);
  const asked = selector.matchers.filter((matcher) => asksTarget(matcher, series));
  const isSelected = (target: TargetLabels) =>
    asked.every((matcher) => takesLabel(matcher, target, names.edition));
  return new Set(targets.filter(isSelected).map(({ server_id: name }) => name));
}
