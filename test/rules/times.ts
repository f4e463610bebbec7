import type { AlarmSpec } from '../../infra/cloudwatch/alarm-spec.ts';
import { alarmStates, type AlarmState, type Datapoint } from '../../infra/cloudwatch/evaluator.ts';
import { deploymentSettings, type DeploymentSettings } from '../../infra/settings/deployment.ts';
import { simulate, type Simulation } from '../../infra/rules/simulate.ts';
import { translate, type RuleSource, type Translated } from '../../infra/rules/translate/translate.ts';
import { checks, diagnoses } from '../../lambdas/checks/catalogue.ts';
import { metricName, type Edition, type Labels } from '../../lambdas/promql/index.ts';
import { compile, everyMs, type CompiledPlan } from '../../lambdas/rules/compile.ts';
import type { RuleMemory } from '../../lambdas/rules/evaluation/memory.ts';
import { planFor } from '../../lambdas/rules/plan.ts';
import { runRules, type RuleRun } from '../../lambdas/rules/evaluation/run-rules.ts';
import { targetLabels } from '../../lambdas/rules/target-labels.ts';
import { parseSettings, type ClusterSettings } from '../../lambdas/settings.ts';
import { seriesOf } from '../promql/ours.ts';
import { answers, type Scene } from '../promql/promtool.ts';

/** Minutes from 0 on, by name: `NatsServerDown critical n1` has `13-21`. What is of no single server has no server's name. */
export type Times = Readonly<Record<string, string>>;

/** Series in promtool's notation, and for how many minutes, the first of which is 0, rules are evaluated. */
export type Course = Pick<Scene, 'series'> & { readonly minutes: number; readonly stepSeconds?: number };

/** When Prometheus fires the alerts of a rule file, by promtool, for those that are of interest. */
export async function alertTimes(
  ruleFile: string,
  { series, minutes, stepSeconds = 60 }: Course,
  edition: Edition,
  isOfInterest: (labels: Labels) => boolean = () => true,
): Promise<Times> {
  const questions = Array.from({ length: minutes }, (_each, minute) => ({
    text: 'ALERTS{alertstate="firing"}',
    atMs: minute * 60_000,
  }));
  const [answered = []] = await answers(edition, [{ stepSeconds, series, questions, ruleFile }]);
  return timesOf(
    answered.flatMap((answer, minute) => {
      if ('error' in answer) throw new Error(answer.error);
      const firing = answer.samples.filter(({ labels }) => isOfInterest(labels));
      return firing.map(({ labels }) => ({
        minute,
        name: nameOf(labels['alertname'], labels['severity'], labels['server_id']),
      }));
    }),
  );
}

/** Rules as the classic engine deploys them to one cluster. */
export type Deployment = {
  readonly settings: DeploymentSettings;
  readonly cluster: ClusterSettings;
  readonly compiled: CompiledPlan;
  readonly translated: Translated;
};

/** Rules as settings deploy them, by cluster. Servers are at port 8222 of hosts of their names. */
export function deploymentsOf(
  groups: readonly RuleSource[],
  clusters: readonly {
    readonly name: string;
    readonly servers: readonly string[];
    readonly leafnodes?: number;
  }[],
  prometheus: Edition = 2,
): readonly Deployment[] {
  const raw = {
    clusters: clusters.map(({ name, servers, leafnodes }) => ({
      name,
      targets: servers.map((server) => ({ name: server, url: `http://${server}:8222` })),
      expect: leafnodes === undefined ? {} : { leafnodes },
    })),
    alarms: { prometheus },
  };
  const { settings, book } = parseSettings(deploymentSettings, raw, 'test', diagnoses);
  const translated = translate(groups, settings, book, checks);
  return settings.clusters.map((cluster) => {
    const labels = cluster.targets.map((target) => targetLabels(cluster, target));
    return {
      settings,
      cluster,
      translated,
      compiled: compile(planFor(translated.plan, cluster.name), labels),
    };
  });
}

/** What a cluster's alarms do; of the series, its servers'. */
export function simulated(
  { cluster, compiled, translated }: Deployment,
  { series, minutes, stepSeconds = 60 }: Course,
): Simulation<AlarmSpec> {
  const servers = cluster.targets.map(({ name }) => name);
  const own = series
    .map((each) => seriesOf(each, stepSeconds))
    .filter(({ labels }) => servers.includes(labels['server_id'] ?? ''));
  const specs = translated.rules
    .flatMap((rule) => rule.specs)
    .filter((spec) => spec.cluster === cluster.name);
  return simulate(compiled, specs, own, { minutes: minutes - 1 });
}

/** When the alarms of a cluster are in a state. */
export function alarmTimes(deployment: Deployment, course: Course, expected: AlarmState = 'ALARM'): Times {
  const alertOf = new Map(
    deployment.translated.rules.flatMap(({ alert, specs }) =>
      specs.map(({ name }) => [name, alert] as const),
    ),
  );
  return timesOf(
    simulated(deployment, course).alarms.flatMap(({ alarm: { name, severity, target }, states }) =>
      states
        .filter(({ state }) => state === expected)
        .map(({ minute }) => ({ minute, name: nameOf(alertOf.get(name), severity, target ?? undefined) })),
    ),
  );
}

/** The states of a rule's one alarm if the function does not run in some minutes. */
export function statesWithout(
  left: readonly number[],
  { compiled, translated }: Deployment,
  { series, minutes }: Course,
): Times {
  const [spec] = translated.specs;
  if (spec === undefined) throw new Error('no alarm');
  const values = series.map((each) => seriesOf(each, 60));
  const points: Datapoint[] = [];
  let memory: RuleMemory | null = null;
  for (let minute = 0; minute < minutes; minute += 1) {
    if (left.includes(minute)) continue;
    const at = minute * everyMs;
    const fresh = values.map(({ labels, samples }) => {
      const value = samples.find(([time]) => time === at)?.[1];
      return [labels[metricName] ?? '', typeof value === 'number' ? [{ labels, value }] : []] as const;
    });
    const run: RuleRun = runRules(compiled, memory, { at, samples: new Map(fresh) });
    memory = run.memory;
    const published = run.alerts.flatMap((result) => result.points);
    points.push(
      ...published.map((each) => ({ minute: each.at / everyMs, value: each.value, seenFrom: minute })),
    );
  }
  const states = alarmStates(spec, () => points, { from: 0, to: minutes - 1 });
  const byState = Map.groupBy(states, ({ state }) => state);
  return Object.fromEntries(
    [...byState].map(([state, some]) => [state, ranges(some.map(({ minute }) => minute))]),
  );
}

const nameOf = (...words: readonly (string | undefined)[]): string =>
  words.filter((word) => word !== undefined).join(' ');

function timesOf(found: readonly { readonly minute: number; readonly name: string }[]): Times {
  const byName = [...Map.groupBy(found, ({ name }) => name)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(byName.map(([name, some]) => [name, ranges(some.map(({ minute }) => minute))]));
}

/** `1, 2, 3, 7` is `1-3, 7`. */
export function ranges(minutes: readonly number[]): string {
  const starts = minutes.filter((minute) => !minutes.includes(minute - 1));
  const ends = minutes.filter((minute) => !minutes.includes(minute + 1));
  return starts.map((start, index) => [...new Set([start, ends[index]])].join('-')).join(', ');
}
