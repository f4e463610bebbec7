import * as z from 'zod/mini';
import { fitsGzipped } from '../../adapters/memory/codec.ts';
import { hours } from '../../durations.ts';
import { emptyRules, type RuleMemory } from '../evaluation/memory.ts';
import { readRules } from '../evaluation/remembered.ts';
import { dropLargest } from '../samples/samples.ts';
import type { SampledServers } from '../who-answered.ts';

/** Of the 300 KB that a check may keep; the rest is for findings. */
export const mostRuleBytes = 280_000;
/** After that a name is read again: streams and consumers may have become fewer. */
const givenUpFor = hours(1);

/** What rules keep, and the names whose samples took too much room, with the time they were given up, epoch ms. */
export type RoomyMemory = {
  readonly kept: RuleMemory;
  readonly givenUp: Readonly<Record<string, number>>;
  /** Whose samples are kept; absent in older memories. */
  readonly sampled?: SampledServers;
};

export const emptyRoom: RoomyMemory = { kept: emptyRules, givenUp: {} };

const schema = z.object({
  kept: z.unknown(),
  givenUp: z.optional(z.record(z.string(), z.number())),
  sampled: z.optional(z.record(z.string(), z.string())),
});

/**
 * @param stored null on a first run
 * @throws Error that says what is wrong with what was stored
 */
export function recallRules(stored: unknown): RoomyMemory {
  if (stored === null) return emptyRoom;
  const { success, data } = z.safeParse(schema, stored);
  if (!success) throw new Error('memory of rules: expected kept and givenUp');
  return {
    kept: readRules(data.kept),
    givenUp: data.givenUp ?? {},
    ...(data.sampled === undefined ? {} : { sampled: data.sampled }),
  };
}

/** Names that are given up still. */
export const namesGivenUp = ({ givenUp }: RoomyMemory, at: number): ReadonlySet<string> =>
  new Set(Object.keys(givenUp).filter((name) => at - (givenUp[name] ?? 0) < givenUpFor));

/**
 * The memory as it fits: what takes most room is given up first, as a rule with holes in its samples would say anything.
 * Samples of a name that is given up are kept on as far as they fit: not before they have fitted for an hour do rules
 * read them again.
 */
export function withinRoom(kept: RuleMemory, before: RoomyMemory, at: number): RoomyMemory {
  const still = Object.fromEntries(
    Object.entries(before.givenUp).filter(([name]) => namesGivenUp(before, at).has(name)),
  );
  let memory: RoomyMemory = { kept, givenUp: still };
  while (!fitsGzipped(JSON.stringify(memory), mostRuleBytes)) {
    const { memory: samples, dropped } = dropLargest(memory.kept.samples);
    if (dropped.length === 0) break;
    const now = Object.fromEntries(dropped.map((name) => [name, at]));
    memory = { ...memory, kept: { ...memory.kept, samples }, givenUp: { ...memory.givenUp, ...now } };
  }
  return memory;
}
