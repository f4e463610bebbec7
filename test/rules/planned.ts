import type { ClusterFacts } from '../../lambdas/define.ts';
import { compile, type CompiledAlert, type CompiledPlan } from '../../lambdas/rules/compile.ts';
import { emptyPlan, type PlannedAlert, type RulePlan } from '../../lambdas/rules/plan.ts';
import type { RecordingRule } from '../../lambdas/rules/rule.ts';
import { targetLabels } from '../../lambdas/rules/target-labels.ts';
import { target } from '../engine/fake-ports.ts';

/** A rule as it is deployed: a warning that fires at once and says nothing, with changes. */
export const alertOf = (alert: string, expr: string, changes: Partial<PlannedAlert> = {}): PlannedAlert => ({
  kind: 'alert',
  id: alert,
  alert,
  expr,
  forMs: 0,
  keepFiringForMs: 0,
  labels: {},
  annotations: {},
  severity: 'warning',
  ...changes,
});

export const recordingOf = (record: string, expr: string): RecordingRule => ({
  kind: 'record',
  record,
  expr,
  labels: {},
});

export const planOf = (
  rules: readonly (PlannedAlert | RecordingRule)[],
  changes: Partial<RulePlan> = {},
): RulePlan => ({ ...emptyPlan, groups: [{ name: 'g', rules }], ...changes });

/** The plan for targets of these names. */
export const compiledFor = (
  plan: RulePlan,
  names: readonly string[] = ['n1', 'n2'],
  facts: Pick<ClusterFacts, 'labels'> = { labels: {} },
): CompiledPlan =>
  compile(
    plan,
    names.map((name) => targetLabels(facts, target(name))),
  );

/** The first alert of a plan, with the plan. */
export function compiledAlert(compiled: CompiledPlan): CompiledAlert {
  const alert = compiled.groups.flatMap(({ rules }) => rules).find((rule) => rule.kind === 'alert');
  if (alert === undefined) throw new Error('no alert in the plan');
  return alert;
}
