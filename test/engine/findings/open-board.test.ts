import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../lambdas/durations.ts';
import { tellOpen, type Noted } from '../../../lambdas/engine/findings/open-board.ts';
import type { OpenBoard, OpenCounts } from '../../../lambdas/ports.ts';

type Counts = { readonly critical: number; readonly warning: number };
const deployment = { every: minutes(1), deployed: 1 } as const;
const nothing = { critical: 0, warning: 0 };

/** A group of checks whose runs tell what they have open, as CloudWatch gets it: `minute severity value`. */
function group(...checks: readonly string[]) {
  const noted = new Map<string, OpenCounts>();
  const remembered = new Map<string, Noted | null>();
  let notes = 0;
  const board: OpenBoard = {
    note: ({ check }, open) => {
      notes += 1;
      noted.set(check, open);
      if (noted.size < checks.length) return Promise.resolve(null);
      const sum = (of: 'critical' | 'warning') =>
        [...noted.values()].reduce((total, counts) => total + (counts[of] ?? 0), 0);
      return Promise.resolve({ critical: sum('critical'), warning: sum('warning') });
    },
  };
  return {
    notes: () => notes,
    /** A run that is not saved. */
    lose: async (check: string, lost: () => Promise<unknown>) => {
      const last = remembered.get(check) ?? null;
      await lost();
      remembered.set(check, last);
    },
    forget: (check: string) => remembered.delete(check),
    /** The board has nothing any more. */
    erase: () => noted.clear(),
    run: async (
      check: string,
      minute: number,
      counts: Counts,
      { own = board, deployed = 1 }: { readonly own?: OpenBoard; readonly deployed?: number } = {},
    ) => {
      const open = (['critical', 'warning'] as const).map((severity) => ({
        target: null,
        observation: { series: 'open', labels: { severity }, value: counts[severity] },
      }));
      const of = { check, cluster: 'c1' };
      const last = remembered.get(check) ?? null;
      const result = await tellOpen(open, {
        ...{ of, at: minutes(minute), ...deployment, deployed, noted: last, board: own },
      });
      remembered.set(check, result.noted);
      return result.told.map(({ observation }) => `${observation.labels['severity']} ${observation.value}`);
    },
  };
}
const closed = ['critical 0', 'warning 0'];

describe('how many findings are open is told', () => {
  it('in each minute in which the check has any, and that it has none once', async () => {
    const { run } = group('a');
    expect([
      await run('a', 0, nothing),
      await run('a', 1, { critical: 0, warning: 2 }),
      await run('a', 2, { critical: 0, warning: 2 }),
      await run('a', 3, nothing),
      await run('a', 4, nothing),
    ]).toEqual([closed, ['critical 0', 'warning 2'], ['warning 2'], closed, []]);
  });

  it('again every five minutes for two hours after a change, then twice a day', async () => {
    const { run } = group('a');
    const told: number[] = [];
    for (let minute = 0; minute <= 120 + 24 * 60; minute += 1)
      if ((await run('a', minute, nothing)).length > 0) told.push(minute);
    const often = Array.from({ length: 24 }, (_, i) => i * 5);
    expect(told).toEqual([...often, 115 + 12 * 60, 115 + 24 * 60]);
  });

  it('as none only by the last of a group that closes its own', async () => {
    const { run } = group('a', 'b');
    const some = { critical: 1, warning: 0 };
    await run('a', 0, some);
    await run('b', 0, some);
    expect([await run('a', 1, nothing), await run('b', 1, nothing)]).toEqual([['warning 0'], closed]);
  });

  it('not as none by a check, while another that does not run has some', async () => {
    const { run } = group('a', 'b');
    await run('a', 0, { critical: 0, warning: 1 });
    await run('b', 0, { critical: 0, warning: 1 });
    expect([await run('b', 1, nothing), await run('b', 7, nothing)]).toEqual([
      ['critical 0'],
      ['critical 0'],
    ]);
  });

  it('not as none before each check of the group has run', async () => {
    const { run } = group('a', 'b');
    expect([await run('a', 0, nothing), await run('b', 0, nothing)]).toEqual([[], closed]);
  });

  it('anew where memory was lost or damaged', async () => {
    const { run, forget } = group('a');
    await run('a', 0, nothing);
    forget('a');
    expect(await run('a', 1, nothing)).toEqual(closed);
    const damaged = { open: nothing, deployed: 1, at: 'yesterday', since: null } as unknown as Noted;
    const open = [
      { target: null, observation: { series: 'open', labels: { severity: 'critical' }, value: 0 } },
    ];
    const board = { note: () => Promise.resolve({}) };
    const of = { check: 'a', cluster: 'c1' };
    for (const noted of [damaged, { ...damaged, open: { critical: 0 } }])
      expect((await tellOpen(open, { of, at: hours(1), ...deployment, noted, board })).told).toEqual(open);
  });

  it('anew after another deployment, whose alarms may not look at all that the last one had open', async () => {
    const { run } = group('a');
    for (let minute = 0; minute <= 200; minute += 1) await run('a', minute, nothing);
    expect([
      await run('a', 201, nothing),
      await run('a', 202, nothing, { deployed: 2 }),
      await run('a', 203, nothing, { deployed: 2 }),
      await run('a', 207, nothing, { deployed: 2 }),
    ]).toEqual([[], closed, [], closed]);
  });

  it('by the others, where a run ended after it had noted and before it was saved', async () => {
    const { run, lose } = group('a', 'b');
    const some = { critical: 1, warning: 0 };
    for (let minute = 0; minute <= 200; minute += 1)
      for (const check of ['a', 'b']) await run(check, minute, check === 'b' ? some : nothing);
    await lose('a', () => run('a', 201, some));
    await run('a', 202, nothing);
    expect(await run('b', 202, nothing)).toEqual(closed);
  });

  it('within two hours, where the board was lost while something was open', async () => {
    const { run, erase } = group('a', 'b');
    const some = { critical: 1, warning: 0 };
    for (let minute = 0; minute <= 200; minute += 1)
      for (const check of ['a', 'b']) await run(check, minute, check === 'b' ? some : nothing);
    erase();
    const told: string[] = [];
    for (let minute = 201; minute <= 320; minute += 1)
      for (const check of ['a', 'b']) told.push(...(await run(check, minute, nothing)));
    expect(told).toContain('critical 0');
  });

  it('within two hours, where another run of the same minute noted something else and was not saved', async () => {
    const { run, lose } = group('a', 'b');
    const some = { critical: 1, warning: 0 };
    for (let minute = 0; minute <= 200; minute += 1)
      for (const check of ['a', 'b']) await run(check, minute, check === 'b' ? some : nothing);
    const twice = run('a', 201, nothing);
    await lose('a', () => run('a', 201, some));
    await twice;
    const told: string[] = [];
    for (let minute = 202; minute <= 321; minute += 1)
      for (const check of ['a', 'b']) told.push(...(await run(check, minute, nothing)));
    expect(told).toContain('critical 0');
  });

  it('once, though it is noted each hour', async () => {
    const { run, notes } = group('a', 'b');
    for (let minute = 0; minute <= 200; minute += 1)
      for (const check of ['a', 'b']) await run(check, minute, nothing);
    const before = notes();
    const told: string[] = [];
    for (let minute = 201; minute <= 600; minute += 1)
      for (const check of ['a', 'b']) told.push(...(await run(check, minute, nothing)));
    expect([told, notes() - before]).toEqual([[], 14]);
  });

  it('by the next run, where it could not be noted', async () => {
    const { run } = group('a');
    const broken = { note: () => Promise.reject(new Error('denied')) };
    await expect(run('a', 0, nothing, { own: broken })).rejects.toThrow('denied');
    expect(await run('a', 1, nothing)).toEqual(closed);
  });

  it('without a board by each run, whatever others have', async () => {
    const { notes } = group('a');
    const open = [
      { target: null, observation: { series: 'open', labels: { severity: 'critical' }, value: 0 } },
    ];
    const run = { of: { check: 'a', cluster: 'c1' }, at: 0, ...deployment, noted: null, board: undefined };
    expect([await tellOpen(open, run), notes()]).toEqual([{ told: open, noted: null }, 0]);
  });
});
