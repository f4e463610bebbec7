import type { Covered, Diagnosis } from '../../define.ts';
import type { Judgement } from '../../engine/judgement/judge.ts';
import type { Observed } from '../../engine/judgement/observe.ts';
import type { Log } from '../../ports.ts';
import { isOurs } from '../../readings/reading.ts';
import type { SeriesDefinition } from '../../series/definition.ts';
import { findSeries } from '../../series/find.ts';
import { ofCluster } from '../alerts/alert-points.ts';
import type { CompiledAlert, CompiledPlan, CompiledRecording } from '../compile.ts';
import { countedOnce, isOfServer, isTwin, twinsOf } from '../counted-once.ts';
import { targetFinder } from '../identity.ts';
import { namesRead, seriesRead } from '../names-read.ts';
import {
  judgeEvaluation,
  notEvaluated,
  type BlindRule,
  type RuleProblem,
} from '../findings/rule-101-not-evaluated.ts';
import { ruleSeries, type RulePlan } from '../plan.ts';
import type { ReadTarget } from '../read-series.ts';
import { emptyRoom, mostRuleBytes, namesGivenUp, recallRules, withinRoom, type RoomyMemory } from './room.ts';
import { whereToLook } from '../findings/rule-commands.ts';
import { coveredByThemselves, ruleDiagnosis } from '../findings/rule-findings.ts';
import { judgementsOf, readFor, unclearOf, type Evaluated, type Scene } from '../findings/rule-judgements.ts';
import { withoutLabels } from '../evaluation/memory.ts';
import { runRules, type AlertResult } from '../evaluation/run-rules.ts';
import type { FreshSample } from '../samples/samples.ts';
import { partlySeen, replacedSince, sampledServers } from '../who-answered.ts';

/** What an engine made of a run's readings. */
export type EngineResult = {
  readonly diagnoses: readonly Diagnosis[];
  readonly covered: Covered;
  readonly judgements: readonly Judgement[];
  readonly observed: readonly Observed[];
  /** What is kept for the next run. */
  readonly memory: unknown;
};

export type EngineInput = {
  readonly plan: RulePlan;
  readonly compiled: CompiledPlan;
  readonly cluster: string;
  /** The run's minute, epoch ms. */
  readonly at: number;
  /** As the last run left it; null on a first one. */
  readonly memory: unknown;
  readonly warn: Log['warn'];
};

/** Evaluates the rules here, and publishes what their alarms compare. */
export function evaluateInFunction(
  { plan, compiled, cluster, at, memory, warn }: EngineInput,
  all: readonly ReadTarget[],
): EngineResult {
  const read = countedOnce(all);
  const stored = recalled(memory, (reason) =>
    warn('memory of rules is unreadable, starting as on a first run', { reason }),
  );
  const before = { ...stored, kept: withoutLabels(stored.kept, compiled.unread) };
  const { able, unable } = partition(compiled, namesGivenUp(before, at));
  const { sampled: sampledBefore = {} } = before;
  const sampled = sampledServers(read, sampledBefore);
  const replaced = replacedSince(sampledBefore, sampled);
  const samples = samplesOf(able, read);
  const unclear = (alert: CompiledAlert) => unclearFor(alert, seriesRead(alert, compiled), read);
  const withImpossible = withImpossibleOf(able, read, samples);
  const unseen = partlySeen(read);
  const twins = twinsOf(read);
  const unasked = (alert: CompiledAlert) => unaskedFor(alert, seriesRead(alert, compiled), read);
  const input = { at, samples, withImpossible, unclear, replaced, unseen, twins, unasked };
  const ran = runRules(able, before.kept, input);
  const problems = problemsOf(compiled, [...unable, ...ran.problems], read);
  for (const { rule, message } of problems) warn(`rule ${rule} cannot be evaluated`, { message });
  const resultsOf = Map.groupBy(ran.alerts, ({ alert }) => alert);
  const evaluated = alertsOf(compiled).map((alert): Evaluated => {
    const series = seriesRead(alert, compiled);
    const results = resultsOf.get(alert) ?? [];
    return { alert, series, diagnosis: ruleDiagnosis(alert, series, compiled.targets), results };
  });
  const count = evaluated.length + compiled.recorded.length;
  const scene: Scene = { cluster, read, serverOf: targetFinder(compiled.targets) };
  const published = publishedSeries(plan);
  const unclearPlain = plainOf(compiled).flatMap((alert) => {
    const series = namesRead(alert, compiled).flatMap((name) => findSeries(name, plan.prefixes).slice(0, 1));
    return unclearOf({ alert, series, diagnosis: ruleDiagnosis(alert, series, compiled.targets) }, scene);
  });
  return {
    diagnoses: [
      ...evaluated.map(({ diagnosis }) => diagnosis),
      ...new Set(unclearPlain.map(({ diagnosis }) => diagnosis)),
      notEvaluated,
    ],
    covered: coveredByThemselves([...evaluated.map(({ alert }) => alert), ...plainOf(compiled)], cluster),
    judgements: [
      ...evaluated.flatMap((each) => judgementsOf(each, scene)),
      ...unclearPlain,
      ...(count === 0 ? [] : [judgeEvaluation(problems, count, blindOf(compiled, read))]),
    ],
    observed: [
      ...read.flatMap((each) => observedSeries(each, published, cluster)),
      ...ran.alerts.flatMap((result) => observedRule(result, cluster)),
    ],
    memory: { ...withinRoom(ran.memory, before, at), sampled },
  };
}

function recalled(stored: unknown, warn: (reason: string) => void): RoomyMemory {
  try {
    return recallRules(stored);
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error));
    return emptyRoom;
  }
}

type Unable = { readonly rule: string; readonly message: string };
type CompiledRule = CompiledAlert | CompiledRecording;

const idOf = (rule: CompiledRule): string => (rule.kind === 'alert' ? rule.rule.id : rule.rule.record);
const isPlain = (rule: CompiledRule): boolean => rule.kind === 'alert' && rule.shape.kind === 'plain';

/** The rules without those whose samples found no room, and what to say of these. */
function partition(compiled: CompiledPlan, givenUp: ReadonlySet<string>) {
  if (givenUp.size === 0) return { able: compiled, unable: [] };
  const lacking = (rule: CompiledRule) =>
    isPlain(rule) ? [] : namesRead(rule, compiled).filter((each) => givenUp.has(each));
  const unable = compiled.groups.flatMap(({ rules }) =>
    rules.flatMap((rule): Unable[] => {
      const names = lacking(rule);
      const message = `samples of ${names.join(', ')} take more room than memory has (${mostRuleBytes / 1_000} KB)`;
      return names.length === 0 ? [] : [{ rule: idOf(rule), message }];
    }),
  );
  const groups = compiled.groups.map((group) => ({
    ...group,
    rules: group.rules.filter((rule) => lacking(rule).length === 0),
  }));
  return { able: { ...compiled, groups }, unable };
}

/** The problems with what a person needs to look into them. */
function problemsOf(
  compiled: CompiledPlan,
  problems: readonly Unable[],
  read: readonly ReadTarget[],
): readonly RuleProblem[] {
  const rules = compiled.groups.flatMap((group) => group.rules);
  return problems.map((each) => {
    const rule = rules.find((one) => idOf(one) === each.rule);
    const series = rule === undefined ? [] : seriesRead(rule, compiled);
    return { ...each, expr: rule?.rule.expr ?? '', series, at: whereToLook(series, read) };
  });
}

/** Rules whose series none of their servers gave: they were evaluated over nothing. */
const blindOf = (compiled: CompiledPlan, read: readonly ReadTarget[]): readonly BlindRule[] =>
  [...alertsOf(compiled), ...recordingsOf(compiled)].flatMap((rule) => {
    const series = seriesRead(rule, compiled);
    const own = targetsFor(rule, read);
    const failures = own.map(({ failureOf }) => failureOf(series));
    const [first] = failures;
    const isBlind = first !== undefined && first !== null && !failures.includes(null);
    return isBlind
      ? [{ rule: idOf(rule), servers: own.map(({ target }) => target.name), failure: first }]
      : [];
  });

/**
 * Where a rule that does not hold may do so in truth: what answered there is not all understood, counts elsewhere, or nobody
 * could ask.
 */
function unclearFor(
  alert: CompiledAlert,
  series: readonly SeriesDefinition[],
  read: readonly ReadTarget[],
): ReadonlySet<string> {
  const own = targetsFor(alert, read).filter(({ failureOf }) => {
    const failure = failureOf(series);
    return failure !== null && (failure.code === 'unexpected-shape' || isOurs(failure));
  });
  const isOfEach = alert.scope === 'server';
  const elsewhere = isOfEach && series.some(isOfServer) ? twinsOf(read).keys() : [];
  return new Set([...own.map(({ target: { name } }) => (isOfEach ? name : ofCluster)), ...elsewhere]);
}

/** Of a rule's targets those that nobody could ask what it reads; of a rule without any, of all: DNS may hide its own. */
function unaskedFor(
  alert: CompiledAlert,
  series: readonly SeriesDefinition[],
  read: readonly ReadTarget[],
): ReadonlySet<string> {
  const own = alert.targets.length === 0 ? read : targetsFor(alert, read);
  const failing = own.filter(({ failureOf }) => {
    const failure = failureOf(series);
    return failure !== null && isOurs(failure);
  });
  return new Set(failing.map(({ target: { name } }) => name));
}

const targetsFor = (rule: CompiledRule, read: readonly ReadTarget[]): readonly ReadTarget[] =>
  (rule.kind === 'record' ? read : readFor(rule, read)).filter((each) => !isTwin(each));

const recordingsOf = ({ groups }: CompiledPlan): readonly CompiledRecording[] =>
  groups.flatMap(({ rules }) => rules.filter((each): each is CompiledRecording => each.kind === 'record'));

/** What plain alarms compare and no other check publishes, by the name it is published under. */
export const publishedSeries = ({ series }: RulePlan): ReadonlyMap<string, SeriesDefinition> =>
  new Map(
    series.flatMap((name) =>
      findSeries(name)
        .slice(0, 1)
        .map((each) => [name, each] as const),
    ),
  );

const isAlert = (rule: CompiledRule): rule is CompiledAlert => rule.kind === 'alert';

/** Plain rules are their alarms' alone. */
const alertsOf = ({ groups }: CompiledPlan): readonly CompiledAlert[] =>
  groups.flatMap(({ rules }) => rules.filter(isAlert).filter((each) => !isPlain(each)));

const plainOf = ({ groups }: CompiledPlan): readonly CompiledAlert[] =>
  groups.flatMap(({ rules }) => rules.filter(isAlert).filter(isPlain));

/** What servers say of the series that rules read, by the name that rules spell. */
const samplesOf = (
  { needed }: CompiledPlan,
  read: readonly ReadTarget[],
): ReadonlyMap<string, readonly FreshSample[]> =>
  new Map(
    [...needed].map(([name, series]) => [
      name,
      series.flatMap((each) => read.flatMap(({ samplesOf: of }) => of(each))),
    ]),
  );

/** The same with values that no server can have; null without any. */
function withImpossibleOf(
  { needed }: CompiledPlan,
  read: readonly ReadTarget[],
  samples: ReadonlyMap<string, readonly FreshSample[]>,
): ReadonlyMap<string, readonly FreshSample[]> | null {
  const impossible = [...needed].map(([name, series]) => {
    const odd = series.flatMap((each) => read.flatMap(({ impossibleOf: of }) => of?.(each) ?? []));
    return [name, odd] as const;
  });
  if (impossible.every(([, odd]) => odd.length === 0)) return null;
  return new Map(impossible.map(([name, odd]) => [name, [...(samples.get(name) ?? []), ...odd]]));
}

function observedSeries(
  { target, samplesOf: of }: ReadTarget,
  published: ReadonlyMap<string, SeriesDefinition>,
  cluster: string,
): readonly Observed[] {
  return [...published].flatMap(([name, series]) => {
    const labels = { cluster, server_id: target.name };
    return of(series)
      .filter(({ value }) => Number.isFinite(value))
      .map(({ value }) => ({ target: target.name, observation: { series: name, labels, value } }));
  });
}

function observedRule({ alert, target, points }: AlertResult, cluster: string): readonly Observed[] {
  const labels = { cluster, rule: alert.rule.id, ...(target === null ? {} : { server_id: target }) };
  return points.map(({ at, value }) => ({
    target,
    at,
    observation: { series: ruleSeries.rule, labels, value },
  }));
}
