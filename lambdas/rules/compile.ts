import { minutes } from '../durations.ts';
import { parse, selectorsOf, type Edition, type Expression, type Selector } from '../promql/index.ts';
import type { SeriesDefinition } from '../series/definition.ts';
import { findSeries, seriesWithLabels } from '../series/find.ts';
import type { TargetLabels } from '../series/labels.ts';
import { identityOf, nameOf, targetsOf, type Names, type Recorded } from './identity.ts';
import type { PlannedAlert, RulePlan } from './plan.ts';
import type { RecordingRule } from './rule.ts';
import { keptOf, type Kept } from './samples/kept.ts';
import { shapeOf, type Shape } from './shape.ts';
import { unreadLabels } from './unread-labels.ts';

/** How often rules are evaluated, and a datapoint's period, in milliseconds. */
export const everyMs = minutes(1);

export type CompiledAlert = {
  readonly kind: 'alert';
  readonly rule: PlannedAlert;
  readonly ast: Expression;
  readonly shape: Shape;
  /** Whether the rule has an alarm for each of its targets, or one for the cluster. */
  readonly scope: 'server' | 'cluster';
  /** Targets that its selectors take, by `server_id`. */
  readonly targets: readonly string[];
  /** N of the alarm's N of N datapoints. */
  readonly datapoints: number;
};

export type CompiledRecording = {
  readonly kind: 'record';
  readonly rule: RecordingRule;
  readonly ast: Expression;
};

export type CompiledPlan = {
  readonly edition: Edition;
  readonly targets: readonly TargetLabels[];
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly (CompiledAlert | CompiledRecording)[];
  }[];
  /**
   * What evaluation reads of servers, by the name that rules spell: what the exporter has under it, which is two for the sum
   * over connections and the connections, where rules read both. Plain alarms of the classic engine read nothing
   * here.
   */
  readonly needed: ReadonlyMap<string, readonly SeriesDefinition[]>;
  /** Labels that servers are not asked for. */
  readonly unread: readonly string[];
  /** The names that recording rules give, once for each rule. */
  readonly recorded: readonly string[];
  /** What rules look back to, by name. */
  readonly kept: ReadonlyMap<string, Kept>;
};

/** `for: 5m` is six in a row, as Prometheus fires at the first evaluation after it held for so long. */
export const datapointsOf = ({
  forMs,
  keepFiringForMs,
}: Pick<PlannedAlert, 'forMs' | 'keepFiringForMs'>): number =>
  keepFiringForMs > 0 ? 1 : Math.ceil(forMs / everyMs) + 1;

/**
 * Makes of a plan what is evaluated for these targets.
 * @throws Error for an expression that does not parse: synth has refused it
 */
export function compile(plan: RulePlan, targets: readonly TargetLabels[]): CompiledPlan {
  const { edition } = plan;
  const recordings = new Map<string, readonly Recorded[]>();
  const names: Names = {
    edition,
    recorded: (name) => recordings.get(name) ?? [],
    seriesOf: (selector) => seriesOf(selector, plan.prefixes, recordings),
  };
  const parsed = plan.groups.map((group) => ({
    name: group.name,
    rules: group.rules.map((rule) => ({ rule, ast: parsedOf(rule.expr, edition) })),
  }));
  for (const { rule, ast } of parsed.flatMap(({ rules }) => rules)) {
    if (rule.kind !== 'record') continue;
    const others = recordings.get(rule.record) ?? [];
    recordings.set(rule.record, [...others, { ast, sets: Object.keys(rule.labels) }]);
  }
  const groups = parsed.map(({ name, rules }) => ({
    name,
    rules: rules.map(({ rule, ast }) =>
      rule.kind === 'record'
        ? ({ kind: 'record', rule, ast } as const)
        : compileAlert(rule, ast, plan.per, names, targets),
    ),
  }));
  return {
    edition,
    targets,
    groups,
    unread: unreadLabels(
      parsed.flatMap(({ rules }) => rules),
      names,
    ),
    ...readsOf(
      groups.flatMap(({ rules }) => rules),
      names,
      plan.engine,
    ),
  };
}

function parsedOf(text: string, edition: Edition): Expression {
  const { ast, problem } = parse(text, edition);
  if (ast === undefined) throw new Error(`${text}: ${problem.message}`);
  return ast;
}

function seriesOf(
  selector: Selector,
  prefixes: readonly string[],
  recordings: ReadonlyMap<string, unknown>,
): SeriesDefinition | undefined {
  const name = nameOf(selector);
  if (name === undefined || recordings.has(name)) return undefined;
  const labels = selector.matchers.map(({ label }) => label);
  return seriesWithLabels(findSeries(name, prefixes), labels);
}

/** The alert with its shape, scope and targets. */
function compileAlert(
  rule: PlannedAlert,
  ast: Expression,
  per: RulePlan['per'],
  names: Names,
  targets: readonly TargetLabels[],
): CompiledAlert {
  const shape = shapeOf(ast, {
    per,
    keepFiring: rule.keepFiringForMs > 0,
    templated: Object.values(rule.labels).some((text) => text.includes('{{')),
    seriesOf: names.seriesOf,
  });
  const isOfServers = per === 'server' && identityOf(ast, names, targets) !== null;
  return {
    kind: 'alert',
    rule,
    ast,
    shape,
    scope: isOfServers ? 'server' : 'cluster',
    targets: targetsOf(ast, names, targets),
    datapoints: datapointsOf(rule),
  };
}

function readsOf(
  rules: readonly (CompiledAlert | CompiledRecording)[],
  { seriesOf: find, edition }: Names,
  engine: RulePlan['engine'],
): Pick<CompiledPlan, 'needed' | 'recorded' | 'kept'> {
  const evaluated = rules.filter(
    (each) => each.kind === 'record' || engine === 'promql' || each.shape.kind !== 'plain',
  );
  const needed = new Map<string, readonly SeriesDefinition[]>();
  for (const selector of evaluated.flatMap(({ ast }) => selectorsOf(ast))) {
    const [name, series] = [nameOf(selector), find(selector)];
    if (name === undefined || series === undefined) continue;
    needed.set(name, [...new Set([...(needed.get(name) ?? []), series])]);
  }
  const recorded = rules.flatMap((each) => (each.kind === 'record' ? [each.rule.record] : []));
  const expressions = evaluated.map(({ ast }) => ast);
  return { needed, recorded, kept: keptOf(expressions, [...needed.keys(), ...recorded], edition) };
}
