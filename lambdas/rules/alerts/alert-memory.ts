import * as z from 'zod/mini';
import { keyOf, type Labels } from '../../promql/index.ts';
import type { AlertState } from './alert-state.ts';
import type { Minutes, Tail } from './points.ts';
import { placer, type Place } from '../samples/places.ts';
import { decodeSets, encodeSets, labelsAt, storedSets, type LabelSets } from '../samples/sets.ts';
import { readNumbers, writeNumbers } from '../samples/tokens.ts';

/** An alert between runs. */
export type Alert = AlertState & {
  /** What tells it from the rule's others: its labels without those that are the same for all. */
  readonly labels: Labels;
  /** The element's name, if it has one. */
  readonly name?: string | undefined;
  /** When it was last in the result. */
  readonly value: number;
};

/** What a rule's evaluations leave to the next. */
export type RuleState = {
  /** The last run that could evaluate the rule, in epoch milliseconds. */
  readonly at: number;
  /** By `keyOf` their labels. */
  readonly alerts: ReadonlyMap<string, Alert>;
  /** The alarm that the tails are about. */
  readonly of: string;
  readonly gaps: readonly Minutes[];
  /** By `server_id`, or '' for the cluster; where none is, no point breaches. */
  readonly tails: ReadonlyMap<string, Tail>;
};

const time = z.number();
const schema = z.object({
  /** The alerts' labels, each set once for all rules. */
  sets: z.array(storedSets),
  /** By rule id. */
  rules: z.record(
    z.string(),
    z.object({
      at: time,
      of: z.string(),
      gaps: z.optional(z.array(z.tuple([time, time]))),
      tails: z.optional(
        z.record(z.string(), z.tuple([z.number(), z.optional(z.array(z.tuple([time, z.number()])))])),
      ),
      /** Alerts that came together: how many, and which of all sets are theirs (`writeNumbers`). */
      alerts: z.optional(
        z.array(
          z.object({
            activeAt: time,
            isFiring: z.boolean(),
            leftAt: z.nullable(time),
            count: z.number(),
            sets: z.string(),
            /** As texts, since JSON has no infinities; only where the rule may go on without them. */
            values: z.optional(z.array(z.string())),
            /** Of elements, '' for one that has none; likewise. */
            names: z.optional(z.array(z.string())),
          }),
        ),
      ),
    }),
  ),
});

/** What is kept of rules between runs, beside samples, as JSON data: little where nothing is wrong. */
export type AlertMemory = z.infer<typeof schema>;
type StoredRule = AlertMemory['rules'][string];
type StoredAlerts = NonNullable<StoredRule['alerts']>[number];

export const emptyAlerts: AlertMemory = { sets: [], rules: {} };

const decoded = new WeakMap<AlertMemory, ReadonlyMap<string, RuleState>>();

/**
 * Checks what was stored, and gives it.
 * @throws Error that says what is wrong if it is no memory of alerts
 */
export function readAlerts(stored: unknown): AlertMemory {
  const parsed = z.safeParse(schema, stored);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`memory of alerts: ${issue?.message ?? ''} at "${issue?.path.join('.') ?? ''}"`);
  }
  decodeAlerts(parsed.data);
  return parsed.data;
}

/** The states of a memory; made once, so not to be changed. @throws Error that says which text is wrong */
export function decodeAlerts(memory: AlertMemory): ReadonlyMap<string, RuleState> {
  const known = decoded.get(memory);
  if (known !== undefined) return known;
  const { sets, rules } = memory;
  const all = sets.map(decodeSets).flatMap((each) => labelsOf(each));
  const states = new Map(Object.entries(rules).map(([id, rule]) => [id, decodeRule(rule, all)]));
  decoded.set(memory, states);
  return states;
}

const labelsOf = (sets: LabelSets): readonly Labels[] =>
  Array.from({ length: sets.count }, (_each, index) => labelsAt(sets, index));

function decodeRule(
  { at, of, gaps = [], tails = {}, alerts = [] }: StoredRule,
  all: readonly Labels[],
): RuleState {
  const known = new Map<string, Alert>();
  for (const { activeAt, isFiring, leftAt, count, sets, values, names } of alerts) {
    readNumbers(sets, count, all.length).forEach((set, index) => {
      const labels = all[set] ?? {};
      const [value, name] = [Number(values?.[index] ?? NaN), names?.[index] || undefined];
      known.set(keyOf(labels), { activeAt, isFiring, leftAt, labels, name, value });
    });
  }
  return {
    at,
    of,
    gaps,
    alerts: known,
    tails: new Map(
      Object.entries(tails).map(([target, [breaching, heldBack = []]]) => [
        target,
        { breaching, heldBack: heldBack.map(([minute, value]) => ({ at: minute, value })) },
      ]),
    ),
  };
}

/** @param outlasting ids of rules whose alerts may outlast their elements */
export function encodeAlerts(
  states: ReadonlyMap<string, RuleState>,
  outlasting: ReadonlySet<string>,
): AlertMemory {
  const placed = placesIn(states);
  const sets = [...new Set([...placed.values()].flat().map((each) => each.sets))];
  const offsets = new Map<LabelSets, number>();
  let count = 0;
  for (const each of sets) {
    offsets.set(each, count);
    count += each.count;
  }
  const indexOf = ({ sets: of, index }: Place): number => (offsets.get(of) ?? 0) + index;
  const rules = [...states].map(([id, state]): [string, StoredRule] => {
    const { at, of, gaps, tails, alerts } = state;
    const stored = together([...alerts.values()], (placed.get(id) ?? []).map(indexOf), outlasting.has(id));
    const nonEmpty = [...tails].filter(([, { breaching, heldBack }]) => breaching > 0 || heldBack.length > 0);
    return [
      id,
      {
        at,
        of,
        ...(gaps.length === 0 ? {} : { gaps: gaps.map(([first, last]): [number, number] => [first, last]) }),
        ...(nonEmpty.length === 0 ? {} : { tails: Object.fromEntries(nonEmpty.map(encodeTail)) }),
        ...(stored.length === 0 ? {} : { alerts: stored }),
      },
    ];
  });
  const memory = {
    sets: sets.map((each) => encodeSets(each, [...Array(each.count).keys()])),
    rules: Object.fromEntries(rules),
  };
  decoded.set(memory, states);
  return memory;
}

/** By rule the places of its alerts' labels. Rules are mostly about the same things: each is looked for once. */
function placesIn(states: ReadonlyMap<string, RuleState>): ReadonlyMap<string, readonly Place[]> {
  const placeOf = placer([]);
  const known = new Map<string, Place>();
  const placed = new Map<string, readonly Place[]>();
  for (const [id, { alerts }] of states) {
    const places: Place[] = [];
    for (const [key, { labels }] of alerts) {
      const place = known.get(key) ?? placeOf(labels);
      known.set(key, place);
      places.push(place);
    }
    placed.set(id, places);
  }
  return placed;
}

type StoredTail = NonNullable<StoredRule['tails']>[string];

const encodeTail = ([target, { breaching, heldBack }]: [string, Tail]): [string, StoredTail] => [
  target,
  heldBack.length === 0 ? [breaching] : [breaching, heldBack.map(({ at, value }) => [at, value])],
];

/** Alerts that have their times in common, in one entry. */
function together(
  alerts: readonly Alert[],
  indexes: readonly number[],
  isOutlasting: boolean,
): StoredAlerts[] {
  const groups = Map.groupBy(alerts.keys(), (at) => timesOf(alerts[at]));
  return [...groups.values()].flatMap((group): StoredAlerts[] => {
    const byIndex = new Map(group.map((at) => [indexes[at] ?? 0, alerts[at]]));
    const sorted = [...Uint32Array.from(byIndex.keys()).sort()];
    const [first] = byIndex.values();
    if (first === undefined) return [];
    const { activeAt, isFiring, leftAt } = first;
    return [
      {
        activeAt,
        isFiring,
        leftAt,
        count: sorted.length,
        sets: writeNumbers(sorted),
        ...(isOutlasting
          ? {
              values: sorted.map((index) => String(byIndex.get(index)?.value)),
              names: sorted.map((index) => byIndex.get(index)?.name ?? ''),
            }
          : {}),
      },
    ];
  });
}

/** Equal for alerts that have their times in common; a number where it can be, as most are asked for one. */
function timesOf(alert: Alert | undefined): number | string {
  if (alert === undefined) return '';
  const { activeAt, isFiring, leftAt } = alert;
  return leftAt === null ? 2 * activeAt + Number(isFiring) : `${activeAt} ${isFiring} ${leftAt}`;
}
