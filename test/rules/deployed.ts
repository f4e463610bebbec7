import { deploymentSettings } from '../../infra/settings/deployment.ts';
import type { AlarmSpec } from '../../infra/cloudwatch/alarm-spec.ts';
import { simulate, type Simulation } from '../../infra/rules/simulate.ts';
import { classicAlarms } from '../../infra/rules/translate/alarms/alarms.ts';
import { readRuleFile } from '../../infra/rules/rule-file/rule-file.ts';
import type { Edition } from '../../lambdas/promql/index.ts';
import { compile, type CompiledAlert, type CompiledPlan } from '../../lambdas/rules/compile.ts';
import { emptyPlan } from '../../lambdas/rules/plan.ts';
import { targetLabels } from '../../lambdas/rules/target-labels.ts';
import { parseSettings } from '../../lambdas/settings.ts';
import { seriesOf } from '../promql/ours.ts';
import { ruleFileOf, type RuleScene } from './firing.ts';

/** The servers of scenes: their names are the `server_id` of the scenes' series. */
const servers = ['x', 'y', 'z', 'none'];
const { settings } = parseSettings(
  deploymentSettings,
  {
    clusters: [{ name: 'c', targets: servers.map((name) => ({ name, url: `http://${name}.example:8222` })) }],
  },
  'a scene',
  [],
);
const [cluster] = settings.clusters;
if (cluster === undefined) throw new Error('no cluster');

export type Deployment = { readonly compiled: CompiledPlan; readonly alarms: readonly AlarmSpec[] };

/** A scene's rules as they are deployed by the classic engine. */
export function deploymentOf(
  { groups, per = 'server' }: Pick<RuleScene, 'groups' | 'per'>,
  edition: Edition,
): Deployment {
  const file = readRuleFile(JSON.stringify(ruleFileOf({ groups })), 'rules.yml', edition);
  const [problem] = file.problems;
  if (problem !== undefined) throw new Error(`the rules are refused: ${JSON.stringify(problem)}`);
  const planned = file.groups.map(({ name, rules }) => ({
    name,
    rules: rules.map((rule) =>
      rule.kind === 'record' ? rule : { ...rule, id: rule.alert, severity: 'warning' as const },
    ),
  }));
  const facts = { labels: {} };
  const compiled = compile(
    { ...emptyPlan, edition, per, groups: planned },
    (cluster?.targets ?? []).map((target) => targetLabels(facts, target)),
  );
  const alarms = compiled.groups.flatMap(({ rules }) =>
    rules.flatMap((rule) => (rule.kind === 'alert' ? alarmsOf(rule) : [])),
  );
  return { compiled, alarms };
}

function alarmsOf(alert: CompiledAlert): readonly AlarmSpec[] {
  if (cluster === undefined) return [];
  const about = { alert, limited: null, isBuiltIn: false, tags: () => ({}), annotations: () => ({}) };
  return classicAlarms(about, { settings, checks: [], cluster });
}

/** The scene's alarms, minute by minute. */
export const simulated = (
  { series, minutes }: RuleScene,
  { compiled, alarms }: Deployment,
): Simulation<AlarmSpec> =>
  simulate(
    compiled,
    alarms,
    series.map((each) => seriesOf(each, 60)),
    { minutes },
  );
