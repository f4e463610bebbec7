import { describe, expect, it } from 'vitest';
import { bytesAtMost, bytesUnder, median, ratio, table } from './report.ts';

it('a ratio is that of runs made in turns, so that a slow minute weighs on both', () => {
  expect(ratio('wall', [20, 60, 21], [10, 30, 10], 2)).toMatchObject({
    value: 2,
    measured: '2.00 times (21.0 ms to 10.0 ms)',
  });
});

describe('a target is met', () => {
  it.each([
    ['by a ratio at its limit', ratio('wall', [150], [100], 1.5).met, true],
    ['not by a ratio beyond it', ratio('wall', [151], [100], 1.5).met, false],
    ['not by a ratio that could not be measured', ratio('wall', [], [], 1.5).met, false],
    ['by as many bytes as allowed', bytesAtMost({ what: 'ring', value: 300e3 }, 300e3).met, true],
    ['not by one more', bytesAtMost({ what: 'ring', value: 300e3 + 1 }, 300e3).met, false],
    ['by fewer bytes than the limit', bytesUnder({ what: 'bundle', value: 1.6e6 - 1 }, 1.6e6).met, true],
    ['not by the limit itself', bytesUnder({ what: 'bundle', value: 1.6e6 }, 1.6e6).met, false],
  ])('%s', (_, met, expected) => expect(met).toBe(expected));
});

it('the table says what, measured, to reach, met or not', () => {
  const measured = [
    ratio('CPU time', [20.06], [9.96], 2),
    bytesUnder({ what: 'bundle', value: 1_006_103 }, 1.6e6),
  ];
  expect(table(measured)).toBe(
    [
      'what      measured                         to reach           met',
      'CPU time  2.01 times (20.1 ms to 10.0 ms)  at most 2.0 times  NO',
      'bundle    1.01 MB                          under 1.6 MB       yes',
    ].join('\n'),
  );
});

it.each([
  ['the middle one', [3, 1, 2], 2],
  ['the mean of the two in the middle', [4, 1, 3, 2], 2.5],
])('a median is %s', (_, values, expected) => expect(median(values)).toBe(expected));
