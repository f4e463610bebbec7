import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alarmSpecs } from '../../../infra/alarms/alarm-specs.ts';
import type { AlarmSpec, Metric } from '../../../infra/cloudwatch/alarm-spec.ts';
import { alarmStates, stateChanges, type Datapoint } from '../../../infra/cloudwatch/evaluator.ts';
import { understand } from '../../../infra/settings.ts';
import { checks } from '../../../lambdas/checks/catalogue.ts';
import { minutes } from '../../../lambdas/durations.ts';
import type { Observed } from '../../../lambdas/engine/judgement/observe.ts';
import { published, type Watched } from '../../../lambdas/run/published.ts';

const servers = ['a', 'b'];
const targets = servers.map((name) => ({ name, url: `http://${name}:8222` }));
const loaded = understand({ clusters: [{ name: 'prod', targets, expect: { leafnodes: 1 } }] }, 'told');
const { plan } = loaded.translated;
/** Of rules: one of each, of a server; and that a cluster is down as a whole. */
const specs = alarmSpecs({ checks, ...loaded }).filter(
  ({ name, target, compared }) =>
    compared.kind === 'metric' &&
    compared.metric.namespace === 'NATS' &&
    compared.metric.name !== 'nats_findings_open' &&
    (target === null || target === 'a') &&
    !name.includes('undelivered'),
);

/** What is seen of a server in a minute: a value within the limit, one beyond it, or none. */
type Seen = 'within' | 'beyond' | 'nothing';
const beside = { above: [0, 1], atLeast: [-1, 0], below: [0, -1], atMost: [1, 0] } as const;
const valueOf = ({ threshold, direction }: AlarmSpec, seen: Seen): number =>
  threshold + beside[direction][seen === 'beyond' ? 1 : 0];

/** What runs observe of both servers in a minute, as far as this alarm looks at it. */
function observedIn(spec: AlarmSpec, all: readonly Seen[]): readonly Observed[] {
  if (spec.compared.kind !== 'metric') return [];
  const { metric, zeroCountsWhere } = spec.compared;
  const observed = (
    target: string | null,
    name: string,
    dimensions: Metric['dimensions'],
    value: number,
  ) => ({
    target,
    observation: { series: name, labels: dimensions, value },
  });
  const isUp = zeroCountsWhere !== undefined || metric.name === 'nats_servers_up';
  const up = all.filter((seen) => seen !== 'beyond').length;
  return [
    ...servers.flatMap((server, i) => {
      const seen = all[i] ?? 'nothing';
      const { server_id: ofServer, ...rest } = metric.dimensions;
      if (seen === 'nothing' || (!isUp && ofServer === undefined && i > 0)) return [];
      if (isUp)
        return [observed(server, 'up', { cluster: 'prod', server_id: server }, seen === 'within' ? 1 : 0)];
      const labels = ofServer === undefined ? rest : { ...metric.dimensions, server_id: server };
      return [observed(server, metric.name, labels, valueOf(spec, seen))];
    }),
    ...(isUp ? [observed(null, 'nats_servers_up', { cluster: 'prod' }, up)] : []),
  ];
}

type Minute = readonly Seen[];

/** The alarm's states, told in each minute and told where it matters. */
function bothOf(spec: AlarmSpec, seen: readonly Minute[]) {
  const full = new Map<string, Datapoint[]>();
  const told = new Map<string, Datapoint[]>();
  const add = (into: Map<string, Datapoint[]>, each: Observed, minute: number): void => {
    const key = keyOf(each.observation.series, each.observation.labels);
    into.set(key, [...(into.get(key) ?? []), { minute, value: each.observation.value }]);
  };
  let watched: Watched | null = null;
  let sent = 0;
  seen.forEach((minute, i) => {
    const observed = observedIn(spec, minute);
    const check = checks.find(({ series }) =>
      series.some(({ name }) => name === observed[0]?.observation.series),
    );
    const result = published(observed, {
      check: check ?? { series: [], every: minutes(1) },
      plan: { ...plan, published: (plan.published ?? []).filter(({ as }) => as === 'compared') },
      at: minutes(i),
      watched,
    });
    watched = result.watched;
    sent += result.told.length;
    for (const each of observed) add(full, each, i);
    for (const each of result.told) add(told, each, i);
  });
  const states = (points: Map<string, Datapoint[]>) =>
    stateChanges(
      alarmStates(spec, ({ name, dimensions }) => points.get(keyOf(name, dimensions)) ?? [], {
        from: 0,
        to: seen.length - 1,
      }),
    ).map(({ minute, state }) => `${minute} ${state}`);
  return { full: states(full), told: states(told), sent };
}

const keyOf = (name: string, labels: Metric['dimensions']): string =>
  JSON.stringify([name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);

const spells = fc.array(
  fc.record({
    length: fc.integer({ min: 1, max: 20 }),
    seen: fc.tuple(
      fc.constantFrom<Seen>('within', 'within', 'beyond', 'nothing'),
      fc.constantFrom<Seen>('within', 'within', 'beyond', 'nothing'),
    ),
  }),
  { minLength: 1, maxLength: 12 },
);
const well: readonly Minute[] = Array.from({ length: 150 }, () => ['within', 'within'] as const);
const minutesOf = (some: readonly { readonly length: number; readonly seen: Minute }[]): readonly Minute[] =>
  some.flatMap(({ length, seen }) => Array.from({ length }, () => seen));

describe('an alarm on what is told where it matters alone', () => {
  it.each(specs)('is in the same state in the same minute as on what is told in each: $name', (spec) => {
    fc.assert(
      fc.property(spells, (some) => {
        const { full, told } = bothOf(spec, [...well, ...minutesOf(some), ...well]);
        expect(told).toEqual(full);
      }),
      { numRuns: 40 },
    );
  });

  it.each(specs)('costs nothing in hours in which all is well: $name', (spec) => {
    const day = Array.from({ length: 24 * 60 }, () => ['within', 'within'] as const);
    expect(bothOf(spec, day).sent).toBeLessThanOrEqual(3 * (24 + 2));
  });
});
