import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { alarmStates } from '../../infra/cloudwatch/evaluator.ts';
import { differences, type DifferenceId } from '../../infra/rules/differences.ts';
import { readRuleFile } from '../../infra/rules/rule-file/rule-file.ts';
import type { Edition } from '../../lambdas/promql/index.ts';
import { promtool } from '../promql/promtool.ts';
import { alarmedWorld } from './alarmed-world.ts';
import { alertOf, planOf } from './planned.ts';
import { failing } from '../kit.ts';
import { consumers, serverAt } from './rule-world.ts';
import {
  alarmTimes,
  alertTimes,
  deploymentsOf,
  ranges,
  simulated,
  type Course,
  statesWithout,
  type Deployment,
} from './times.ts';

type Rule = { readonly expr: string; readonly for?: string };

const fileOf = (rule: Rule, group: object = {}): string =>
  JSON.stringify({
    groups: [{ name: 'g', ...group, rules: [{ alert: 'A', ...rule, labels: { severity: 'warning' } }] }],
  });

function deployed(file: string, servers: readonly string[] = ['n1'], edition: Edition = 2): Deployment {
  const { groups, problems } = readRuleFile(file, 'rules.yaml', edition);
  const [deployment] = deploymentsOf(groups, [{ name: 'c', servers }], edition);
  if (problems.length > 0 || deployment === undefined) throw new Error(JSON.stringify(problems));
  return deployment;
}

/** A rule over series of server n1 as both see it. */
async function both(rule: Rule, course: Course, edition: Edition = 2) {
  const file = fileOf(rule);
  return {
    prometheus: await alertTimes(file, course, edition),
    here: alarmTimes(deployed(file, ['n1'], edition), course),
  };
}

const one = (name: string, values: string, labels = ''): Course['series'][number] => ({
  series: `${name}{server_id="n1"${labels}}`,
  values,
});

/** What single rules do not show has a test of its own. */
type ShownHere = Exclude<DifferenceId, 'all-down'>;

const shown: Readonly<Record<ShownHere, () => void | Promise<void>>> = {
  'ended-series': async () => {
    const course = { series: [one('gnatsd_varz_mem', '9x9 stale')], minutes: 20 };
    expect(await both({ expr: 'gnatsd_varz_mem > 5', for: '5m' }, course)).toEqual({
      prometheus: { 'A warning n1': '5-9' },
      here: { 'A warning n1': '5-11' },
    });
    expect(await both({ expr: 'gnatsd_varz_mem * 1 > 5', for: '5m' }, course)).toEqual({
      prometheus: { 'A warning n1': '5-9' },
      here: { 'A warning n1': '5-9' },
    });
  },

  'bridged-gap': async () => {
    const course = { series: [one('gnatsd_varz_mem', '9x2 stale 9x11')], minutes: 15 };
    expect(await both({ expr: 'gnatsd_varz_mem > 5', for: '5m' }, course)).toEqual({
      prometheus: { 'A warning n1': '9-14' },
      here: { 'A warning n1': '6-14' },
    });
    expect(await both({ expr: 'gnatsd_varz_mem * 1 > 5', for: '5m' }, course)).toEqual({
      prometheus: { 'A warning n1': '9-14' },
      here: { 'A warning n1': '9-14' },
    });
  },

  'nobody-looks': async () => {
    const healthy = { series: [one('up', '1x4 stale')], minutes: 15 };
    const down = { series: [one('up', '0x4 stale')], minutes: 15 };
    expect([
      await both({ expr: 'up == 0', for: '2m' }, healthy),
      await both({ expr: 'up == 0', for: '2m' }, down),
    ]).toEqual([
      { prometheus: {}, here: {} },
      { prometheus: { 'A warning n1': '2-4' }, here: { 'A warning n1': '2-14' } },
    ]);
  },

  'missed-run': async () => {
    const rule = { expr: 'gnatsd_varz_mem * 1 > 5', for: '3m' };
    const course = { series: [one('gnatsd_varz_mem', '1 1 9x10')], minutes: 12 };
    const here = statesWithout([5, 6], deployed(fileOf(rule)), course);
    expect({ ...(await both(rule, course)), here }).toEqual({
      prometheus: { 'A warning n1': '5-11' },
      here: { OK: '0-6', ALARM: '7-11' },
    });
  },

  'worst-element': async () => {
    const pending = (consumer: string, values: string) =>
      one('jetstream_consumer_num_pending', values, `,consumer_name="${consumer}"`);
    const rule = { expr: 'jetstream_consumer_num_pending > 5', for: '1m' };
    const course = { series: [pending('a', '0 9x5 0x9'), pending('b', '0x3 7x6 0x5')], minutes: 14 };
    const { alarms, datapoints } = simulated(deployed(fileOf(rule)), course);
    const [{ alarm, states } = { alarm: undefined, states: [] }] = alarms;
    if (alarm?.compared.kind !== 'metric') throw new Error('no metric');
    const alertsOf = async (consumer: string) =>
      alertTimes(fileOf(rule), course, 2, ({ consumer_name: name }) => name === consumer);
    expect({
      alarms: alarms.length,
      prometheus: [await alertsOf('a'), await alertsOf('b')],
      here: ranges(states.filter(({ state }) => state === 'ALARM').map(({ minute }) => minute)),
      shown: datapoints(alarm.compared.metric).map(({ value }) => value),
    }).toEqual({
      alarms: 1,
      prometheus: [{ 'A warning n1': '2-6' }, { 'A warning n1': '5-10' }],
      here: '2-10',
      shown: [0, 9, 9, 9, 9, 9, 9, 7, 7, 7, 7, 0, 0, 0],
    });
  },

  unasked: async () => {
    const silent = { varz: failing('dns'), paths: { '/jsz': failing('dns') } };
    const expr = 'jetstream_consumer_num_pending > 10';
    const { run } = alarmedWorld(planOf([alertOf('Behind', expr)]));
    const states: unknown[] = [];
    for (const [n, answers] of [consumers({ a: 30 }), silent, silent].entries())
      states.push((await run(n, answers)).alarm);
    const series = [one('jetstream_consumer_num_pending', '30 stale stale')];
    expect({
      prometheus: await alertTimes(fileOf({ expr }), { series, minutes: 2 }, 2),
      here: states,
    }).toEqual({ prometheus: { 'A warning n1': '0' }, here: ['ALARM', 'ALARM', 'ALARM'] });
  },
  'several-servers': async () => {
    const expr = 'increase(gnatsd_varz_slow_consumers[5m]) > 0';
    const totals = [1_000, 5, 1_000, 5];
    const series = [one('gnatsd_varz_slow_consumers', totals.join(' '))];
    const { run } = alarmedWorld(planOf([alertOf('A', expr)]));
    const states: unknown[] = [];
    for (const [n, slow_consumers] of totals.entries()) {
      const ran = await run(n, serverAt(slow_consumers === 5 ? 'A' : 'B', n, { slow_consumers }));
      states.push(ran.alarm);
    }
    expect({
      prometheus: await alertTimes(fileOf({ expr }), { series, minutes: totals.length }, 2),
      here: states,
    }).toEqual({ prometheus: { 'A warning n1': '1-3' }, here: ['OK', 'OK', 'OK', 'OK'] });
  },

  infinity: async () => {
    const rule = { expr: 'gnatsd_varz_mem / gnatsd_varz_gomemlimit > 0.9' };
    const course = {
      series: [one('gnatsd_varz_mem', '9x9'), one('gnatsd_varz_gomemlimit', '90x3 0x1 90x3')],
      minutes: 9,
    };
    const { alarms, datapoints } = simulated(deployed(fileOf(rule)), course);
    const compared = alarms[0]?.alarm.compared;
    if (compared?.kind !== 'metric') throw new Error('no metric');
    expect({
      ...(await both(rule, course)),
      shown: datapoints(compared.metric).map(({ value }) => value),
    }).toEqual({
      prometheus: { 'A warning n1': '4-5' },
      here: { 'A warning n1': '4-5' },
      shown: [0.1, 0.1, 0.1, 0.1, 2 ** 360, 2 ** 360, 0.1, 0.1, 0.1],
    });
  },

  'first-state': () => {
    const { translated } = deployed(fileOf({ expr: 'gnatsd_varz_mem * 1 > 5' }));
    const [spec] = translated.specs;
    if (spec === undefined) throw new Error('no alarm');
    const points = [{ minute: 2, value: 1 }];
    expect(alarmStates(spec, () => points, { from: 0, to: 2 }).map(({ state }) => state)).toEqual([
      'INSUFFICIENT_DATA',
      'INSUFFICIENT_DATA',
      'OK',
    ]);
  },

  'up-names-server': async () => {
    const file = fileOf({ expr: 'count without (instance) (up) < 2' });
    const up = (server: string, own: string) => ({
      series: `up{${own}instance="${server}:8222",job="nats"}`,
      values: '1x9',
    });
    const servers = ['n1', 'n2'];
    const course = (own: (server: string) => string): Course => ({
      series: servers.map((server) => up(server, own(server))),
      minutes: 4,
    });
    const ofBoth = fileOf({ expr: 'count without (instance, server_id) (up) < 2' });
    const named = course((server) => `server_id="${server}",`);
    expect({
      prometheus: await alertTimes(
        file,
        course(() => ''),
        2,
      ),
      here: alarmTimes(deployed(file, servers), named),
      ofBoth: alarmTimes(deployed(ofBoth, servers), named),
    }).toEqual({
      prometheus: {},
      here: { 'A warning n1': '0-3', 'A warning n2': '0-3' },
      ofBoth: {},
    });
  },

  'no-such-value': async () => {
    const notANumber = { series: [one('gnatsd_varz_mem', '9x3 NaN 9x3')], minutes: 7 };
    expect(await both({ expr: 'gnatsd_varz_mem > 5' }, notANumber)).toEqual({
      prometheus: { 'A warning n1': '0-3, 5-6' },
      here: { 'A warning n1': '0-6' },
    });
    const below = { series: [one('gnatsd_varz_mem', '0 -1x3 0 5x2')], minutes: 7 };
    expect(await both({ expr: 'gnatsd_varz_mem == 0' }, below)).toEqual({
      prometheus: { 'A warning n1': '0, 5' },
      here: { 'A warning n1': '0-5' },
    });
    expect(await both({ expr: 'gnatsd_varz_mem != 0' }, below)).toEqual({
      prometheus: { 'A warning n1': '1-4, 6' },
      here: { 'A warning n1': '6' },
    });
  },

  'one-cluster': async () => {
    const file = fileOf({ expr: 'sum(gnatsd_varz_connections) > 10' });
    const course = {
      series: ['n1', 'n2'].map((server) => ({
        series: `gnatsd_varz_connections{server_id="${server}"}`,
        values: '6x9',
      })),
      minutes: 5,
    };
    const { groups } = readRuleFile(file, 'rules.yaml', 2);
    const apart = deploymentsOf(groups, [
      { name: 'east', servers: ['n1'] },
      { name: 'west', servers: ['n2'] },
    ]);
    expect({
      prometheus: await alertTimes(file, course, 2),
      here: apart.map((each) => ({ [each.cluster.name]: alarmTimes(each, course, 'OK') })),
    }).toEqual({
      prometheus: { 'A warning': '0-4' },
      here: [{ east: { 'A warning': '0-4' } }, { west: { 'A warning': '0-4' } }],
    });
  },

  'each-minute': async () => {
    const course = { series: [one('gnatsd_varz_in_msgs', '0+5x40')], minutes: 8, stepSeconds: 15 };
    const rule = { expr: 'increase(gnatsd_varz_in_msgs[1m]) > 0' };
    expect(await both(rule, course, 3)).toEqual({ prometheus: { 'A warning n1': '1-7' }, here: {} });
    const group = { interval: '5m' };
    expect(warningsOf(fileOf(rule, group), 3).map(({ code }) => code)).toEqual(['C2', 'C3']);
  },

  'group-limit': async () => {
    const file = fileOf({ expr: 'jetstream_consumer_num_pending > 5' }, { limit: 1 });
    const series = ['a', 'b'].map((name) =>
      one('jetstream_consumer_num_pending', '0x2 9x5', `,consumer_name="${name}"`),
    );
    const test = {
      evaluation_interval: '1m',
      rule_files: ['r.yml'],
      tests: [{ interval: '1m', input_series: series }],
    };
    const asked = {
      ...test,
      tests: test.tests.map((each) => ({ ...each, alert_rule_test: [{ eval_time: '5m', alertname: 'A' }] })),
    };
    const printed = await promtool(2, ['test', 'rules', 't.yml'], {
      't.yml': JSON.stringify(asked),
      'r.yml': file,
    });
    expect({
      prometheus: /time: .*limit.*/.exec(printed)?.[0],
      here: alarmTimes(deployed(file), { series, minutes: 6 }),
      reported: warningsOf(file, 2).map(({ code }) => code),
    }).toEqual({
      prometheus: 'time: 3m0s, err: exceeded limit of 1 with 2 alerts',
      here: { 'A warning n1': '3-5' },
      reported: ['L8', 'C5'],
    });
  },

  'query-offset': () => {
    const file = fileOf({ expr: 'gnatsd_varz_mem * 1 > 5' }, { query_offset: '2m' });
    const course = { series: [one('gnatsd_varz_mem', '1 1 9x5')], minutes: 5 };
    expect({
      here: alarmTimes(deployed(file, ['n1'], 3), course),
      reported: warningsOf(file, 3).map(({ code }) => code),
    }).toEqual({ here: { 'A warning n1': '2-4' }, reported: ['C4'] });
  },
};

const warningsOf = (file: string, edition: Edition) =>
  deployed(file, ['n1'], edition).translated.rules.flatMap(({ warnings }) => warnings);

describe('where alarms differ from Prometheus', () => {
  const here = differences.flatMap((each) => (each.id === 'all-down' ? [] : [each]));
  it.each(here)('$id: $what', ({ id }) => shown[id]());

  it('is shown where the table says', () => {
    const files = new Set(differences.map(({ test }) => test));
    const project = path.join(import.meta.dirname, '../..');
    expect([...files].filter((file) => !existsSync(path.join(project, file)))).toEqual([]);
  });
});
