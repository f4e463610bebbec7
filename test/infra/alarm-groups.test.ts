import { describe, expect, it } from 'vitest';
import { alarmGroups } from '../../infra/alarms/alarm-groups.ts';
import type { AlarmSpec } from '../../infra/cloudwatch/alarm-spec.ts';

const alarm = (cluster: string | null, target: string | null, n = 0): AlarmSpec => ({
  name: `nats/${cluster ?? ''}/${target ?? ''}/${n}`,
  description: '',
  check: 'test',
  cluster,
  target,
  severity: 'warning',
  compared: {
    kind: 'metric',
    metric: { namespace: 'NATS', name: 'm', dimensions: {}, statistic: 'Maximum' },
  },
  direction: 'above',
  threshold: 1,
  periodSeconds: 60,
  evaluationPeriods: 1,
  missing: 'ignore',
  warmUp: null,
  tags: {},
});
const times = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i));
/** Two alarms a server. */
const fleet = (servers: number, cluster = 'prod') =>
  times(servers * 2, (i) => alarm(cluster, `hub${Math.floor(i / 2) + 1}`, i % 2));

const sizes = (specs: readonly AlarmSpec[]) =>
  alarmGroups(specs).map((group) => [group.id, group.specs.length]);
const placesOf = (specs: readonly AlarmSpec[]) =>
  new Map(
    alarmGroups(specs).flatMap((group, place) => group.specs.map(({ name }) => [name, place] as const)),
  );

describe('stacks of alarms', () => {
  it('are one a cluster; watchdogs are not among them', () => {
    expect(sizes([alarm(null, null), ...fleet(2), ...fleet(3, 'edge')])).toEqual([
      ['alarms-prod', 4],
      ['alarms-edge', 6],
    ]);
  });

  it('are split beyond 480 alarms, and no sooner', () => {
    expect(sizes(fleet(240))).toEqual([['alarms-prod', 480]]);
    const split = sizes([...fleet(240), alarm('prod', null)]);
    expect(split.map(([id]) => id)).toEqual(['alarms-prod', 'alarms-prod-part-2']);
    expect(split.reduce((sum, [, size]) => sum + Number(size), 0)).toBe(481);
  });

  it('are split where their texts would make a template of more than a megabyte', () => {
    const wordy = fleet(160).map((spec) => ({ ...spec, description: 'x'.repeat(1_024) }));
    expect(sizes(wordy).length).toBe(1);
    const longest = fleet(220).map((spec) => ({ ...spec, description: 'x'.repeat(1_024) }));
    expect(sizes(longest).map(([id]) => id)).toEqual(['alarms-prod', 'alarms-prod-part-2']);
  });

  it('hold what is of the cluster as a whole, however many rules there are', () => {
    const rules = times(1_000, (i) => alarm('prod', null, i));
    expect(Math.max(...sizes(rules).map(([, size]) => Number(size)))).toBeLessThanOrEqual(480);
  });

  it('are apart for queries over all clusters; watchdogs are in none', () => {
    const query = { kind: 'promql', query: 'up == 0', pendingSeconds: 0, recoverySeconds: 0 } as const;
    const all = [alarm(null, null), { ...alarm(null, null, 1), compared: query }, ...fleet(1)];
    expect(sizes(all)).toEqual([
      ['alarms-prod', 2],
      ['rules', 1],
    ]);
  });

  it('keep every alarm where it is when a server comes or goes', () => {
    const more = placesOf(fleet(301));
    expect([...placesOf(fleet(300))].filter(([name, place]) => more.get(name) !== place)).toEqual([]);
  });

  it('give alarms only to later stacks when they double', () => {
    const doubled = placesOf(fleet(600));
    const earlier = [...placesOf(fleet(300))].filter(([name, place]) => (doubled.get(name) ?? -1) < place);
    expect(Math.max(...doubled.values())).toBe(3);
    expect(earlier).toEqual([]);
  });

  it('have different names for clusters that stack names cannot tell apart', () => {
    const ids = ['prod.eu', 'prod_eu', 'prod-eu'].flatMap((cluster) =>
      alarmGroups(fleet(1, cluster)).map(({ id }) => id),
    );
    expect(ids).toEqual([
      'alarms-prod-eu-274065',
      expect.stringMatching(/^alarms-prod-eu-[0-9a-f]{6}$/),
      'alarms-prod-eu',
    ]);
    expect(new Set(ids).size).toBe(3);
  });

  it('cannot hold more than a stack of alarms of one server', () => {
    expect(() => alarmGroups(times(481, (i) => alarm('prod', 'hub1', i)))).toThrow(
      'cluster prod: 481 alarms do not fit into 64 stacks of 480 alarms and 1 MB',
    );
  });
});
