import { crosses } from '../../lambdas/limits.ts';
import { evaluate, metricName, readerOf } from '../../lambdas/promql/index.ts';
import type { Labels, Series } from '../../lambdas/promql/index.ts';
import { everyMs, type CompiledAlert, type CompiledPlan } from '../../lambdas/rules/compile.ts';
import { targetOf } from '../../lambdas/rules/identity.ts';
import type { RuleMemory } from '../../lambdas/rules/evaluation/memory.ts';
import { readRules } from '../../lambdas/rules/evaluation/remembered.ts';
import { ruleSeries } from '../../lambdas/rules/plan.ts';
import { publishable } from '../../lambdas/rules/alerts/points.ts';
import { elementsOf } from '../../lambdas/rules/evaluation/rule-result.ts';
import {
  runRules,
  type AlertResult,
  type RuleInput,
  type RuleRun,
} from '../../lambdas/rules/evaluation/run-rules.ts';
import { exporterName } from '../../lambdas/series/find.ts';
import type { Metric } from '../cloudwatch/alarm-spec.ts';
import { alarmStates, type Datapoint, type EvaluatedAlarm, type StateAt } from '../cloudwatch/evaluator.ts';

/** An element of a plain rule's result: its alarm compares the series itself. */
export type PlainResult = {
  readonly alert: CompiledAlert;
  readonly target: string;
  /** With the name, as the labels of other rules' alerts. */
  readonly labels: Labels;
  readonly value: number;
};

export type SimulatedMinute = {
  readonly minute: number;
  /** Of the rules that are evaluated in the Lambda. */
  readonly alerts: readonly AlertResult[];
  /** Of plain rules. */
  readonly plain: readonly PlainResult[];
  readonly problems: RuleRun['problems'];
};

export type SimulatedAlarm<A extends EvaluatedAlarm = EvaluatedAlarm> = {
  readonly alarm: A;
  /** After the evaluation of each minute, from the first on. */
  readonly states: readonly StateAt[];
};

export type Simulation<A extends EvaluatedAlarm = EvaluatedAlarm> = {
  /** As they were given. */
  readonly alarms: readonly SimulatedAlarm<A>[];
  /** What a metric got, with the minute from which on it is seen where that is not its own. */
  readonly datapoints: (metric: Metric) => readonly Datapoint[];
  readonly minutes: readonly SimulatedMinute[];
};

/**
 * Deployed rules over made-up series: what is published in each minute from `from` and `minutes` more, both ends included,
 * and the states that alarms (every `AlarmSpec` is one) take from it.
 *
 * Minute 0 is the epoch, where promtool begins. A run hears the samples since the run before, of each series the last, as of its
 * own time; a series without one has a gap, and has ended only where its samples say so (null).
 * Series of servers carry the `server_id` or `instance` of one of the plan's targets. Metrics are told apart by their names
 * and the dimensions `rule` and `server_id`: a plan is of one cluster.
 */
export function simulate<A extends EvaluatedAlarm>(
  compiled: CompiledPlan,
  alarms: readonly A[],
  series: readonly Series[],
  { minutes, from = 0 }: { readonly minutes: number; readonly from?: number },
): Simulation<A> {
  const to = from + minutes;
  const published = new Map<string, Datapoint[]>();
  const publish = (key: string, point: Datapoint): void => {
    const points = published.get(key) ?? [];
    published.set(key, points);
    points.push(point);
  };
  const datapoints = ({ name, dimensions }: Metric): readonly Datapoint[] =>
    published.get(keyOf(name, dimensions)) ?? [];

  const hear = listener(series);
  const plainRules = plainRulesOf(compiled, series);
  const unheard = unheardServers(compiled, series);
  const simulated: SimulatedMinute[] = [];
  let memory: RuleMemory | null = null;
  for (let minute = from; minute <= to; minute += 1) {
    const run: RuleRun = runRules(compiled, memory, hear(minute));
    memory = readRules(JSON.parse(JSON.stringify(run.memory)));
    for (const { alert, target, points } of run.alerts) {
      const key = keyOf(ruleSeries.rule, { rule: alert.rule.id, ...serverOf(target) });
      for (const { at, value } of points) publish(key, { minute: at / everyMs, value, seenFrom: minute });
    }
    const compared = plainRules.flatMap((rule) => rule(minute));
    for (const { metric, value } of compared) {
      // CloudWatch takes no NaN.
      if (!Number.isNaN(value)) publish(metric, { minute, value: publishable(value) });
    }
    for (const metric of unheard) publish(metric, { minute, value: 1 });
    const plain = compared.filter(({ isResult }) => isResult).map(({ result }) => result);
    simulated.push({ minute, alerts: run.alerts, plain, problems: run.problems });
  }
  return {
    alarms: alarms.map((alarm) => ({
      alarm,
      states: alarmStates(alone(alarm), datapoints, { from, to }),
    })),
    datapoints,
    minutes: simulated,
  };
}

/** Without what other servers of the cluster do: a rule is tried by itself. */
const alone = (alarm: EvaluatedAlarm): EvaluatedAlarm =>
  alarm.compared.kind === 'metric'
    ? { ...alarm, compared: { kind: 'metric', metric: alarm.compared.metric } }
    : alarm;

const serverOf = (target: string | null): Readonly<Record<string, string>> =>
  target === null ? {} : { server_id: target };

const keyOf = (name: string, { rule = '', server_id: server = '' }: Metric['dimensions']): string =>
  [name, rule, server].join('\0');

/** What the run of a minute hears. */
function listener(series: readonly Series[]): (minute: number) => RuleInput {
  const all = series.map(({ labels, samples }) => ({
    name: labels[metricName] ?? '',
    labels,
    byMinute: new Map(samples.map(([atMs, value]) => [Math.ceil(atMs / everyMs), value])),
  }));
  const byName = Map.groupBy(all, ({ name }) => name);
  return (minute) => {
    const entries = [...byName];
    const samples = entries.map(([name, some]) => {
      const fresh = some.flatMap(({ labels, byMinute }) => {
        const value = byMinute.get(minute);
        return typeof value === 'number' ? [{ labels, value }] : [];
      });
      return [name, fresh] as const;
    });
    const silent = entries.map(([name, some]) => {
      const gaps = some.filter(({ byMinute }) => byMinute.get(minute) === undefined);
      return [name, gaps.map(({ labels }) => labels)] as const;
    });
    return { at: minute * everyMs, samples: new Map(samples), silent: new Map(silent) };
  };
}

/** `up` is made of every server in every run: where the series say nothing of it, servers answer. */
function unheardServers({ groups, targets }: CompiledPlan, series: readonly Series[]): readonly string[] {
  const heard = new Set(
    series.filter(({ labels }) => labels[metricName] === 'up').map(({ labels }) => targetOf(labels, targets)),
  );
  const asked = groups.flatMap(({ rules }) =>
    rules.flatMap((each) => {
      const isOfUp =
        each.kind === 'alert' && each.shape.kind === 'plain' && each.shape.series.collector === 'up';
      return isOfUp ? each.targets : [];
    }),
  );
  const silent = new Set(asked.filter((target) => !heard.has(target)));
  return [...silent].map((target) => keyOf('up', { server_id: target }));
}

type ComparedSeries = {
  readonly metric: string;
  readonly value: number;
  readonly isResult: boolean;
  readonly result: PlainResult;
};

/** What plain rules' alarms compare at a minute: what their selectors take then. */
function plainRulesOf(
  { groups, edition, targets }: CompiledPlan,
  series: readonly Series[],
): readonly ((minute: number) => readonly ComparedSeries[])[] {
  const alerts = groups.flatMap(({ rules }) => rules).filter((each) => each.kind === 'alert');
  const read = readerOf(series, edition);
  return alerts.flatMap((alert) => {
    const { shape } = alert;
    if (shape.kind !== 'plain') return [];
    const { selector, direction, threshold } = shape;
    const name = exporterName(shape.series);
    return (minute: number) =>
      elementsOf(evaluate(selector, { at: minute * everyMs, read, edition })).flatMap((element) => {
        const { labels } = element;
        const target = targetOf(labels, targets);
        if (target === null) return [];
        const { value } = element;
        return [
          {
            metric: keyOf(name, { server_id: target }),
            value,
            isResult: crosses[direction](value, threshold),
            result: { alert, target, labels, value },
          },
        ];
      });
  });
}
