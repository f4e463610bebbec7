import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  advance,
  emptySamples,
  estimate,
  type Kept,
  type SampleMemory,
} from '../../../lambdas/rules/samples/samples.ts';

const minute = 60_000;
const names = ['delivered', 'acknowledged', 'pending', 'age'];

/** Numbers that look random, the same in every run of the test. */
function numbers(): () => number {
  let state = 7;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What 500 consumers take whose values all change from minute to minute, once memory holds all that it keeps. */
function taken(kept: Kept): number {
  const random = numbers();
  const word = () => Array.from({ length: 20 }, () => String.fromCharCode(97 + 26 * random())).join('');
  const consumers = Array.from({ length: 500 }, (_each, i) => ({
    labels: { server_id: 'n1', stream_name: `S${i % 50}`, consumer_name: word(), is_consumer_leader: 'true' },
    counts: [random() * 1e9, random() * 1e9].map(Math.floor),
  }));
  let memory: SampleMemory = emptySamples;
  for (let at = 0; at <= kept.allMs + minute; at += minute) {
    for (const { counts } of consumers)
      counts.forEach((count, i) => (counts[i] = count + Math.floor(random() * 2 ** 15)));
    const values = (name: string, counts: readonly number[]) =>
      name === 'pending'
        ? Math.floor(random() * 1e5)
        : name === 'age'
          ? Math.floor(random() * minute) / 1_000
          : (counts[names.indexOf(name)] ?? 0);
    const fresh = new Map(
      names.map((name) => [
        name,
        consumers.map(({ labels, counts }) => ({ labels, value: values(name, counts) })),
      ]),
    );
    const all = new Map(names.map((name) => [name, kept]));
    memory = advance(memory, { at, fresh, kept: all, recorded: [], edition: 2 }).memory();
  }
  return gzipSync(JSON.stringify(memory)).byteLength;
}

describe('what samples are said to take', () => {
  it.each<[string, Kept]>([
    ['the newest', { allMs: 0, untilMs: 5 * minute }],
    ['five minutes', { allMs: 5 * minute, untilMs: 5 * minute }],
    ['an hour', { allMs: 60 * minute, untilMs: 60 * minute }],
  ])('is not less than values that all change take, and less than half as much again: %s', (_what, kept) => {
    const said = estimate(names.map(() => ({ series: 500, kept, family: 'consumers', isFraction: false })));
    const ratio = said / taken(kept);
    expect([ratio >= 1, ratio < 1.5, ratio]).toEqual([true, true, ratio]);
  });

  it('is without end where a time is named', () => {
    const kept = { allMs: Infinity, untilMs: Infinity };
    expect(estimate([{ series: 1, kept, family: 'servers', isFraction: false }])).toBe(Infinity);
  });

  it('counts the labels of a family once', () => {
    const kept = { allMs: 0, untilMs: 0 };
    const of = (family: string) => ({ series: 1_000, kept, family, isFraction: false });
    expect(estimate([of('a'), of('b')]) - estimate([of('a'), of('a')])).toBe(20_800);
  });
});
