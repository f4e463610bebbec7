import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultManner } from '../../../infra/tool/suite/deployed.ts';
import { suiteLines } from '../../../infra/tool/suite/report.ts';
import { runSuite } from '../../../infra/tool/suite/run-suite.ts';
import { readRules } from '../../../infra/tool/rule-files.ts';
import { readTestFile } from '../../../infra/tool/test-file/test-file.ts';

const { groups } = readRules(path.join(import.meta.dirname, 'files/rules.yaml'), 2);

/** What is told of a test over a server whose connections go from 5 to 20 in minute 2 and are unknown from minute 8 on. */
function reported(test: object, notes: readonly string[] = []): readonly string[] {
  const series = [{ series: 'gnatsd_varz_connections{server_id="hub1"}', values: '5x1 20x5 stale' }];
  const text = JSON.stringify({ tests: [{ name: 'busy', interval: '1m', input_series: series, ...test }] });
  const { suite, problems } = readTestFile(text, 't.yaml', 2);
  expect(problems).toEqual([]);
  return suiteLines({ file: 't.yaml', notes, groups: runSuite(suite, groups, defaultManner(), 2) });
}
const alerts = (...tests: readonly object[]) => ({ alert_rule_test: tests });
const many = { alertname: 'ManyConnections' };

describe('the report of a test file', () => {
  it('is one line where all is well', () => {
    expect(reported(alerts({ ...many, eval_time: '4m' }))).toEqual(['ok      t.yaml (1 check)']);
  });

  it('says what was expected, what the alarm was, and when it changed', () => {
    expect(
      reported(
        alerts({ ...many, eval_time: '4m', exp_alerts: [{ exp_labels: { server_id: 'hub1' } }] }),
      ).slice(0, 1),
    ).toEqual(['FAILED  t.yaml (1 of 1 check)']);
    const lines = reported(alerts({ ...many, eval_time: '5m' }));
    expect(lines.map((line) => line.replace(/\(t.yaml:.*\)/, '(place)'))).toEqual([
      'FAILED  t.yaml (1 of 1 check)',
      '\n  busy: ManyConnections at 5 min (place)',
      '    expected    nothing',
      '    received    {alertname="ManyConnections", server_id="hub1", severity="warning"}',
      '                  summary: 20 connections on hub1',
      '    alarm       nats/test/ManyConnections/hub1/warning is ALARM in minute 5: OK from minute 0, ALARM from minute 5',
    ]);
  });

  it('says where Prometheus has what is expected and the alarm has not', () => {
    expect(reported(alerts({ ...many, eval_time: '8m' })).slice(2)).toEqual([
      '    expected    nothing',
      '    received    nothing',
      '    alarm       nats/test/ManyConnections/hub1/warning is ALARM in minute 8, though no alert of it fires: OK from minute 0, ALARM from minute 5',
      '    Prometheus  what is expected: the alarm differs',
    ]);
  });

  it('says what an expression gives', () => {
    const test = { expr: 'sum(gnatsd_varz_connections)', eval_time: '2m', exp_samples: [{ value: 19 }] };
    expect(reported({ promql_expr_test: [test] }).slice(2)).toEqual([
      '    expected    {} 19',
      '    received    {} 20',
    ]);
  });

  it('says that an expression cannot be evaluated', () => {
    const series = ['a', 'b'].map((x) => ({ series: `up{x="${x}"}`, values: '1' }));
    const lines = reported({
      input_series: series,
      promql_expr_test: [{ expr: 'up * on () up', exp_samples: [] }],
    });
    expect(lines[3]).toMatch(/^ {4}received {4}error: /);
  });

  it('has notes beside what is well', () => {
    expect(reported({}, ['something to know'])).toEqual([
      'ok      t.yaml (0 checks)',
      '  note: something to know',
    ]);
  });
});
