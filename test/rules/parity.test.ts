import { describe, expect, it } from 'vitest';
import { plainScene, ruleScene, turnsScene } from './arbitrary-rules.ts';
import { deploymentOf, simulated } from './deployed.ts';
import { firing, type RuleScene } from './firing.ts';
import { disagreementsOf, generatedParity, plainDisagreementsOf } from './parity.ts';

const server = (name: string): string => `server_id="${name}",instance="${name}.example:8222",job="nats"`;
const consumer = (name: string, of: string): string => `${server(of)},consumer_name="${name}"`;

/** What rules on NATS ask, over what NATS does: restarts, late starts, gaps, servers that go, turns that elements take. */
const scenes: Readonly<Record<string, RuleScene>> = {
  'recorded series feed alerts of their group and of others, before and behind them': {
    groups: [
      [
        { alert: 'Before', expr: 'cluster:pending:sum > 10', for: '1m' },
        { record: 'cluster:pending:sum', expr: 'sum(jetstream_consumer_num_pending)' },
        { alert: 'Behind', expr: 'cluster:pending:sum > 10', for: '1m' },
        { record: 'server:pending:max', expr: 'max by (server_id) (jetstream_consumer_num_pending)' },
      ],
      [
        { alert: 'Window', expr: 'min_over_time(server:pending:max[3m]) >= 6' },
        { record: 'server:late:max', expr: 'max by (server_id) (server:pending:twice)' },
        { record: 'server:pending:twice', expr: 'server:pending:max * 2', labels: { of: 'two', job: '' } },
        { alert: 'Late', expr: 'server:late:max > 13', for: '2m', keep_firing_for: '2m' },
        { alert: 'Twice', expr: 'server:pending:twice{of="two"} > 13', for: '2m' },
      ],
    ],
    series: [
      { series: `jetstream_consumer_num_pending{${consumer('a', 'x')}}`, values: '1 3 5x3 7x6 stale' },
      { series: `jetstream_consumer_num_pending{${consumer('b', 'y')}}`, values: '_x3 8x3 _x3 2 9x6' },
    ],
    minutes: 20,
  },
  'counters restart, come late and go': {
    groups: [
      [
        { alert: 'Slow', expr: 'increase(gnatsd_varz_slow_consumers[5m]) > 0', for: '2m' },
        { alert: 'Leafnodes', expr: 'increase(gnatsd_varz_leafnodes[5m]) == 0', for: '3m' },
        { alert: 'Down', expr: 'up == 0 or absent(up{job="nats"})', for: '1m' },
        { alert: 'Restarted', expr: 'resets(gnatsd_varz_slow_consumers[10m]) > 0' },
        { alert: 'Gone', expr: 'gnatsd_varz_leafnodes offset 3m unless gnatsd_varz_leafnodes' },
        { alert: 'Most', expr: 'count(up == 1) / count(up) < 0.9', for: '90s' },
      ],
    ],
    series: [
      { series: `gnatsd_varz_slow_consumers{${server('x')}}`, values: '0x4 3x3 5x3 0 1x10' },
      { series: `gnatsd_varz_slow_consumers{${server('y')}}`, values: '7 7 7 _ _ 7 8 _x6 9x6' },
      { series: `gnatsd_varz_slow_consumers{${server('z')}}`, values: '_x8 1+2x9' },
      { series: `gnatsd_varz_leafnodes{${server('x')}}`, values: '2 2 2 3 4 4 4 4 4 4 4 stale' },
      { series: `gnatsd_varz_leafnodes{${server('y')}}`, values: '_x5 1+1x4 6x9' },
      { series: `up{${server('x')}}`, values: '1x7 0x3 1x9' },
      { series: `up{${server('y')}}`, values: '1x4 0 0 1x3 stale' },
    ],
    minutes: 24,
  },
};

const editions = [2, 3] as const;

describe('alarms are in ALARM in the minutes in which Prometheus fires:', () => {
  it.each(Object.entries(scenes))('%s', async (_what, scene) => {
    for (const edition of editions) {
      for (const per of ['server', 'cluster'] as const) {
        const [theirs] = await firing(edition, [{ ...scene, per }]);
        expect(theirs && disagreementsOf({ ...scene, per }, edition, theirs)).toEqual([]);
      }
    }
  });

  it.each([
    [2, 240],
    [3, 120],
  ] as const)('rules of the whole language, edition %i', async (edition, numRuns) => {
    const { fired, failed } = await generatedParity(edition, ruleScene, { seed: 60 + edition, numRuns });
    expect([fired > numRuns / 3, failed > 0]).toEqual([true, true]);
  });

  it.each([
    [2, 120],
    [3, 80],
  ] as const)('rules that wait while elements take turns, edition %i', async (edition, numRuns) => {
    const { fired } = await generatedParity(edition, turnsScene, { seed: 70 + edition, numRuns });
    expect(fired).toBeGreaterThan(numRuns / 2);
  });
});

describe('an alarm that compares a series itself', () => {
  it.each([
    [2, 80],
    [3, 50],
  ] as const)(
    'is in ALARM where Prometheus fires, and beyond that only by gaps that CloudWatch passes over, edition %i',
    async (edition, numRuns) => {
      const { fired } = await generatedParity(
        edition,
        plainScene,
        { seed: 80 + edition, numRuns },
        plainDisagreementsOf,
      );
      expect(fired).toBeGreaterThan(numRuns / 2);
    },
  );

  it.each([
    // The alarm has three values that breach, one of them from before the gap.
    ['passes over a gap that makes Prometheus wait anew', '9 9 stale 9 0', [], [3]],
    // Two minutes more are looked at than the three that count.
    ['stays in ALARM for a little after its series has ended', '9 9 9 stale', [2], [2, 3, 4]],
  ])('%s', async (_what, values, fired, alarmed) => {
    const scene: RuleScene = {
      groups: [[{ alert: 'Connections', expr: 'gnatsd_varz_connections > 5', for: '2m' }]],
      series: [{ series: `gnatsd_varz_connections{${server('x')}}`, values }],
      minutes: 8,
    };
    const [theirs] = await firing(2, [scene]);
    if (theirs === undefined || 'failed' in theirs) throw new Error('promtool could not evaluate the rule');
    const alarm = simulated(scene, deploymentOf(scene, 2)).alarms.find((each) => each.alarm.target === 'x');
    expect({
      fired: theirs.minutes.flatMap((reported, minute) => (reported.fires.length > 0 ? [minute] : [])),
      alarmed: alarm?.states.flatMap(({ minute, state }) => (state === 'ALARM' ? [minute] : [])),
    }).toEqual({ fired, alarmed });
  });
});

it('a difference is reported with the rule, the series, the minute and what was published', async () => {
  const scene: RuleScene = {
    groups: [[{ alert: 'Window', expr: 'count_over_time(jetstream_consumer_num_pending[2m]) > 2' }]],
    series: [{ series: `jetstream_consumer_num_pending{${consumer('a', 'x')}}`, values: '1x3' }],
    minutes: 3,
  };
  const [theirs] = await firing(3, [scene]);
  // Prometheus 3 leaves out the sample at the start of a window.
  expect(theirs && disagreementsOf(scene, 2, theirs)).toEqual(
    [2, 3].map(
      (minute) =>
        `minute ${minute}, Window x: does not fire, the alarm is ALARM; ` +
        'above 2 1x over 0: 1, 1: 2, 2: 3, 3: 3',
    ),
  );
});
