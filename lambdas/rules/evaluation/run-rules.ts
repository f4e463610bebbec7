import { hours } from '../../durations.ts';
import {
  EvaluationError,
  keyOf,
  metricName,
  withoutName,
  written,
  type Evaluation,
  type Frame,
  type Labels,
  type Read,
  type VectorSample,
} from '../../promql/index.ts';
import { decodeAlerts, encodeAlerts, type RuleState } from '../alerts/alert-memory.ts';
import { ofCluster, publishedOf, type TargetOf } from '../alerts/alert-points.ts';
import { everyMs, type CompiledAlert, type CompiledPlan, type CompiledRecording } from '../compile.ts';
import { nextAlerts, type Alerts, type Entity } from '../alerts/evaluate-alert.ts';
import { targetFinder } from '../identity.ts';
import { emptyRules, type RuleMemory } from './memory.ts';
import { rememberRules } from './remembered.ts';
import { isOfServer, type Twins } from '../counted-once.ts';
import { expressionsOf, namesRead, seriesRead } from '../names-read.ts';
import type { Point } from '../alerts/points.ts';
import { recordedBy, resultOf } from './rule-result.ts';
import { labelsIn } from '../samples/frames.ts';
import { lazily } from '../samples/lazily.ts';
import { advance, type SampleInput, type SampleMemory } from '../samples/samples.ts';
import { sharedIn, sharing, type Shared } from './shared-values.ts';
import { addsUp, elementsOr, missesSeries, readingBoth } from './twins.ts';

export type { Entity } from '../alerts/evaluate-alert.ts';

/** What `nats_rule` gets of one rule, for one server or for the cluster. */
export type AlertResult = {
  readonly alert: CompiledAlert;
  /** `server_id`; null for the cluster. */
  readonly target: string | null;
  /** This run's point first; behind it those that are sent again, with their own times in epoch milliseconds. */
  readonly points: readonly Point[];
  /** What fires before what waits, the worst first. */
  readonly entities: readonly Entity[];
};

export type RuleInput = {
  /** The run's minute, in epoch milliseconds. */
  readonly at: number;
  /** What the run read, by the names that rules use. */
  readonly samples: SampleInput['fresh'];
  /** The same with values that no server can have, where it read any: what holds only with them or without is not known to. */
  readonly withImpossible?: SampleInput['fresh'] | null;
  readonly silent?: SampleInput['silent'];
  /** Targets, or '' for the cluster, of which not all could be read that the rule reads. */
  readonly unclear?: (alert: CompiledAlert) => ReadonlySet<string>;
  readonly replaced?: SampleInput['replaced'];
  /** Targets of which a part was not seen: what does not fire for them is not known. */
  readonly unseen?: ReadonlySet<string>;
  /** Targets whose servers count at others, so that their series are not among the samples: what only these would decide is not known. */
  readonly twins?: Twins;
  /** Targets that nobody could ask what the rule reads, for reasons of ours: what holds as it is not there is not known to. */
  readonly unasked?: (alert: CompiledAlert) => ReadonlySet<string>;
};

export type RuleRun = {
  readonly memory: RuleMemory;
  /** Of rules that are not plain: a plain rule's alarm compares the series itself. */
  readonly alerts: readonly AlertResult[];
  /** Rules that could not be evaluated, by id or recorded name: nothing is published of them, and they stay as they were. */
  readonly problems: readonly { readonly rule: string; readonly message: string }[];
};

/**
 * Evaluates the rules once, in the order of their files, as Prometheus does: a recorded series is there for the rules
 * after it in the same run, for those before it in the next.
 * @param memory of the run before; null if there is none
 * @throws Error if a text of the memory cannot be read
 */
export function runRules(
  compiled: CompiledPlan,
  memory: RuleMemory | null,
  {
    at,
    samples,
    withImpossible = null,
    silent,
    replaced = nobody,
    unseen = nobody,
    unclear = () => nobody,
    twins = new Map(),
    unasked = () => nobody,
  }: RuleInput,
): RuleRun {
  const { edition, kept, recorded, targets } = compiled;
  const before = memory ?? emptyRules;
  const reading = (stored: SampleMemory, fresh: SampleInput['fresh'], as = (read: Read) => read) => {
    const run = advance(stored, { at, fresh, silent, kept, recorded, edition, replaced });
    const values = sharing(sharedOf(compiled));
    const evaluation: Evaluation = { at, read: as(run.read), edition, intervalMs: everyMs, known: values };
    return {
      run,
      resultOf: (alert: CompiledAlert) => resultOf(alert, evaluation),
      record(recording: CompiledRecording): void {
        run.record(recording.rule.record, recordedBy(recording, evaluation));
        values.forget();
      },
    };
  };
  const { run, ...sound } = reading(before.samples, samples);
  // Of a copy, as what one adds the other is not to find.
  const other = withImpossible === null ? null : reading(structuredClone(before.samples), withImpossible);
  const twice =
    twins.size === 0
      ? null
      : reading(structuredClone(before.samples), samples, (read) =>
          readingBoth(read, { twins, targets, recorded, edition }),
        );
  const known = decodeAlerts(before.alerts);
  const ofTarget = targetFinder(targets);
  const ofNameless = lazily((frame: Frame) => labelsIn(frame).map(ofTarget));
  const targetsIn = (frame: Frame) => ofNameless(frame.nameless);
  const goingOn = (alert: CompiledAlert, before: Alerts) => ofSameServers(before, alert, replaced, ofTarget);
  const states = new Map<string, RuleState>();
  const alerts: AlertResult[] = [];
  const problems: { rule: string; message: string }[] = [];

  const placeOf = ({ scope }: CompiledAlert, labels: Labels) =>
    scope === 'server' ? ofTarget(labels) : null;

  /** What holds only because the series of targets whose servers count at others are left out is not known to hold. */
  const withoutMissed = (alert: CompiledAlert, result: Certain): Certain => {
    const series = twice === null ? [] : seriesRead(alert, compiled);
    if (twice === null || !series.some(isOfServer)) return result;
    const both = expressionsOf(alert, compiled).some(missesSeries)
      ? new Set(
          elementsOr(result.elements, () => twice.resultOf(alert).elements).map(({ labels }) =>
            keyOf(labels),
          ),
        )
      : null;
    const isMissed = ({ labels }: VectorSample) =>
      twins.has(ofTarget(labels) ?? '') || both?.has(keyOf(labels)) === false;
    const missed = Map.groupBy(result.elements, isMissed);
    return {
      ...result,
      elements: missed.get(false) ?? [],
      doubtful: [...result.doubtful, ...(missed.get(true) ?? []).map(({ labels }) => labels)],
    };
  };

  /** Nor is what may hold only because the series of targets are not there that nobody could ask. */
  const withoutUnasked = (alert: CompiledAlert, result: Certain): Certain => {
    const silentOnes = unasked(alert);
    if (silentOnes.size === 0) return result;
    const read = expressionsOf(alert, compiled);
    if (!(read.some(missesSeries) || (isOfLittle(alert) && read.some(addsUp)))) return result;
    const isOfAsked = ({ labels }: VectorSample) => {
      const target = ofTarget(labels);
      return target !== null && !silentOnes.has(target);
    };
    const asked = Map.groupBy(result.elements, isOfAsked);
    return {
      ...result,
      elements: asked.get(true) ?? [],
      doubtful: [...result.doubtful, ...(asked.get(false) ?? []).map(({ labels }) => labels)],
    };
  };

  const evaluateAlert = (alert: CompiledAlert): void => {
    const certain = certainOf(sound.resultOf(alert), other?.resultOf(alert).elements ?? null);
    const { elements, compared, doubtful } = withoutUnasked(alert, withoutMissed(alert, certain));
    const state = known.get(alert.rule.id);
    const isOver = state === undefined || at - state.at > longestOutageMs;
    const active = isOver ? none : goingOn(alert, state.alerts);
    const next = nextAlerts(active, elements, alert, at);
    const doubted = doubtful.map((labels) => placeOf(alert, labels) ?? ofCluster);
    const { published, stray, undecided, ...rest } = publishedOf(
      alert,
      { at, entities: next.entities, compared, unseen, unclear: new Set([...unclear(alert), ...doubted]) },
      state,
      { targetOf: ofTarget, targetsIn },
    );
    const isUndecided = new Set(undecided);
    const kept = [...(undecided.length === 0 ? none : active)].filter(([, { labels }]) =>
      isUndecided.has(placeOf(alert, labels)),
    );
    states.set(alert.rule.id, { at, alerts: new Map([...kept, ...next.alerts]), ...rest });
    alerts.push(...published.map((each) => ({ alert, ...each })));
    if (stray !== undefined) {
      const message = `its result has ${written(withoutName(stray.labels))}, which is of none of its servers`;
      problems.push({ rule: alert.rule.id, message });
    }
  };
  const rules = evaluatedIn(compiled);
  for (const each of rules) {
    const id = each.kind === 'alert' ? each.rule.id : each.rule.record;
    try {
      refuseRepeated(each, compiled, run.repeated);
      if (each.kind === 'alert') evaluateAlert(each);
      else {
        sound.record(each);
        other?.record(each);
        if (twice !== null) elementsOr([], () => (twice.record(each), []));
      }
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      problems.push({ rule: id, message: error.message });
      const state = known.get(id);
      if (each.kind === 'alert' && state !== undefined)
        states.set(id, { ...state, alerts: goingOn(each, state.alerts) });
    }
  }
  const outlasting = new Set(
    rules.flatMap((each) => (each.kind === 'alert' && each.rule.keepFiringForMs > 0 ? [each.rule.id] : [])),
  );
  const next = { samples: run.memory(), alerts: encodeAlerts(states, outlasting) };
  rememberRules(next, memory);
  return {
    memory: next,
    alerts,
    problems,
  };
}

/** Whether the rule is about a value that is too low. */
const isOfLittle = ({ shape }: CompiledAlert): boolean =>
  shape.kind !== 'boolean' && (shape.direction === 'below' || shape.direction === 'atMost');

type Certain = ReturnType<typeof resultOf> & { readonly doubtful: readonly Labels[] };

/** What holds with and without the values that no server can have, and the labels of what holds in one of both alone. */
function certainOf(result: ReturnType<typeof resultOf>, others: readonly VectorSample[] | null): Certain {
  if (others === null) return { ...result, doubtful: [] };
  const keysOf = (some: readonly VectorSample[]) => new Set(some.map(({ labels }) => keyOf(labels)));
  const [own, also] = [keysOf(result.elements), keysOf(others)];
  const all = [...result.elements, ...others].map(({ labels }) => labels);
  return {
    ...result,
    elements: result.elements.filter(({ labels }) => also.has(keyOf(labels))),
    doubtful: all.filter((labels) => own.has(keyOf(labels)) !== also.has(keyOf(labels))),
  };
}

/** The alerts without those of servers in whose place others answer: of these nobody knows how long it has been so. */
function ofSameServers(
  alerts: Alerts,
  { targets }: CompiledAlert,
  replaced: ReadonlySet<string>,
  targetOfLabels: TargetOf,
): Alerts {
  if (replaced.size === 0) return alerts;
  const isReplaced = (target: string) => replaced.has(target);
  return new Map(
    [...alerts].filter(([, { labels }]) => {
      const target = targetOfLabels(labels);
      return target === null ? !targets.some(isReplaced) : !isReplaced(target);
    }),
  );
}

/** @throws EvaluationError for a rule that reads series which nothing tells apart: its answer would be chance */
function refuseRepeated(
  rule: CompiledAlert | CompiledRecording,
  compiled: CompiledPlan,
  repeated: ReadonlyMap<string, Labels>,
): void {
  if (repeated.size === 0) return;
  const name = namesRead(rule, compiled).find((each) => repeated.has(each));
  if (name === undefined) return;
  const labels = { ...repeated.get(name), [metricName]: name };
  throw new EvaluationError(
    `the server says ${written(labels)} of several things that no label tells apart, so that it would be chance which of them counts`,
  );
}

/** Of a plan's rules that are evaluated; made once for a plan. */
const sharedOf = (compiled: CompiledPlan): Shared => {
  const made = sharedByPlan.get(compiled) ?? sharedIn(evaluatedIn(compiled).map(({ ast }) => ast));
  sharedByPlan.set(compiled, made);
  return made;
};
const sharedByPlan = new WeakMap<CompiledPlan, Shared>();

const evaluatedIn = ({ groups }: CompiledPlan): readonly (CompiledAlert | CompiledRecording)[] =>
  groups
    .flatMap(({ rules }) => rules)
    .filter((each) => each.kind === 'record' || each.shape.kind !== 'plain');

const none: Alerts = new Map();
const nobody: ReadonlySet<string> = new Set();
/** An outage for longer ends alerts, as in Prometheus (`--rules.alert.for-outage-tolerance`, an hour by default). */
const longestOutageMs = hours(1);
