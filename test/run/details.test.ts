import { describe, expect, it } from 'vitest';
import { minutes, type Check, type Diagnosis } from '../../lambdas/define.ts';
import { run } from '../../lambdas/run/run.ts';
import { checkOf, fakeWorld, minute, target, watchOf } from '../engine/fake-ports.ts';
import { client, each } from '../engine/samples.ts';
import { failing } from '../kit.ts';

describe('details of a finding', () => {
  /** Asks for the open connections of each crowded client. */
  const explained = (count: () => number): Check => {
    const requests: Diagnosis['details'] = () => [{ target: target('n1'), endpoint: 'connz', limit: 10 }];
    return checkOf({
      diagnoses: [
        {
          ...each(() =>
            Array.from({ length: count() }, (_, i) => ({
              entity: client(`c${i}`),
              value: i === 4 ? 101 : 11,
            })),
          ),
          details: requests,
          enrich: (_, { connz, failures }) => ({
            evidence: [`${connz.length} read, ${failures.map(({ code }) => code).join()}`],
          }),
        },
      ],
    });
  };
  const detailReads = (world: ReturnType<typeof fakeWorld>) =>
    world.reads.filter((read) => read.includes('/connz?auth=1')).length;

  it('are read when it opens, and kept while it stays', async () => {
    const world = fakeWorld();
    const check = explained(() => 1);
    const reports = [];
    for (const n of [0, 1, 2]) reports.push(await run(check, watchOf(check), world.ports(), minute(n)));
    expect(detailReads(world)).toBe(1);
    expect(reports.map((report) => report?.entries[0]?.findings.map(({ evidence }) => evidence))).toEqual(
      Array(3).fill([['1 read, ']]),
    );
  });

  it('are read again when it is reported again', async () => {
    const world = fakeWorld();
    const check = explained(() => 1);
    await run(check, watchOf(check), world.ports(), minute(0));
    await run(check, watchOf(check), world.ports(), minute(24 * 60));
    expect(detailReads(world)).toBe(2);
  });

  it('are not read before it opens', async () => {
    const world = fakeWorld();
    let count = 0;
    const base = explained(() => count);
    const check = {
      ...base,
      diagnoses: base.diagnoses.map((diagnosis) => ({ ...diagnosis, for: minutes(2) })),
    };
    const reads = [];
    for (const n of [0, 1, 2, 3]) {
      await run(check, watchOf(check), world.ports(), minute(n));
      reads.push(detailReads(world));
      count = 1;
    }
    expect(reads).toEqual([0, 0, 0, 1]);
  });

  it('are at most three readings, of the worst findings first', async () => {
    const world = fakeWorld();
    const check = explained(() => 6);
    const report = await run(check, watchOf(check), world.ports(), minute(0));
    expect(detailReads(world)).toBe(3);
    const explainedOnes = report?.entries[0]?.findings.filter(({ evidence }) => evidence.length > 0);
    expect(explainedOnes?.map(({ severity, entity }) => `${severity} ${entity.name}`)).toEqual([
      'critical c4',
      'warning c0',
      'warning c1',
    ]);
  });

  it('that cannot be read do not hide it', async () => {
    const world = fakeWorld({ n1: { connz: failing('timeout') } });
    const check = explained(() => 1);
    const report = await run(check, watchOf(check), world.ports(), minute(0));
    expect(report?.notices.map(({ kind, finding }) => [kind, finding.evidence])).toEqual([
      ['opened', ['0 read, timeout']],
    ]);
  });
});
