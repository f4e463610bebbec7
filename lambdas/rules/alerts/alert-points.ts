import { crosses, type Direction } from '../../limits.ts';
import type { Frame, Labels, Vector } from '../../promql/index.ts';
import { isOfAbsence } from '../absence.ts';
import type { RuleState } from './alert-memory.ts';
import type { CompiledAlert } from '../compile.ts';
import type { Entity } from './evaluate-alert.ts';
import { gapsBefore, pointsOf, standInOf, worseOf, type Found, type Point, type Tail } from './points.ts';

/** The target that labels are of, by `server_id`; null for none. */
export type TargetOf = (labels: Labels) => string | null;
/** The same of a frame's places. */
export type TargetsIn = (frame: Frame) => readonly (string | null)[];

export type Evaluated = {
  readonly at: number;
  readonly entities: readonly Entity[];
  /** What the alarm compares, whether it breaches or not. */
  readonly compared: Vector;
  /** Targets of which a part was not seen. */
  readonly unseen: ReadonlySet<string>;
  /** Targets, or '' for the cluster, of which not all is known that the rule reads: that nothing holds says nothing. */
  readonly unclear: ReadonlySet<string>;
};

/** What is published of one target, or of the cluster, and of which alerts. */
export type Published = {
  readonly target: string | null;
  readonly points: readonly Point[];
  readonly entities: readonly Entity[];
};

/** How memory names the cluster beside targets. */
export const ofCluster = '';

/**
 * What a rule's evaluation publishes for each of its targets, or for the cluster, and `stray`: an alert of no server that
 * the rule has an alarm for, if there is one; `undecided` are those of which it is not known whether it holds.
 * @param before undefined if it is the first
 */
export function publishedOf(
  alert: CompiledAlert,
  { at, entities, compared, unseen, unclear }: Evaluated,
  before: RuleState | undefined,
  { targetOf, targetsIn }: { readonly targetOf: TargetOf; readonly targetsIn: TargetsIn },
): {
  readonly published: readonly Published[];
  readonly stray: Entity | undefined;
  readonly undecided: readonly (string | null)[];
} & Pick<RuleState, 'of' | 'gaps' | 'tails'> {
  const { scope, targets, datapoints } = alert;
  const places = scope === 'server' ? targets : [ofCluster];
  const isPlace = new Set(places);
  const placeOf = scope === 'server' ? (labels: Labels) => targetOf(labels) ?? ofCluster : () => ofCluster;
  const groups = Map.groupBy(entities, ({ labels }) => placeOf(labels));
  const stray = [...groups].find(([place]) => !isPlace.has(place))?.[1][0];

  const of = alarmOf(alert);
  const known = before?.of === of ? before : undefined;
  const { gaps, newGaps } = gapsBefore(at, datapoints, known);
  const limits = limitsOf(alert);
  const ofPlace = (frame: Frame) => (scope === 'server' ? targetsIn(frame) : []);
  const isQuiet = places.some((place) => !groups.has(place));
  const quiet = isQuiet ? quietValues(limits, compared, ofPlace(compared.frame)) : new Map<string, number>();
  const isUndecided = (place: string) => unclear.has(place) && !groups.has(place);
  const isUnseen = (place: string) =>
    isUndecided(place) ||
    (place === ofCluster ? targets.some((target) => unseen.has(target)) : unseen.has(place));
  const missingBreaches = unseen.size + unclear.size > 0 && isOfAbsence(alert.ast);
  const tails = new Map<string, Tail>();
  const published = places.map((place): Published => {
    const some = worstFirst(groups.get(place) ?? [], limits.direction);
    const isFiring = some.some(({ state }) => state === 'firing');
    const found: Found = {
      at,
      worst: worstOf(alert, some, isFiring),
      quiet: quiet.get(place) ?? limits.standIn,
      standIn: limits.standIn,
      isFiring,
      isUnseen: isUnseen(place),
      missingBreaches,
      gaps,
      newGaps,
    };
    const { points, tail } = pointsOf(datapoints, tailOf(known, place), found);
    tails.set(place, tail);
    return { target: targetAt(place), points, entities: some };
  });
  const undecided = places.filter(isUndecided).map(targetAt);
  return { published, stray, undecided, of, gaps: undecided.length > 0 ? [...gaps, [at, at]] : gaps, tails };
}

const targetAt = (place: string): string | null => (place === ofCluster ? null : place);

const quietTail: Tail = { breaching: 0, heldBack: [] };

/** A target without a tail has no point that breaches; without any memory, who knows. */
const tailOf = (known: RuleState | undefined, place: string): Tail | undefined =>
  known === undefined ? undefined : (known.tails.get(place) ?? quietTail);

/** Which alarm the points are for: another threshold makes other points breach. */
const alarmOf = ({ shape, scope, datapoints }: CompiledAlert): string => {
  const compared = shape.kind === 'boolean' ? '' : ` ${shape.direction} ${shape.threshold}`;
  return `${scope}${compared} ${datapoints}`;
};

type LimitsOf = {
  readonly direction: Direction;
  readonly threshold: number;
  readonly standIn: number;
};

function limitsOf({ shape }: CompiledAlert): LimitsOf {
  if (shape.kind === 'boolean') return { direction: 'atLeast', threshold: 1, standIn: 0 };
  const { direction, threshold } = shape;
  return { direction, threshold, standIn: standInOf(direction, threshold) };
}

/** The value to publish of these alerts; null if they are none. */
function worstOf(
  { rule, shape }: CompiledAlert,
  entities: readonly Entity[],
  isFiring: boolean,
): number | null {
  if (shape.kind !== 'boolean') {
    return entities.reduce<number | null>((worst, { value }) => worseOf(shape.direction, worst, value), null);
  }
  // Alone an alert that fires goes on after its element has left: there is nothing else to hold for N minutes.
  const isShown = rule.keepFiringForMs > 0 ? isFiring : entities.length > 0;
  return isShown ? 1 : null;
}

/** Of what is compared, the value of each place that is nearest to breach and does not. */
function quietValues(
  { direction, threshold }: LimitsOf,
  compared: Vector,
  targets: readonly (string | null)[],
): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  const breaches = crosses[direction];
  for (let index = 0; index < compared.values.length; index += 1) {
    const value = compared.values[index] ?? NaN;
    if (breaches(value, threshold)) continue;
    const place = targets[compared.places[index] ?? 0] ?? ofCluster;
    const worst = worseOf(direction, values.get(place) ?? null, value);
    if (worst !== null) values.set(place, worst);
  }
  return values;
}

const worstFirst = (entities: readonly Entity[], direction: Direction): readonly Entity[] =>
  entities.toSorted(direction === 'above' || direction === 'atLeast' ? highestFirst : lowestFirst);

const waits = ({ state }: Entity): number => (state === 'firing' ? 0 : 1);
const lowestFirst = (a: Entity, b: Entity): number => waits(a) - waits(b) || a.value - b.value || 0;
const highestFirst = (a: Entity, b: Entity): number => waits(a) - waits(b) || b.value - a.value || 0;
