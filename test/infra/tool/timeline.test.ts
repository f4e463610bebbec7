import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { timelineCommand, type Timeline } from '../../../infra/tool/commands/timeline.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

const folder = temporaryFolder('timeline');
writeFileSync(
  path.join(folder, 'rules.yaml'),
  JSON.stringify({
    groups: [
      {
        name: 'g',
        rules: [
          { alert: 'Down', expr: 'up == 0', for: '1m', labels: { severity: 'critical', of: '{{ $value }}' } },
          { alert: 'Few', expr: 'sum(up) < 2' },
          { alert: 'Late', expr: 'max(up * 0 + time()) >= 1609459320' },
        ],
      },
    ],
  }),
);

function timeline(test: object, json: boolean, more: object = {}) {
  const file = path.join(folder, 'test.yaml');
  writeFileSync(
    file,
    JSON.stringify({ rule_files: ['rules.yaml'], ...more, tests: [{ interval: '1m', ...test }] }),
  );
  const given = {
    command: 'timeline',
    files: [file],
    settings: null,
    engine: null,
    edition: 3,
    alert: null,
    json,
  } as const;
  return timelineCommand(given).lines.map(({ text }) => text);
}

const series = (...values: readonly string[]) => ({
  input_series: values.map((each, index) => ({ series: `up{server_id="n${index + 1}"}`, values: each })),
});
const states = (test: object): Readonly<Record<string, string>> => {
  const found = JSON.parse(timeline(test, true).join('\n')) as readonly Timeline[];
  return Object.fromEntries(
    found.map(({ alert, labels, states: some }) => [
      `${alert} ${labels['server_id'] ?? '-'}`,
      some.map(({ state }) => state.charAt(0)).join(''),
    ]),
  );
};

describe('a timeline', () => {
  it('has the states of each alarm in each minute', () => {
    expect(states(series('1 0 0 0 1 1', '1x5'))).toEqual({
      'Down n1': 'OOAAOO',
      'Down n2': 'OOOOOO',
      'Few -': 'OAAAOO',
      'Late -': 'OOOOOO',
    });
  });

  it('takes servers to answer whose `up` the series say nothing of, and not those whose `up` ends', () => {
    const rule = { alert: 'Down', expr: 'up == 0' };
    writeFileSync(path.join(folder, 'up.yaml'), JSON.stringify({ groups: [{ name: 'g', rules: [rule] }] }));
    const input_series = [
      { series: 'gnatsd_varz_mem{server_id="n1"}', values: '1x9' },
      { series: 'up{server_id="n2"}', values: '0x1 stale' },
    ];
    const found = JSON.parse(
      timeline({ input_series }, true, { rule_files: ['up.yaml'] }).join('\n'),
    ) as unknown;
    const reported = (found as readonly Timeline[]).map(({ labels, states: some }) => [
      labels['server_id'],
      some.map(({ state }) => state.charAt(0)).join(''),
    ]);
    expect(reported).toEqual([
      ['n1', 'OOOOOOOOOO'],
      ['n2', 'AAAAAAAAAA'],
    ]);
  });

  it('goes to the last sample, or to the last moment that is asked for if that is later', () => {
    const lengths = ['3m', '8m'].map(
      (time) =>
        states({ ...series('1x5'), alert_rule_test: [{ eval_time: time, alertname: 'Down' }] })['Few -']
          ?.length,
    );
    expect(lengths).toEqual([6, 9]);
  });

  it('tells the labels that all alerts of an alarm have', () => {
    const found = JSON.parse(timeline(series('1'), true).join('\n')) as readonly Timeline[];
    expect(found.map(({ alert, labels, engine }) => [alert, labels, engine])).toEqual([
      ['Down', { server_id: 'n1', severity: 'critical' }, 'classic'],
      ['Few', {}, 'classic'],
      ['Late', {}, 'classic'],
    ]);
  });

  it('is a chart for people', () => {
    expect(timeline({ name: 'a day', ...series('1x4 0x7 1x2') }, false)).toEqual([
      'a day   . OK   # ALARM   ? INSUFFICIENT_DATA',
      '                                           0         10',
      'Down{server_id="n1", severity="critical"}  ......#######...',
      'Few{}                                      ################',
      'Late{}                                     ................',
      '',
    ]);
  });

  it('has several lines for a longer time', () => {
    const lines = timeline(series('1x119 0x29'), false).filter((line) => /^ |^Down/.test(line));
    expect(lines.map((line) => line.slice(43))).toEqual([
      '0         10        20        30        40        50        60        70        80        90        100       110',
      '.'.repeat(120),
      '120       130       140',
      `.${'#'.repeat(29)}`,
    ]);
  });

  it('says so where there is no alarm', () => {
    writeFileSync(path.join(folder, 'none.yaml'), '{}');
    expect(timeline(series('1'), false, { rule_files: ['none.yaml'] })).toEqual([
      'unnamed#0   . OK   # ALARM   ? INSUFFICIENT_DATA',
      'no alarm',
    ]);
  });
});
