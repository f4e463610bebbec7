import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultManner } from '../../../infra/tool/suite/deployed.ts';
import { runSuite } from '../../../infra/tool/suite/run-suite.ts';
import { readSuite } from '../../../infra/tool/commands/test.ts';
import type { Edition } from '../../../lambdas/promql/index.ts';
import { verdictOf } from './verdicts.ts';

const folder = path.join(import.meta.dirname, 'files');
const fileOf = (name: string) => path.join(folder, name);

type Check = { readonly test: string; readonly check: string; readonly isPassed: boolean };

/** Each check of a file as this tool judges it: `ServerDown 2`, `up / 0 4`, the number being minutes. */
function checksHere(name: string, edition: Edition): readonly Check[] {
  const manner = defaultManner();
  const { suite, groups } = readSuite(fileOf(name), manner, { edition });
  return runSuite(suite, groups, manner, edition).flatMap(({ name: test, cases, problems }) => {
    expect(problems).toEqual([]);
    return cases.map((each) => ({
      test,
      check: `${each.kind === 'alert' ? each.alertname : each.expr} ${each.evalMs / 60_000}`,
      isPassed: each.isPassed,
    }));
  });
}

const saidByPromtool = (name: string, edition: Edition) => verdictOf(edition, fileOf(name));

/** The checks that promtool says failed. */
const failedIn = (printed: string): readonly string[] =>
  [...printed.matchAll(/^ {4}(?:alertname: (\w+)|expr: "(.*)"), time: (\d+)m(?:\d+s)?,/gm)].map(
    ([, alertname, expr, minutes]) => `${alertname ?? expr} ${minutes}`,
  );

describe.each([2, 3] as const)('a test file, under promtool %i and here,', (edition) => {
  it('passes', async () => {
    const { isPassed, printed } = await saidByPromtool('passes.yaml', edition);
    const wrong = checksHere('passes.yaml', edition).filter((each) => !each.isPassed);
    expect([isPassed, printed.includes('SUCCESS'), wrong]).toEqual([true, true, []]);
  });

  it('fails in each of its checks', async () => {
    const { isPassed, printed } = await saidByPromtool('fails.yaml', edition);
    const checks = checksHere('fails.yaml', edition);
    expect([isPassed, failedIn(printed).toSorted()]).toEqual([
      false,
      checks.map(({ check }) => check).toSorted(),
    ]);
    expect(checks.filter((each) => each.isPassed)).toEqual([]);
  });

  it('differs where CloudWatch forces it, and nowhere else', async () => {
    const { isPassed } = await saidByPromtool('differs.yaml', edition);
    const checks = checksHere('differs.yaml', edition);
    const failed = checks.filter((each) => !each.isPassed);
    expect([isPassed, failed.length > 0]).toEqual([true, true]);
    expect(failed).toEqual(checks.filter(({ test }) => test.startsWith('here it fails')));
  });
});
