import { describe, expect, it } from 'vitest';
import { alarmStacks } from '../../infra/alarms/alarm-groups.ts';
import { AlarmError, type AlarmSpec } from '../../infra/cloudwatch/alarm-spec.ts';
import type { StackCount } from '../../infra/settings/alarms.ts';

const alarm = (cluster: string | null, target: string | null, n = 0): AlarmSpec => ({
  name: ['nats', cluster ?? 'deployment', `Rule${n}`, ...(target === null ? [] : [target]), 'warning'].join(
    '/',
  ),
  description: '',
  checks: ['test'],
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
const query = (spec: AlarmSpec): AlarmSpec => ({
  ...spec,
  compared: { kind: 'promql', query: 'up == 0', pendingSeconds: 0, recoverySeconds: 0 },
});
const times = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i));
const fleet = (servers: number, rules: number, cluster = 'prod') =>
  times(servers, (i) => times(rules, (rule) => alarm(cluster, `hub${i + 1}`, rule))).flat();
const ofCluster = (rules: number, cluster = 'prod') => times(rules, (rule) => alarm(cluster, null, rule));

/** Where each alarm is: its stack, its group there, its wave. */
const places = (specs: readonly AlarmSpec[], stacks: StackCount = 1) =>
  new Map(
    alarmStacks(specs, stacks).flatMap(({ waves }, stack) =>
      waves.flatMap((groups, wave) =>
        groups.flatMap(({ id, specs: own }) => own.map(({ name }) => [name, { stack, id, wave }] as const)),
      ),
    ),
  );
const placeOf = (spec: AlarmSpec, beside: readonly AlarmSpec[] = []) => {
  const { stack, id } = places([...beside, spec]).get(spec.name) ?? {};
  return { stack, id };
};
const refusal = (specs: readonly AlarmSpec[], stacks: StackCount = 1): string => {
  try {
    alarmStacks(specs, stacks);
  } catch (error) {
    if (error instanceof AlarmError) return error.message;
    throw error;
  }
  return 'none';
};

describe('the place of an alarm', () => {
  it('is that of its server, whatever else there is', () => {
    const alone = placeOf(alarm('prod', 'hub1', 1));
    expect(placeOf(alarm('prod', 'hub1', 7), fleet(90, 9, 'edge'))).toEqual(alone);
    expect(placeOf(alarm('prod', 'hub1', 7), fleet(90, 9))).toEqual(alone);
  });

  it('is the same for the same name: engine, and clusters beside it, move nothing', () => {
    const rule = alarm('prod', null);
    const overAll = { ...query(rule), cluster: null };
    expect(placeOf(query(rule))).toEqual(placeOf(rule));
    expect(placeOf(overAll)).toEqual(placeOf(rule));
  });

  it('is in one of four groups for alarms on the cluster as a whole, in one of sixteen for servers', () => {
    const groups = (specs: readonly AlarmSpec[]) =>
      new Set([...places(specs).values()].map(({ id }) => id)).size;
    expect(groups(ofCluster(400))).toBe(4);
    expect(groups(fleet(200, 2))).toBe(16);
  });

  it("is none for the alarm on a check's function, which is beside the function", () => {
    expect(places([alarm(null, null), ...fleet(1, 1)]).size).toBe(1);
  });

  it('is in the only stack, or moves to a later one when there are twice as many', () => {
    const specs = [...fleet(100, 3), ...ofCluster(50)];
    const counts = [1, 2, 4, 8] as const;
    for (const [i, more] of counts.slice(1).entries()) {
      const [before, after] = [places(specs, counts[i]), places(specs, more)];
      const moves = [...before].map(([name, { stack }]) => (after.get(name)?.stack ?? -1) - stack);
      expect(new Set(moves)).toEqual(new Set([0, more / 2]));
    }
  });

  it('is in a stack that is there, though nothing else is in it', () => {
    const made = alarmStacks(fleet(1, 1), 4);
    expect(made.map(({ id }) => id)).toEqual(['alarms', 'alarms-2', 'alarms-3', 'alarms-4']);
    expect(made.filter(({ waves }) => waves.length > 0)).toHaveLength(1);
  });
});

describe('waves of groups', () => {
  const wavesOf = (specs: readonly AlarmSpec[]) => {
    const [{ waves } = { waves: [] }] = alarmStacks(specs, 1);
    return waves.map((groups) => groups.reduce((sum, group) => sum + group.specs.length, 0));
  };

  it('are one up to 480 alarms, as many as a group may have, and more beyond', () => {
    expect(wavesOf(fleet(48, 10))).toEqual([480]);
    const more = wavesOf([...fleet(48, 10), alarm('prod', null)]);
    expect(more).toHaveLength(2);
    expect(more.reduce((sum, alarms) => sum + alarms)).toBe(481);
  });

  it('have 480 alarms at most', () => {
    const waves = wavesOf(fleet(190, 12));
    expect(Math.max(...waves)).toBeLessThanOrEqual(480);
    expect(waves.length).toBeLessThan(10);
  });
});

describe('what CloudFormation would refuse is refused:', () => {
  const ways = 'set alarms.per to cluster; divide clusters or rules among deployments with a name each';

  it('more than 2,400 alarms in a stack', () => {
    expect(refusal(fleet(200, 12))).toBe('none');
    expect(refusal([...fleet(200, 12), alarm('edge', null)])).toBe(
      '2,401 alarms do not fit into the stack alarms: CloudFormation makes 2,400 at once. ' +
        `Most are of prod, 200 servers: 2,400. Ways out: set alarms.stacks to 2; ${ways}`,
    );
    expect(refusal([...fleet(200, 12), alarm('edge', null)], 2)).toBe('none');
  });

  it('and who has most of them is said where that is less than half', () => {
    const clusters = [fleet(800, 1, 'a'), fleet(800, 1, 'b'), fleet(801, 1, 'c')];
    expect(refusal(clusters.flat())).toContain('. The largest of 3 parts is that of c, 801 servers: 801. ');
  });

  it('more than 480 alarms in a group', () => {
    expect(refusal(fleet(1, 480))).toBe('none');
    expect(refusal(fleet(1, 481))).toBe(
      '481 alarms do not fit into group-1 of the stack alarms, which holds 480. ' +
        `Most are of prod, 1 server: 481. Ways out: ${ways}`,
    );
  });

  it('texts that make a template of more than 1 MB', () => {
    const wordy = (rules: number) =>
      fleet(1, rules).map((spec) => ({ ...spec, description: 'x'.repeat(1_024) }));
    expect(refusal(wordy(400))).toBe('none');
    expect(refusal(wordy(480))).toMatch(
      /^480 alarms with their texts do not fit into group-\d+ of the stack alarms, whose template holds 1 MB\. /,
    );
  });

  it('and the way out fits who has no alarms of servers', () => {
    expect(refusal(ofCluster(1_000))).toBe('none');
    expect(refusal(ofCluster(2_401))).toMatch(
      /Most are of prod: 2,401\. Ways out: divide clusters or rules among deployments with a name each$/,
    );
  });

  it.each([
    [190, 1],
    [370, 2],
    [700, 4],
    [1_300, 8],
  ] as const)(
    'not %i servers with the built-in rules, but twice as many, in %i stacks',
    (servers, stacks) => {
      expect(refusal([...fleet(servers, 12), ...ofCluster(15)], stacks)).toBe('none');
      expect(refusal([...fleet(servers * 2, 12), ...ofCluster(15)], stacks)).toContain('do not fit');
    },
  );
});
