import { EvaluationError, keyOf, metricName, written } from '../../promql/index.ts';
import type { Labels, VectorSample } from '../../promql/index.ts';
import { identityOf } from './alert-labels.ts';
import type { Alert } from './alert-memory.ts';
import { nextState } from './alert-state.ts';
import type { AlertRule } from '../rule.ts';

/** An alert that waits for its `for` or fires. */
export type Entity = {
  /** Those of the element in the result, its name among them where it has one. */
  readonly labels: Labels;
  readonly value: number;
  /** Since when it is in the result, in epoch milliseconds. */
  readonly activeAt: number;
  readonly state: 'pending' | 'firing';
};

export type Alerts = ReadonlyMap<string, Alert>;

/**
 * The alerts of a rule after its result, and how they show.
 * @throws EvaluationError if two elements would be one alert
 */
export function nextAlerts(
  before: Alerts,
  elements: readonly VectorSample[],
  { rule }: { readonly rule: AlertRule },
  at: number,
): { readonly alerts: Alerts; readonly entities: readonly Entity[] } {
  const alerts = new Map<string, Alert>();
  const entities: Entity[] = [];
  if (before.size === 0 && elements.length === 0) return { alerts, entities };
  const hold = { at, forMs: rule.forMs, keepFiringForMs: rule.keepFiringForMs };
  const identity = identityOf(rule);
  const add = (key: string, alert: Alert, labels: Labels): void => {
    alerts.set(key, alert);
    const { value, activeAt, isFiring } = alert;
    entities.push({ labels, value, activeAt, state: isFiring ? 'firing' : 'pending' });
  };
  for (const { labels: own, value } of elements) {
    const labels = identity(own, value);
    const key = keyOf(labels);
    if (alerts.has(key))
      throw new EvaluationError(`two elements of the result are one alert, ${written(labels)}`);
    const state = nextState(before.get(key), true, hold);
    if (state === undefined) continue;
    const { activeAt, isFiring, leftAt } = state;
    add(key, { activeAt, isFiring, leftAt, labels, name: own[metricName], value }, own);
  }
  // Without its element an alert goes on for `keep_firing_for`, or not at all.
  for (const [key, alert] of hold.keepFiringForMs > 0 ? before : []) {
    if (alerts.has(key)) continue;
    const state = nextState(alert, false, hold);
    if (state !== undefined) add(key, { ...alert, ...state }, namedAgain(alert));
  }
  return { alerts, entities };
}

const namedAgain = ({ labels, name }: Alert): Labels =>
  name === undefined ? labels : { ...labels, [metricName]: name };
