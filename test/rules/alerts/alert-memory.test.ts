import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeAlerts,
  emptyAlerts,
  encodeAlerts,
  readAlerts,
  type Alert,
  type RuleState,
} from '../../../lambdas/rules/alerts/alert-memory.ts';
import { emptyRules } from '../../../lambdas/rules/evaluation/memory.ts';
import { readRules } from '../../../lambdas/rules/evaluation/remembered.ts';
import { keyOf, type Labels } from '../../../lambdas/promql/index.ts';
import type { Tail } from '../../../lambdas/rules/alerts/points.ts';

const stateOf = (alerts: readonly Alert[], rest: Partial<RuleState> = {}): RuleState => ({
  at: 600_000,
  of: 'server above 5 3',
  gaps: [],
  tails: new Map<string, Tail>(),
  alerts: new Map(alerts.map((alert) => [keyOf(alert.labels), alert])),
  ...rest,
});

/** What memory gives back after it was JSON. */
const again = (states: ReadonlyMap<string, RuleState>, outlasting: ReadonlySet<string>) =>
  decodeAlerts(readAlerts(JSON.parse(JSON.stringify(encodeAlerts(states, outlasting)))));

const times = fc.integer({ min: 0, max: 10 }).map((minutes) => minutes * 60_000);
const labels: fc.Arbitrary<Labels> = fc.dictionary(
  fc.constantFrom('server_id', 'stream_name', 'consumer_name'),
  fc.string({ minLength: 1, maxLength: 3 }),
);
const alerts = fc.uniqueArray(
  fc.record({
    labels,
    value: fc.oneof(
      fc.double().map((value) => value + 0),
      fc.constantFrom(Infinity, -Infinity, NaN),
    ),
    activeAt: times,
    isFiring: fc.boolean(),
    leftAt: fc.option(times),
  }),
  { selector: (alert) => keyOf(alert.labels), maxLength: 12 },
);
const tails = fc.dictionary(
  fc.constantFrom('', 'x', 'y'),
  fc.record({
    breaching: fc.integer({ min: 1, max: 5 }),
    heldBack: fc.array(fc.record({ at: times, value: fc.integer() }), { maxLength: 2 }),
  }),
);
const states = fc.dictionary(
  fc.constantFrom('One', 'Two', 'Three'),
  fc
    .tuple(alerts, tails, fc.array(fc.tuple(times, times), { maxLength: 2 }))
    .map(([some, ends, gaps]) => stateOf(some, { tails: new Map(Object.entries(ends)), gaps })),
);

describe('what is kept of rules between runs', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(states, (given) => {
        const all = new Map(Object.entries(given));
        expect(sorted(again(all, new Set(all.keys())))).toEqual(sorted(all));
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('is little while nothing is wrong', () => {
    const quiet = new Map([['Rule', stateOf([])]]);
    expect(encodeAlerts(quiet, new Set())).toEqual({
      sets: [],
      rules: { Rule: { at: 600_000, of: 'server above 5 3' } },
    });
  });

  it('stays small while hundreds of rules fire for thousands of consumers since the same minutes', () => {
    const consumers = Array.from({ length: 2_000 }, (_each, index) => ({
      server_id: `server-${index % 3}`,
      instance: `10.0.0.${index % 3}:8222`,
      account: 'ORDERS',
      stream_name: `orders-${Math.floor(index / 10)}`,
      consumer_name: `worker-${index}`,
    }));
    const fires = (activeAt: number): RuleState =>
      stateOf(consumers.map((each) => ({ labels: each, value: 7, activeAt, isFiring: true, leftAt: null })));
    const hundred = new Map(
      Array.from({ length: 100 }, (_each, index) => [`Rule${index}`, fires(index * 60_000)]),
    );
    const one = gzipSync(JSON.stringify(encodeAlerts(new Map([['Rule0', fires(0)]]), new Set()))).length;
    const all = gzipSync(JSON.stringify(encodeAlerts(hundred, new Set()))).length;
    expect([one < 12_000, all - one < 3_000]).toEqual([true, true]);
  });
});

/** Rules and alerts by their names, as their order does not count. */
const sorted = (given: ReadonlyMap<string, RuleState>) =>
  Object.fromEntries(
    [...given].map(([rule, state]) => [
      rule,
      { ...state, alerts: Object.fromEntries(state.alerts), tails: Object.fromEntries(state.tails) },
    ]),
  );

describe('a memory that is none is an error that says where:', () => {
  const sets = [{ count: 1, labels: [{ name: 'a', values: ['x'], of: 'A' }] }];
  const entry = { activeAt: 0, isFiring: true, leftAt: null, count: 1, sets: 'A' };
  const rule = { at: 0, of: '' };
  it.each([
    ['rules that are a text', { sets: [], rules: 'none' }, 'rules'],
    ['a time that is a text', { sets, rules: { Rule: { ...rule, at: 'now' } } }, 'rules.Rule.at'],
    ['alerts that are a number', { sets, rules: { Rule: { ...rule, alerts: 3 } } }, 'rules.Rule.alerts'],
  ])('%s', (_what, stored, place) => {
    expect(() => readAlerts(stored)).toThrow(`at "${place}"`);
  });

  it.each([
    [
      'labels of which there are none',
      { sets, rules: { Rule: { ...rule, alerts: [{ ...entry, sets: 'C' }] } } },
    ],
    ['fewer alerts than it says', { sets, rules: { Rule: { ...rule, alerts: [{ ...entry, count: 2 }] } } }],
    ['a text that is no list', { sets, rules: { Rule: { ...rule, alerts: [{ ...entry, sets: '?' }] } } }],
  ])('%s', (_what, stored) => {
    expect(() => readAlerts(stored)).toThrow();
  });

  it('and a good one is what it was', () => {
    const stored = { sets, rules: { Rule: { ...rule, alerts: [entry] } } };
    expect(readAlerts(stored)).toEqual(stored);
    expect(readAlerts(emptyAlerts)).toEqual(emptyAlerts);
  });
});

it.each([null, 3, {}, { samples: emptyRules.samples }, { alerts: emptyRules.alerts }])(
  '%j is no memory of rules',
  (stored) => {
    expect(() => readRules(stored)).toThrow();
  },
);
