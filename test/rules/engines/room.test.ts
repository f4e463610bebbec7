import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/durations.ts';
import { emptyRules, type RuleMemory } from '../../../lambdas/rules/evaluation/memory.ts';
import {
  emptyRoom,
  mostRuleBytes,
  namesGivenUp,
  recallRules,
  withinRoom,
  type RoomyMemory,
} from '../../../lambdas/rules/engines/room.ts';
import { advance, emptySamples } from '../../../lambdas/rules/samples/samples.ts';
import { firstMinute } from '../../kit.ts';
import { noise } from '../noise.ts';

/** What a run keeps that read so many series of each name. */
function keptOf(counts: Readonly<Record<string, number>>): RuleMemory {
  const entries = Object.entries(counts);
  const fresh = entries.map(([name, count], seed) => {
    const next = noise(seed + 1);
    return [
      name,
      Array.from({ length: count }, (_each, i) => ({ labels: { consumer_name: `c${i}` }, value: next() })),
    ] as const;
  });
  const run = advance(emptySamples, {
    at: firstMinute,
    fresh: new Map(fresh),
    kept: new Map(entries.map(([name]) => [name, { allMs: minutes(5), untilMs: minutes(5) }])),
    recorded: [],
    edition: 2,
  });
  return { ...emptyRules, samples: run.memory() };
}

const names = ({ kept }: RoomyMemory) => kept.samples.series.map(({ name }) => name);
const bytes = (memory: RoomyMemory) => gzipSync(JSON.stringify(memory)).length;

/** Together they do not fit, the largest takes more than half of the room. */
const crowd = keptOf({ small: 5_000, large: 70_000, middle: 20_000 });

describe('the memory of rules', () => {
  it('stays as it is where it fits', () => {
    const kept = keptOf({ small: 100, large: 1_000 });
    expect(withinRoom(kept, emptyRoom, firstMinute)).toEqual({ kept, givenUp: {} });
  });

  it('gives up the name that takes most room, and no more than it must', () => {
    expect(bytes({ kept: crowd, givenUp: {} })).toBeGreaterThan(mostRuleBytes);
    const memory = withinRoom(crowd, emptyRoom, firstMinute);
    expect([memory.givenUp, names(memory)]).toEqual([{ large: firstMinute }, ['small', 'middle']]);
    expect(bytes(memory)).toBeLessThanOrEqual(mostRuleBytes);
  });

  it('gives up one name after the other until it fits', () => {
    const memory = withinRoom(keptOf({ a: 90_000, b: 80_000, c: 70_000 }), emptyRoom, firstMinute);
    expect([Object.keys(memory.givenUp).toSorted(), names(memory)]).toEqual([['a', 'b', 'c'], []]);
  });

  it('knows for an hour what it gave up', () => {
    const memory = withinRoom(crowd, emptyRoom, firstMinute);
    const after = (n: number) => [...namesGivenUp(memory, firstMinute + minutes(n))];
    expect([after(0), after(59), after(60)]).toEqual([['large'], ['large'], []]);
  });

  it('forgets after an hour what fits again, and not before', () => {
    const before = withinRoom(crowd, emptyRoom, firstMinute);
    const kept = keptOf({ small: 100, large: 1_000 });
    const later = (n: number) => withinRoom(kept, before, firstMinute + minutes(n)).givenUp;
    expect([later(59), later(60)]).toEqual([{ large: firstMinute }, {}]);
  });

  it('counts the hour from when it last did not fit', () => {
    const before = withinRoom(crowd, emptyRoom, firstMinute);
    const again = withinRoom(crowd, before, firstMinute + minutes(50));
    expect(again.givenUp).toEqual({ large: firstMinute + minutes(50) });
  });
});

describe('what was stored', () => {
  const stored = (memory: unknown): unknown => JSON.parse(JSON.stringify(memory));

  it('is recalled as it was', () => {
    const memory = { kept: keptOf({ small: 10 }), givenUp: { large: firstMinute } };
    expect(recallRules(stored(memory))).toEqual(memory);
  });

  it('is nothing before a first run', () => {
    expect(recallRules(null)).toEqual({ kept: emptyRules, givenUp: {} });
  });

  it.each([
    [undefined, 'memory of rules: expected kept and givenUp'],
    ['text', 'memory of rules: expected kept and givenUp'],
    [{ kept: emptyRules, givenUp: ['large'] }, 'memory of rules: expected kept and givenUp'],
    [{ kept: emptyRules, givenUp: { large: 'now' } }, 'memory of rules: expected kept and givenUp'],
    [{}, 'memory of rules: expected kept and givenUp'],
    [{ kept: { ...emptyRules, samples: null } }, 'sample memory: unexpected shape at ""'],
    [{ kept: { ...emptyRules, alerts: { sets: [] } } }, 'memory of alerts: '],
  ])('says what is wrong with it: %j', (memory, message) => {
    expect(() => recallRules(memory)).toThrow(message);
  });
});
