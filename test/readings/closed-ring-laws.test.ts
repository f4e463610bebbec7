import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../lambdas/durations.ts';
import { closingServer, reader } from './closing-server.ts';

const smallRing = 400;
const lookBackMs = minutes(10);

type Step =
  | { readonly kind: 'close'; readonly count: number }
  | { readonly kind: 'closeLate'; readonly afterMs: number }
  | { readonly kind: 'pass'; readonly spanMs: number }
  | { readonly kind: 'open'; readonly count: number }
  | { readonly kind: 'closeOpen' }
  | { readonly kind: 'setClock'; readonly byMs: number }
  | { readonly kind: 'restart' }
  | { readonly kind: 'run'; readonly meanwhile: number };

const times = fc.integer({ min: 0, max: seconds(30) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('close'), count: fc.integer({ min: 1, max: 60 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('close'), count: fc.integer({ min: 300, max: 500 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('closeLate'), afterMs: times }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pass'), spanMs: times }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('open'), count: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('closeOpen') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart') }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('run'), meanwhile: fc.integer({ min: 0, max: 20 }) }),
  },
);

/** Either way: a minute, which hides in the overlap, and hours, which do not. */
const clockStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('setClock'),
  byMs: fc.integer({ min: minutes(-120), max: minutes(120) }),
});

/** Plays steps, then ten minutes of nothing and a last run; tells all that runs got wrong. */
function play(
  steps: readonly Step[],
  { isClockSet = false, isCounted = false, ringSize = smallRing } = {},
): readonly string[] {
  const server = closingServer({ ringSize });
  const read = reader(server, { configuredSize: ringSize, lookBackMs, isCounted });
  const wrong: string[] = [];
  const reported = new Set<string>();
  const name = (cid: number) => `${server.process()}/${cid}`;
  let firstRun = true;
  let wasSet = false;
  /** Rows that runs said they could not tell from older ones. */
  let unreported = 0;
  /** Rows that the ring held after the last thing that happened: those that vanish without a restart are overwritten. */
  let held = new Map<string, number>();
  let overwritten = new Set<string>();
  let recorded = 0;
  const watch = (isRestart = false) => {
    const now = new Map(server.ring().map(({ cid, stop }) => [name(cid), stop]));
    for (const row of now.keys()) if (!held.has(row)) recorded += 1;
    for (const row of held.keys())
      if (!isRestart && !now.has(row) && !reported.has(row)) overwritten.add(row);
    held = now;
  };
  /** In portions that the ring holds, so that every row is seen in it before it is overwritten. */
  const close = (count: number) => {
    for (let left = count; left > 0; left -= 100) {
      server.close(Math.min(left, 100));
      watch();
    }
  };
  const run = (meanwhile: number) => {
    const due = [...held].filter(([, stop]) => !firstRun || stop >= server.now() - lookBackMs);
    // What stopped before the first look back is nobody's any more.
    for (const row of held.keys()) if (firstRun && !due.some(([other]) => other === row)) reported.add(row);
    const lostBefore = new Set(overwritten);
    const recordedBefore = recorded;
    let missing = 0;
    const { cids, since } = read.run(() => {
      if (meanwhile === 0) return;
      server.pass(1);
      close(meanwhile);
    });
    for (const cid of cids) {
      if (reported.has(name(cid))) wrong.push(`${name(cid)} was reported twice`);
      reported.add(name(cid));
    }
    for (const [row] of due) {
      if (!reported.has(row) && !overwritten.has(row)) missing += 1;
    }
    // What no run could tell from older rows is counted, and reported once.
    if (missing > since.unaccounted + unreported) wrong.push(`${missing} rows were not reported`);
    unreported += since.unaccounted;
    if (!isClockSet && since.unaccounted > 0)
      wrong.push(`${since.unaccounted} rows were said not to be told apart`);
    if (!firstRun && lostBefore.size > 0 && !since.lost)
      wrong.push(`an overrun of ${lostBefore.size} was silent`);
    if (since.lost && recorded < ringSize) wrong.push(`an overrun was told after ${recorded} rows`);
    // What was overwritten while pages were read is told by this run, or by the next.
    const isReported = firstRun || since.lost;
    overwritten = new Set([...overwritten].filter((row) => !isReported && !reported.has(row)));
    recorded -= recordedBefore;
    firstRun = false;
  };
  for (const each of [
    ...steps,
    { kind: 'pass', spanMs: minutes(10) } as const,
    { kind: 'run', meanwhile: 0 } as const,
  ]) {
    if (each.kind === 'close') close(each.count);
    else if (each.kind === 'closeLate') server.closeRecordedAfter(each.afterMs);
    else if (each.kind === 'pass') server.pass(each.spanMs);
    else if (each.kind === 'open') server.open(each.count);
    else if (each.kind === 'closeOpen') server.closeOpen();
    else if (each.kind === 'setClock') server.setClock(wasSet ? 0 : each.byMs);
    else if (each.kind === 'restart') server.restart();
    else run(each.meanwhile);
    // Set back and forth again between two looks, a clock shows nothing of it.
    wasSet = each.kind === 'setClock' || (wasSet && each.kind !== 'run');
    watch(each.kind === 'restart');
    if (each.kind !== 'restart') continue;
    // What the process before had closed since the last run is gone with it.
    overwritten.clear();
    recorded = 0;
  }
  return wrong;
}

describe('whatever closes, restarts and comes late', () => {
  it('every row is reported once by the run after it was recorded, or its loss is told', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        expect(play(steps)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('whatever closes where the ring is read only if a close was counted', () => {
  it.each([
    ['', step],
    [
      ', with a clock that is set',
      fc.oneof({ weight: 15, arbitrary: step }, { weight: 2, arbitrary: clockStep }),
    ],
  ])('every row is reported once by the run after it was recorded, or its loss is told%s', (_, some) => {
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 30 }), (steps) => {
        expect(play(steps, { isCounted: true, isClockSet: some !== step })).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('whatever closes in bursts, of a ring of many pages', () => {
  const burst = fc.record({ kind: fc.constant('close'), count: fc.integer({ min: 100, max: 1_500 }) });
  const slow = fc.oneof(
    step.filter(({ kind }) => kind !== 'closeLate' && kind !== 'restart'),
    burst,
  );
  it('every row is reported once by the run after it was recorded, or its loss is told', () => {
    fc.assert(
      fc.property(fc.array(slow, { minLength: 1, maxLength: 20 }), (steps) => {
        expect(play(steps, { ringSize: 2_500 })).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('however often the clock of the server is set', () => {
  it('no row is reported twice, and every row by the run after it was recorded, or counted as not told apart', () => {
    const steps = fc.array(fc.oneof({ weight: 15, arbitrary: step }, { weight: 2, arbitrary: clockStep }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(steps, (played) => {
        expect(play(played, { isClockSet: true })).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});
