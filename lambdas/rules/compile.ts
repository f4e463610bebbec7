import { minutes } from '../durations.ts';
import {
  parse,
  selectorsOf,
  spansOf,
  type Edition,
  type Expression,
  type Selector,
} from '../promql/index.ts';
import type { SeriesDefinition } from '../series/definition.ts';
import { findSeries, seriesWithLabels } from '../series/find.ts';
import type { TargetLabels } from '../series/labels.ts';
import { identityOf, targetsOf, type Names } from './identity.ts';
import type { PlannedAlert, RulePlan } from './plan.ts';
import type { RecordingRule } from './rule.ts';
import { shapeOf, type Shape } from './shape.ts';

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

/** A name as rules spell it, and what they read of it. */
export type NeededSeries = {
  readonly name: string;
  /** What the exporter has under it: the sum over connections and the connections, where rules read both. */
  readonly definitions: readonly SeriesDefinition[];
  /** How far rules look back, in milliseconds. */
  readonly keepMs: number;
};

export type CompiledPlan = {
  readonly edition: Edition;
  readonly targets: readonly TargetLabels[];
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly (CompiledAlert | CompiledRecording)[];
  }[];
  /** What evaluation reads of servers, by the name that rules spell; plain alarms read nothing here. */
  readonly needed: ReadonlyMap<string, NeededSeries>;
  /** Recorded names, and how far rules look back for them, in milliseconds. */
  readonly recorded: ReadonlyMap<string, number>;
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
  const recordings = new Map<string, { readonly ast: Expression; readonly sets: readonly string[] }>();
  const names: Names = {
    edition,
    recorded: (name) => recordings.get(name),
    seriesOf: (selector) => seriesOf(selector, plan.prefixes, recordings),
  };
  const parsed = plan.groups.map((group) => ({
    name: group.name,
    rules: group.rules.map((rule) => ({ rule, ast: parsedOf(rule.expr, edition) })),
  }));
  for (const { rule, ast } of parsed.flatMap(({ rules }) => rules)) {
    if (rule.kind === 'record') recordings.set(rule.record, { ast, sets: Object.keys(rule.labels) });
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
    ...readsOf(
      groups.flatMap(({ rules }) => rules),
      names,
      recordings,
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

/** The one name that a selector takes; undefined where it takes several, or any. */
export function nameOf({ name, matchers }: Selector): string | undefined {
  return name ?? matchers.find(({ label, operator }) => label === '__name__' && operator === '=')?.value;
}

/** The alert with its shape, scope and targets. */
export function compileAlert(
  rule: PlannedAlert,
  ast: Expression,
  per: RulePlan['per'],
  names: Names,
  targets: readonly TargetLabels[],
): CompiledAlert {
  const shape = shapeOf(ast, { per, keepFiring: rule.keepFiringForMs > 0, seriesOf: names.seriesOf });
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
  names: Names,
  recordings: ReadonlyMap<string, unknown>,
): Pick<CompiledPlan, 'needed' | 'recorded'> {
  const needed = new Map<string, NeededSeries>();
  const recorded = new Map<string, number>([...recordings.keys()].map((name) => [name, 0]));
  for (const each of rules) {
    if (each.kind === 'alert' && each.shape.kind === 'plain') continue;
    const spans = spansOf(each.ast, 0);
    for (const selector of selectorsOf(each.ast)) {
      const name = nameOf(selector);
      if (name === undefined) continue;
      const backMs = Math.max(0, -(spans.get(selector)?.fromMs ?? 0));
      const known = recorded.get(name);
      if (known !== undefined) {
        recorded.set(name, Math.max(known, backMs));
        continue;
      }
      const series = names.seriesOf(selector);
      const before = needed.get(name);
      const definitions = new Set([
        ...(before?.definitions ?? []),
        ...(series === undefined ? [] : [series]),
      ]);
      needed.set(name, {
        name,
        definitions: [...definitions],
        keepMs: Math.max(before?.keepMs ?? 0, backMs),
      });
    }
  }
  return { needed, recorded };
}
