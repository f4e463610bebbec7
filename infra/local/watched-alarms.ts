import type { AlarmSpec } from '../cloudwatch/alarm-spec.ts';
import { alarmStates, type Datapoint as Published } from '../cloudwatch/evaluator.ts';
import type { ShownAlarm } from './screen/alarms.ts';
import { days, minutes } from '../../lambdas/durations.ts';
import type { Datapoint, MetricSink } from '../../lambdas/ports.ts';

const order = ['ALARM', 'INSUFFICIENT_DATA', 'OK'] as const;
const minuteOf = (at: number): number => Math.floor(at / minutes(1));

/** No alarm looks back for more than a day: the states of a day come from the points of two. */
const evaluatedMinutes = days(1) / minutes(1);

/**
 * The alarms of a deployment as CloudWatch would evaluate them from what this process published, without AWS. Alarms on
 * the checks' own functions are left out, as there are none here, and those whose query CloudWatch itself answers.
 */
export function watchedAlarms(specs: readonly AlarmSpec[]): MetricSink & {
  /** After this minute's runs, those in ALARM first. */
  states(at: number): readonly ShownAlarm[];
} {
  const watched = specs.filter(({ cluster, compared }) => cluster !== null && compared.kind === 'metric');
  const published = new Map<string, Published[]>();
  const shown = new Map<string, ShownAlarm>();
  let first: number | null = null;
  let latest = 0;
  return {
    put(datapoints) {
      for (const point of datapoints) {
        const [minute, key] = [minuteOf(Date.parse(point.at)), keyOf(point.series, point.labels)];
        const points = published.get(key) ?? [];
        published.set(key, points);
        points.push({ minute, value: point.value, seenFrom: Math.max(minute, latest) });
      }
      return Promise.resolve();
    },
    states(at) {
      const to = minuteOf(at);
      first ??= to;
      const span = { from: Math.max(first, to - evaluatedMinutes), to };
      latest = to + 1;
      for (const points of published.values()) forget(points, span.from - evaluatedMinutes);
      const all = watched.map((spec): ShownAlarm => {
        const states = alarmStates(
          spec,
          ({ name, dimensions }) => published.get(keyOf(name, dimensions)) ?? [],
          span,
        );
        const state = states.at(-1)?.state ?? 'INSUFFICIENT_DATA';
        const other = states.findLast((each) => each.state !== state);
        const before = shown.get(spec.name);
        const unchanged = before?.state === state ? before.since : minutes(span.from);
        return { name: spec.name, state, since: other === undefined ? unchanged : minutes(other.minute + 1) };
      });
      for (const each of all) shown.set(each.name, each);
      return all.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
    },
  };
}

/** What was published before this minute; one that is new comes behind all others. */
function forget(points: Published[], from: number): void {
  const kept = points.findIndex(({ minute }) => minute >= from);
  if (kept > 0) points.splice(0, kept);
}

const keyOf = (name: string, labels: Datapoint['labels']): string =>
  JSON.stringify([name, ...Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
