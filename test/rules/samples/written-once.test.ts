import fc from 'fast-check';
import { expect, it } from 'vitest';
import { minutes } from '../../../lambdas/durations.ts';
import { advance, emptySamples, type SampleMemory } from '../../../lambdas/rules/samples/samples.ts';

const kept = new Map([
  ['counter', { allMs: minutes(4), untilMs: minutes(4) }],
  ['gauge', { allMs: minutes(2), untilMs: minutes(5) }],
]);
const found = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double(), fc.constantFrom(NaN, Infinity, -0)),
);
const run = fc.record({ counter: found, gauge: found });

const after = (memory: SampleMemory, at: number, read: Readonly<Record<string, Record<string, number>>>) =>
  advance(memory, {
    at,
    fresh: new Map(
      Object.entries(read).map(([name, values]) => [
        name,
        Object.entries(values).map(([server_id, value]) => ({ labels: { server_id }, value })),
      ]),
    ),
    kept,
    recorded: [],
    edition: 3,
  }).memory();

it('what a process leaves minute after minute is what one leaves that reads all of it anew', () => {
  fc.assert(
    fc.property(fc.array(run, { maxLength: 12 }), (runs) => {
      let [own, others] = [emptySamples, emptySamples];
      runs.forEach((read, minute) => {
        own = after(own, minutes(minute), read);
        others = after(structuredClone(others), minutes(minute), read);
        expect(own).toEqual(others);
      });
    }),
    { seed: 5, numRuns: 300 },
  );
});
