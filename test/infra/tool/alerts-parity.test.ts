import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRuleFile } from '../../../infra/rules/rule-file/rule-file.ts';
import { defaultManner } from '../../../infra/tool/suite/deployed.ts';
import { runSuite } from '../../../infra/tool/suite/run-suite.ts';
import { readTestFile } from '../../../infra/tool/test-file/test-file.ts';
import type { Edition } from '../../../lambdas/promql/index.ts';
import { checkKey, printedLabels, receivedByPromtool, type Received } from './received.ts';
import { arbitraryScene, sceneMinutes } from './scenes.ts';
import { verdict } from './verdicts.ts';

const rules = readFileSync(path.join(import.meta.dirname, 'files/rules.yaml'), 'utf8');

const { groups } = readRuleFile(rules, 'rules.yaml', 2);
const alertnames = groups.flatMap((group) =>
  group.rules.flatMap((rule) => (rule.kind === 'alert' ? [rule.alert] : [])),
);
const minutes = Array.from({ length: sceneMinutes }, (_, minute) => minute);

/** Expects that nothing ever fires, so that what does is told. */
const suite = JSON.stringify({
  rule_files: ['rules.yaml'],
  evaluation_interval: '1m',
  tests: fc.sample(arbitraryScene, { seed: 11, numRuns: 15 }).map((series, index) => ({
    name: `scene-${index}`,
    interval: '1m',
    input_series: series,
    alert_rule_test: minutes.flatMap((minute) =>
      alertnames.map((alertname) => ({ eval_time: `${minute}m`, alertname })),
    ),
  })),
});

function receivedByUs(edition: Edition): Received {
  const { suite: read, problems } = readTestFile(suite, 'suite.yaml', edition);
  expect(problems).toEqual([]);
  const results = runSuite(read, groups, defaultManner(), edition);
  expect(results.flatMap((each) => each.problems)).toEqual([]);
  return new Map(
    results.flatMap(({ name, cases }) =>
      cases.flatMap((each) => {
        if (each.kind !== 'alert' || each.isPassed) return [];
        const { received, alarms, refused } = each.judgement;
        expect([...alarms.filter(({ isStray }) => isStray), ...refused]).toEqual([]);
        const alerts = received.map(({ labels, annotations }) => ({
          labels: printedLabels(labels),
          annotations: printedLabels(annotations),
        }));
        return [[checkKey(name, each.alertname, each.evalMs / 60_000), alerts] as const];
      }),
    ),
  );
}

const sorted = (received: Received) =>
  [...received]
    .map(([key, alerts]) => [key, alerts.toSorted((a, b) => (a.labels < b.labels ? -1 : 1))] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

describe.each([2, 3] as const)('the alarms, and promtool %i', (edition) => {
  it('have the same alerts with the same labels and annotations in each minute', async () => {
    const { printed } = await verdict(edition, suite, { 'rules.yaml': rules });
    const theirs = receivedByPromtool(printed);
    expect(sorted(receivedByUs(edition))).toEqual(sorted(theirs));
    const fired = new Set([...theirs.keys()].map((key) => key.split(' ')[1]));
    expect([...fired].toSorted()).toEqual(alertnames.filter((name) => name !== 'NoServer').toSorted());
  });
});
