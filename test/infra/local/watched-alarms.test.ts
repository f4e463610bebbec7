import { describe, expect, it } from 'vitest';
import type { AlarmSpec } from '../../../infra/cloudwatch/alarm-spec.ts';
import { minutes } from '../../../lambdas/durations.ts';
import { watchedAlarms } from '../../../infra/local/watched-alarms.ts';
import type { Datapoint } from '../../../lambdas/ports.ts';
import { minute } from '../../engine/fake-ports.ts';
import { deployed } from '../rules.ts';

const settings = {
  clusters: [{ name: 'prod', targets: [{ name: 'hub1', url: 'http://hub1.example:8222' }] }],
};

/** The alarms of these rules, as they would be deployed. */
const alarmsOf = (rules: readonly object[], more: object = {}): readonly AlarmSpec[] =>
  deployed({ ...settings, ...more }, JSON.stringify({ groups: [{ name: 'g', rules }] })).translated.specs;

const behind = { alert: 'Behind', expr: 'jetstream_consumer_num_pending > 10', for: '2m' };

const point = (n: number, value: number, changes: Partial<Datapoint> = {}): Datapoint => ({
  series: 'nats_rule',
  labels: { server_id: 'hub1', rule: 'Behind', cluster: 'prod' },
  value,
  unit: 'count',
  at: new Date(minute(n)).toISOString(),
  ...changes,
});

/** What is shown after each minute, by what was published in it: `2 ALARM since 2`. */
async function watching(
  specs: readonly AlarmSpec[],
  published: Readonly<Record<number, readonly Datapoint[]>>,
) {
  const alarms = watchedAlarms(specs);
  const shown: string[] = [];
  for (const [n, datapoints] of Object.entries(published)) {
    await alarms.put(datapoints);
    for (const { state, since } of alarms.states(minute(Number(n)))) {
      shown.push(`${n} ${state} since ${(since - minute(0)) / minutes(1)}`);
    }
  }
  return shown;
}

describe('a watched alarm', () => {
  const specs = alarmsOf([behind]);

  it('changes its state with what is published, and says since when it has it', async () => {
    const values = [3, 12, 12, 12, 13, 4];
    const published = Object.fromEntries(values.map((value, n) => [n, [point(n, value)]]));
    expect(await watching(specs, published)).toEqual([
      '0 OK since 0',
      '1 OK since 0',
      '2 OK since 0',
      '3 ALARM since 3',
      '4 ALARM since 3',
      '5 OK since 5',
    ]);
  });

  it('counts a point that is sent again, from when it is sent', async () => {
    expect(
      await watching(specs, {
        0: [point(0, 10)],
        1: [point(1, 12)],
        2: [point(2, 12), point(0, 12)],
        3: [point(3, 12)],
      }),
    ).toEqual(['0 OK since 0', '1 OK since 0', '2 ALARM since 2', '3 ALARM since 2']);
  });

  it('counts the worst of several points of a minute', async () => {
    expect(
      await watching(specs, {
        0: [point(0, 12), point(0, 3)],
        1: [point(1, 3), point(1, 12)],
        2: [point(2, 12)],
      }),
    ).toEqual(['0 OK since 0', '1 OK since 0', '2 ALARM since 2']);
  });

  it('keeps its state through minutes without a look', async () => {
    const published = { 0: [point(0, 12)], 1: [point(1, 12)], 2: [point(2, 12)], 60: [] };
    expect(await watching(specs, published)).toEqual([
      '0 OK since 0',
      '1 OK since 0',
      '2 ALARM since 2',
      '60 ALARM since 2',
    ]);
  });

  it('lacks data until something is published', async () => {
    expect(await watching(specs, { 0: [], 1: [], 2: [point(2, 3)] })).toEqual([
      '0 INSUFFICIENT_DATA since 0',
      '1 INSUFFICIENT_DATA since 0',
      '2 OK since 2',
    ]);
  });

  it('is of its own rule, server and cluster', async () => {
    const { labels } = point(0, 0);
    const others = ['rule', 'server_id', 'cluster'].map((label) =>
      point(0, 99, { labels: { ...labels, [label]: 'other' } }),
    );
    const without = point(0, 99, { labels: { cluster: 'prod', rule: 'Behind' } });
    const of = point(0, 99, { series: 'nats_other' });
    expect(await watching(specs, { 0: [...others, without, of] })).toEqual(['0 INSUFFICIENT_DATA since 0']);
  });

  it('knows for weeks since when it is as it is', async () => {
    const alarms = watchedAlarms(specs);
    const week = 7 * 24 * 60;
    await alarms.put(Array.from({ length: week }, (_each, n) => point(n, n < 10 ? 3 : 30)));
    const shown = [0, 1_000, 2_000, 4_000, week - 1].flatMap((n) => alarms.states(minute(n)));
    expect(shown.map(({ state, since }) => [state, (since - minute(0)) / minutes(1)])).toEqual([
      ['OK', 0],
      ['ALARM', 12],
      ['ALARM', 12],
      ['ALARM', 12],
      ['ALARM', 12],
    ]);
  });
});

describe('watched alarms', () => {
  it('are shown with those in ALARM first, then those that lack data', async () => {
    const specs = alarmsOf([
      { alert: 'Well', expr: 'sum(up) < 1' },
      { alert: 'Unknown', expr: 'sum(up) < 2' },
      { alert: 'Behind', expr: 'sum(jetstream_consumer_num_pending) > 10' },
    ]);
    const alarms = watchedAlarms(specs);
    const of = (rule: string, value: number) => point(0, value, { labels: { cluster: 'prod', rule } });
    await alarms.put([of('Well', 1), of('Behind', 11)]);
    expect(alarms.states(minute(0)).map(({ name, state }) => [name, state])).toEqual([
      ['nats/prod/Behind/warning', 'ALARM'],
      ['nats/prod/Unknown/warning', 'INSUFFICIENT_DATA'],
      ['nats/prod/Well/warning', 'OK'],
    ]);
  });

  it('are those that something here publishes for: none of PromQL', () => {
    const specs = alarmsOf([behind], { alarms: { engine: 'promql' } });
    expect(
      watchedAlarms(specs)
        .states(minute(0))
        .map(({ name }) => name),
    ).toEqual(['nats/prod/rule-series/not-sent']);
  });
});
