import { hours } from '../durations.ts';
import {
  EvaluationError,
  metricName,
  withoutName,
  written,
  type Evaluation,
  type Labels,
} from '../promql/index.ts';
import { decodeAlerts, encodeAlerts, type RuleState } from './alert-memory.ts';
import { cached, publishedOf } from './alert-points.ts';
import { everyMs, type CompiledAlert, type CompiledPlan, type CompiledRecording } from './compile.ts';
import { nextAlerts, type Alerts, type Entity } from './evaluate-alert.ts';
import { targetOf } from './identity.ts';
import { emptyRules, type RuleMemory } from './memory.ts';
import { namesRead } from './names-read.ts';
import type { Point } from './points.ts';
import { recordedBy, resultOf } from './rule-result.ts';
import { advance, type SampleInput } from './samples.ts';
import { sharedIn, sharing, type Shared } from './shared-values.ts';

export type { Entity } from './evaluate-alert.ts';

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
  readonly silent?: SampleInput['silent'];
  /** Targets, or '' for the cluster, of which not all could be read that the rule reads. */
  readonly unclear?: (alert: CompiledAlert) => ReadonlySet<string>;
  readonly replaced?: SampleInput['replaced'];
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
  { at, samples, silent, unclear = () => nowhere, replaced }: RuleInput,
): RuleRun {
  const { edition, kept, recorded, targets } = compiled;
  const before = memory ?? emptyRules;
  const run = advance(before.samples, { at, fresh: samples, silent, kept, recorded, edition, replaced });
  const known = decodeAlerts(before.alerts);
  const values = sharing(sharedOf(compiled));
  const evaluation: Evaluation = { at, read: run.read, edition, intervalMs: everyMs, known: values };
  const ofTarget = cached((labels) => targetOf(labels, targets));
  const states = new Map<string, RuleState>();
  const alerts: AlertResult[] = [];
  const problems: { rule: string; message: string }[] = [];

  const evaluateAlert = (alert: CompiledAlert): void => {
    const { elements, compared } = resultOf(alert, evaluation);
    const state = known.get(alert.rule.id);
    const active = state !== undefined && at - state.at <= longestOutageMs ? state.alerts : none;
    const next = nextAlerts(active, elements, alert, at);
    const { published, stray, ...rest } = publishedOf(
      alert,
      { at, entities: next.entities, compared, unclear: unclear(alert) },
      state,
      ofTarget,
    );
    const untold = published.filter(({ points }) => points.length === 0).map(({ target }) => target);
    const kept = [...(untold.length === 0 ? none : active)].filter(([, { labels }]) =>
      untold.includes(alert.scope === 'server' ? ofTarget(labels) : null),
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
        run.record(each.rule.record, recordedBy(each, evaluation));
        values.forget();
      }
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      problems.push({ rule: id, message: error.message });
      const state = known.get(id);
      if (each.kind === 'alert' && state !== undefined) states.set(id, state);
    }
  }
  const outlasting = new Set(
    rules.flatMap((each) => (each.kind === 'alert' && each.rule.keepFiringForMs > 0 ? [each.rule.id] : [])),
  );
  return {
    memory: { samples: run.memory(), alerts: encodeAlerts(states, outlasting) },
    alerts,
    problems,
  };
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
const nowhere: ReadonlySet<string> = new Set();
/** An outage for longer ends alerts, as in Prometheus (`--rules.alert.for-outage-tolerance`, an hour by default). */
const longestOutageMs = hours(1);
