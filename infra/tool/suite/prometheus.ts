import {
  evaluate,
  EvaluationError,
  keyOf,
  matrixOf,
  metricName,
  parse,
  selects,
  type Edition,
  type Evaluation,
  type Expression,
  type Labels,
  type Read,
  type Sample,
  type Series,
  type VectorSample,
} from '../../../lambdas/promql/index.ts';
import { nextAlerts, type Alerts, type Entity } from '../../../lambdas/rules/alerts/evaluate-alert.ts';
import type { AlertRule, Rule } from '../../../lambdas/rules/rule.ts';
import { elementsOf, recordedBy } from '../../../lambdas/rules/evaluation/rule-result.ts';
import { alertTexts } from './alert-texts.ts';

export type Alerting = { readonly rule: AlertRule; readonly entities: readonly Entity[] };

/** What Prometheus has after an evaluation of all rules. */
export type Tick = {
  readonly atMs: number;
  /** Of alert rules that have any. */
  readonly alerts: readonly Alerting[];
};

export type PrometheusRun = {
  readonly ticks: readonly Tick[];
  /** All that is stored in the end, recorded series and `ALERTS` included. */
  readonly read: Read;
  /** The rule that could not be evaluated, which ended the run. */
  readonly problem: string | null;
};

export type Span = {
  readonly edition: Edition;
  readonly intervalMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly externalLabels: Labels;
};

/**
 * Prometheus over made-up series, as promtool's unit tests run it: rules are evaluated one after the other at each
 * interval, over what was there until then.
 */
export function prometheusOver(rules: readonly Rule[], series: readonly Series[], span: Span): PrometheusRun {
  const { edition, intervalMs, fromMs, toMs } = span;
  const storage = storageOf(series, edition);
  const compiled = rules.map((rule) => ({ rule, ast: parsed(rule.expr, edition), state: newState() }));
  const ticks: Tick[] = [];
  for (let atMs = fromMs; atMs <= toMs; atMs += intervalMs) {
    storage.advance(atMs);
    const evaluation: Evaluation = { at: atMs, read: storage.read, edition, intervalMs };
    const alerts: Alerting[] = [];
    for (const { rule, ast, state } of compiled) {
      try {
        const stored =
          rule.kind === 'record'
            ? recordedBy({ kind: 'record', rule, ast }, evaluation).map((each) => named(rule.record, each))
            : alerting(rule, ast, state, evaluation, alerts, span);
        storage.append(atMs, stored, state);
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        const name = rule.kind === 'record' ? rule.record : rule.alert;
        return { ticks, read: storage.read, problem: `${name}: ${error.message}` };
      }
    }
    ticks.push({ atMs, alerts });
  }
  return { ticks, read: storage.read, problem: null };
}

/** What of a rule goes on to its next evaluation. */
type RuleState = { alerts: Alerts; stored: ReadonlySet<string> };
const newState = (): RuleState => ({ alerts: new Map(), stored: new Set() });

function parsed(text: string, edition: Edition): Expression {
  const { ast, problem } = parse(text, edition);
  if (ast === undefined) throw new Error(`${text}: ${problem.message}`);
  return ast;
}

const named = (name: string, { labels, value }: VectorSample): VectorSample => ({
  labels: { ...labels, [metricName]: name },
  value,
});

/** Evaluates an alert rule, and gives the series that Prometheus keeps of its alerts. */
function alerting(
  rule: AlertRule,
  ast: Expression,
  state: RuleState,
  evaluation: Evaluation,
  alerting: Alerting[],
  { externalLabels }: Span,
): readonly VectorSample[] {
  const elements = elementsOf(evaluate(ast, evaluation));
  const { alerts, entities } = nextAlerts(state.alerts, elements, { rule }, evaluation.at);
  state.alerts = alerts;
  if (entities.length > 0) alerting.push({ rule, entities });
  return entities.flatMap((entity) => {
    const { labels } = alertTexts(rule, entity, externalLabels);
    return [
      named('ALERTS', { labels: { ...labels, alertstate: entity.state }, value: 1 }),
      named('ALERTS_FOR_STATE', { labels, value: entity.activeAt / 1_000 }),
    ];
  });
}

type Stored = { readonly labels: Labels; readonly samples: Sample[] };

function storageOf(given: readonly Series[], edition: Edition) {
  const byKey = new Map<string, Stored>();
  const byName = new Map<string, Stored[]>();
  const storedAs = (labels: Labels): Stored => {
    const known = byKey.get(keyOf(labels));
    if (known !== undefined) return known;
    const made = { labels, samples: [] };
    byKey.set(keyOf(labels), made);
    const name = labels[metricName] ?? '';
    byName.set(name, [...(byName.get(name) ?? []), made]);
    return made;
  };
  const waiting = given.map(({ labels, samples }) => ({ samples, next: 0, to: storedAs(labels) }));
  return {
    /** What was scraped until then. */
    advance(atMs: number): void {
      for (const each of waiting) {
        for (let sample = each.samples[each.next]; sample !== undefined && sample[0] <= atMs;) {
          each.to.samples.push(sample);
          each.next += 1;
          sample = each.samples[each.next];
        }
      }
    },
    /** Stores a rule's result; the series that it no longer has end. */
    append(atMs: number, samples: readonly VectorSample[], state: RuleState): void {
      const now = new Set(samples.map(({ labels }) => keyOf(labels)));
      for (const key of state.stored) if (!now.has(key)) put(byKey.get(key), atMs, null);
      for (const { labels, value } of samples) put(storedAs(labels), atMs, value);
      state.stored = now;
    },
    read: ((selector, fromMs, toMs) => {
      const some = selector.name === undefined ? [...byKey.values()] : (byName.get(selector.name) ?? []);
      return matrixOf(
        some.filter(({ labels }) => selects(selector, labels, edition)),
        fromMs,
        toMs,
      );
    }) satisfies Read,
  };
}

/** The first of two samples of one time stays, as Prometheus refuses the other. */
function put(stored: Stored | undefined, atMs: number, value: number | null): void {
  if (stored !== undefined && stored.samples.at(-1)?.[0] !== atMs) stored.samples.push([atMs, value]);
}
