import { describe, expect, it } from 'vitest';
import {
  gapsBefore,
  pointsOf,
  publishable,
  standInOf,
  worseOf,
  type Found,
  type Minutes,
  type Point,
  type Tail,
} from '../../../lambdas/rules/alerts/points.ts';

const minute = 60_000;
/** Published instead of a point that is held back; what an empty result gives is 1. */
const standIn = 5;

type Run = {
  readonly at: number;
  readonly worst: number | null;
  readonly fires?: boolean;
  readonly unseen?: 'missing data is ignored' | 'missing data breaches';
  readonly gaps?: readonly Minutes[];
  readonly newGaps?: readonly Minutes[];
};

const found = ({ at, worst, fires = false, unseen, gaps = [], newGaps = gaps }: Run): Found => ({
  at: at * minute,
  worst,
  quiet: 1,
  standIn,
  isFiring: fires,
  isUnseen: unseen !== undefined,
  missingBreaches: unseen === 'missing data breaches',
  gaps,
  newGaps,
});

const quiet: Tail = { breaching: 0, heldBack: [] };
const reported = (points: readonly Point[]) => points.map(({ at, value }) => [at / minute, value]);

/** What the runs publish, as minutes and values. */
function published(datapoints: number, runs: readonly Run[], before: Tail | undefined = quiet) {
  let tail = before;
  return runs.map((run) => {
    const { points, tail: next } = pointsOf(datapoints, tail, found(run));
    tail = next;
    return reported(points);
  });
}

describe('an alarm of three datapoints', () => {
  it('gets each worst value while one element stays, and fires with the third', () => {
    expect(
      published(3, [
        { at: 1, worst: null },
        { at: 2, worst: 7 },
        { at: 3, worst: 8 },
        { at: 4, worst: 9, fires: true },
        { at: 5, worst: null },
      ]),
    ).toEqual([[[1, 1]], [[2, 7]], [[3, 8]], [[4, 9]], [[5, 1]]]);
  });

  it('gets a stand-in where a third point in a row would breach, and it is not one element that was there', () => {
    expect(
      published(3, [
        { at: 1, worst: 7 },
        { at: 2, worst: 8 },
        { at: 3, worst: 9 },
      ]),
    ).toEqual([[[1, 7]], [[2, 8]], [[3, standIn]]]);
  });

  it('gets what was held back, with its own minute, once an element has stayed for long enough', () => {
    expect(
      published(3, [
        { at: 1, worst: 7 },
        { at: 2, worst: 8 },
        { at: 3, worst: 9 },
        { at: 4, worst: 8, fires: true },
      ])[3],
    ).toEqual([
      [4, 8],
      [3, 9],
    ]);
  });

  it('gets no more of what was held back once three minutes have gone by', () => {
    const tail: Tail = { breaching: 1, heldBack: [{ at: 2 * minute, value: 9 }] };
    expect(reported(pointsOf(3, tail, found({ at: 5, worst: 8, fires: true })).points)).toEqual([[5, 8]]);
    expect(reported(pointsOf(3, tail, found({ at: 4, worst: 8, fires: true })).points)).toEqual([
      [4, 8],
      [2, 9],
    ]);
  });

  it('gets nothing again of elements that all went away', () => {
    expect(
      published(3, [
        { at: 1, worst: 7 },
        { at: 2, worst: 8 },
        { at: 3, worst: 9 },
        { at: 4, worst: null },
        { at: 5, worst: 7 },
        { at: 6, worst: 7 },
        { at: 7, worst: 7, fires: true },
      ]).slice(3),
    ).toEqual([[[4, 1]], [[5, 7]], [[6, 7]], [[7, 7]]]);
  });

  it('has another element wait after the one that fired has gone', () => {
    expect(
      published(3, [
        { at: 4, worst: 9, fires: true },
        { at: 5, worst: 8 },
      ]),
    ).toEqual([[[4, 9]], [[5, standIn]]]);
  });

  it('waits if nothing is known of earlier points, which may breach', () => {
    expect(reported(pointsOf(3, undefined, found({ at: 1, worst: 7 })).points)).toEqual([[1, standIn]]);
  });

  it('gets a point for each minute without a run, once an element fires that was there before and after', () => {
    const gaps: Minutes[] = [[2 * minute, 3 * minute]];
    expect(reported(pointsOf(3, quiet, found({ at: 4, worst: 8, fires: true, gaps })).points)).toEqual([
      [4, 8],
      [2, 8],
      [3, 8],
    ]);
  });

  it('gets points of such minutes once, however long the rule fires', () => {
    const fires: Tail = { breaching: 3, heldBack: [] };
    const gaps: Minutes[] = [[2 * minute, 2 * minute]];
    const run = found({ at: 4, worst: 8, fires: true, gaps, newGaps: [] });
    expect(reported(pointsOf(3, fires, run).points)).toEqual([[4, 8]]);
  });
});

describe('an alarm of three datapoints of which a part was not seen', () => {
  const ignored = 'missing data is ignored';
  const breaching = 'missing data breaches';
  const fires: Tail = { breaching: 3, heldBack: [] };

  it('gets nothing of what does not fire, and what was held back once it does', () => {
    expect(
      published(3, [
        { at: 1, worst: null, unseen: ignored },
        { at: 2, worst: 7, unseen: ignored },
        { at: 3, worst: 8, unseen: ignored },
        { at: 4, worst: 9, unseen: ignored, fires: true },
        { at: 5, worst: null, unseen: ignored },
        { at: 6, worst: null },
      ]),
    ).toEqual([
      [],
      [],
      [],
      [
        [4, 9],
        [2, 7],
        [3, 8],
      ],
      [],
      [[6, 1]],
    ]);
  });

  it('has another element wait when all was seen again', () => {
    const runs = [
      { at: 5, worst: null, unseen: ignored },
      { at: 6, worst: 7 },
    ] as const;
    expect(published(3, runs, fires)).toEqual([[], [[6, standIn]]]);
  });

  it('whose missing data is breaching gets stand-ins before it fires, and nothing after', () => {
    const runs = [
      { at: 5, worst: null, unseen: breaching },
      { at: 6, worst: 7, unseen: breaching },
    ] as const;
    expect(published(3, runs)).toEqual([[[5, standIn]], [[6, standIn]]]);
    expect(published(3, runs, { breaching: 2, heldBack: [] })).toEqual([[[5, standIn]], [[6, standIn]]]);
    expect(published(3, runs, fires)).toEqual([[], []]);
  });
});

it('an alarm of one datapoint gets what there is', () => {
  expect(
    published(1, [
      { at: 1, worst: 7, fires: true },
      { at: 2, worst: null },
      { at: 3, worst: 7, fires: true },
    ]),
  ).toEqual([[[1, 7]], [[2, 1]], [[3, 7]]]);
});

it('CloudWatch gets its largest values for infinities', () => {
  expect([Infinity, -Infinity, 2 ** 361, -3].map(publishable)).toEqual([2 ** 360, -(2 ** 360), 2 ** 360, -3]);
});

it.each([
  ['above', 10, 10],
  ['below', 10, 10],
  ['atLeast', 10, 10 - 1e-8],
  ['atMost', 10, 10 + 1e-8],
  ['atLeast', 0, -1e-9],
  ['atMost', -1e12, -1e12 + 1e3],
] as const)('%s %d: the nearest value that does not breach is %d', (direction, threshold, nearest) => {
  expect(standInOf(direction, threshold)).toBe(nearest);
});

it('the worst value is the greatest above a threshold, the least below it, and never NaN', () => {
  const values = [3, NaN, 7, -1];
  const worst = (['above', 'atLeast', 'below', 'atMost'] as const).map((direction) =>
    values.reduce<number | null>((one, other) => worseOf(direction, one, other), null),
  );
  expect(worst).toEqual([7, 7, -1, -1]);
  expect(worseOf('above', null, NaN)).toBeNull();
});

describe('minutes without a point', () => {
  const gapsAt = (at: number, before: { at: number; gaps: Minutes[] } | undefined) => {
    const { gaps, newGaps } = gapsBefore(at * minute, 4, before);
    const shown = (some: readonly Minutes[]) => some.map(([first, last]) => [first / minute, last / minute]);
    return [shown(gaps), shown(newGaps)];
  };

  it('are none after a run each minute', () => {
    expect(gapsAt(10, { at: 9 * minute, gaps: [] })).toEqual([[], []]);
  });
  it('are those between two runs', () => {
    expect(gapsAt(10, { at: 7 * minute, gaps: [] })).toEqual([[[8, 9]], [[8, 9]]]);
  });
  it('are remembered as long as the alarm looks at them', () => {
    expect(gapsAt(10, { at: 9 * minute, gaps: [[6 * minute, 7 * minute]] })).toEqual([[[7, 7]], []]);
    expect(gapsAt(11, { at: 10 * minute, gaps: [[6 * minute, 7 * minute]] })).toEqual([[], []]);
  });
  it('are all that the alarm looks at, before the first run', () => {
    expect(gapsAt(10, undefined)).toEqual([[[7, 9]], [[7, 9]]]);
  });
});
