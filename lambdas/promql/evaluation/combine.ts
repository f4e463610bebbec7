import type { Binary } from '../ast.ts';
import { keyOf, only, without } from '../labels.ts';
import type { Labels } from '../labels.ts';
import { isComparison, isSet } from '../syntax/matching.ts';
import { counterparts, frameOf, framesWithout, groupsBy } from './frame.ts';
import type { Groups } from './frame.ts';
import { operators } from './operators.ts';
import { EvaluationError, written } from './values.ts';
import { distinct, elementsAt, nameless, samplesOf, vectorOf } from './vector.ts';
import type { Value, Vector } from './vector.ts';

/** A binary operator over its evaluated operands. */
export function combine(node: Binary, left: Value, right: Value): Value {
  if (left.type === 'string' || right.type === 'string') throw new EvaluationError('an operand is a string');
  if (left.type === 'vector' && right.type === 'vector')
    return isSet(node.operator) ? combineSets(node, left, right) : combineVectors(node, left, right);
  if (left.type === 'vector' && right.type === 'scalar')
    return withNumber(node, left, left.values, right.value);
  if (left.type === 'scalar' && right.type === 'vector')
    return withNumber(node, right, left.value, right.values);
  if (left.type === 'scalar' && right.type === 'scalar')
    return { type: 'scalar', value: Number(operatorOf(node)(left.value, right.value)) };
  throw new EvaluationError('the operands do not go together');
}

type Operate = (left: number, right: number) => number | boolean;

const ofSets: Operate = () => NaN;

const operatorOf = ({ operator }: Binary): Operate =>
  operator === 'and' || operator === 'or' || operator === 'unless' ? ofSets : operators[operator];

/** Whether only what holds is left of the vector, with its own value and name, on whichever side it stands. */
const isFilter = ({ operator, bool }: Binary): boolean => isComparison(operator) && !bool;

type Side = number | readonly number[];

/** The vector's values stand on one side, on the other a number. */
function withNumber(node: Binary, vector: Vector, left: Side, right: Side): Vector {
  const operate = operatorOf(node);
  const count = vector.values.length;
  if (isFilter(node)) {
    const passing: number[] = [];
    for (let index = 0; index < count; index += 1)
      if (operate(sideAt(left, index), sideAt(right, index)) === true) passing.push(index);
    return elementsAt(vector, passing);
  }
  const values: number[] = [];
  for (let index = 0; index < count; index += 1)
    values.push(Number(operate(sideAt(left, index), sideAt(right, index))));
  return nameless(vector, values);
}

const sideAt = (side: Side, index: number): number =>
  typeof side === 'number' ? side : (side[index] ?? NaN);

/** Both sides' places by what they are matched by, as groups of the right. */
function matched({ matching: { on, labels } }: Binary, left: Vector, right: Vector) {
  const [own, others] = [groupsBy(left.frame, on, labels), groupsBy(right.frame, on, labels)];
  return { own, others, ofLeft: counterparts(own, others), ofRight: others.of };
}

function combineSets(node: Binary, left: Vector, right: Vector): Vector {
  const { others, ofLeft, ofRight } = matched(node, left, right);
  const isPresent = new Uint8Array(others.keys.size);
  if (node.operator === 'or') {
    for (const place of left.places) isPresent[ofLeft[place] ?? -1] = 1;
    const added = indexesWhere(right, ofRight, isPresent, false);
    return distinct(vectorOf([...samplesOf(left), ...samplesOf(elementsAt(right, added))]));
  }
  for (const place of right.places) isPresent[ofRight[place] ?? -1] = 1;
  return elementsAt(left, indexesWhere(left, ofLeft, isPresent, node.operator === 'and'));
}

/** Where what the place is matched by is present, or where it is not. */
function indexesWhere(
  { places }: Vector,
  groups: readonly number[],
  isPresent: Uint8Array,
  wanted: boolean,
): readonly number[] {
  const indexes: number[] = [];
  for (let index = 0; index < places.length; index += 1) {
    const group = groups[places[index] ?? 0] ?? -1;
    if ((isPresent[group] === 1) === wanted) indexes.push(index);
  }
  return indexes;
}

/** `VectorBinop` of promql/engine.go: each sample of the many side with its partner of the one side. */
function combineVectors(node: Binary, left: Vector, right: Vector): Vector {
  if (left.places.length === 0 || right.places.length === 0) return elementsAt(left, []);
  const swapped = node.matching.many === 'right';
  const [many, one] = swapped ? [right, left] : [left, right];
  const { own, others, ofLeft: ofMany, ofRight: ofOne } = matched(node, many, one);
  const partners = new Int32Array(others.keys.size).fill(-1);
  for (let index = 0; index < one.places.length; index += 1) {
    const group = ofOne[one.places[index] ?? 0] ?? -1;
    const twin = partners[group] ?? -1;
    if (twin >= 0) {
      const labels = [twin, index].map((each) => written(one.frame.labelsAt(one.places[each] ?? 0)));
      throw new EvaluationError(
        `many-to-many: on the ${swapped ? 'left' : 'right'} of ${node.operator}, ${labels.join(' and ')} match the same series`,
      );
    }
    partners[group] = index;
  }
  const operate = operatorOf(node);
  const filters = isFilter(node);
  const pairs: Pairs = { of: [], with: [], values: [] };
  for (let index = 0; index < many.places.length; index += 1) {
    const partner = partners[ofMany[many.places[index] ?? 0] ?? -1] ?? -1;
    if (partner < 0) continue;
    const [value, other] = [many.values[index] ?? NaN, one.values[partner] ?? NaN];
    const found = swapped ? operate(other, value) : operate(value, other);
    if (filters && found !== true) continue;
    pairs.of.push(index);
    pairs.with.push(partner);
    pairs.values.push(filters ? (swapped ? other : value) : Number(found));
  }
  return labelled(node, many, one, pairs, own);
}

/** Results, and the indexes of what they are of on both sides. */
type Pairs = { readonly of: number[]; readonly with: number[]; readonly values: number[] };

function labelled(node: Binary, many: Vector, one: Vector, pairs: Pairs, groups: Groups): Vector {
  const { on, labels, many: side } = node.matching;
  const places = pairs.of.map((index) => many.places[index] ?? 0);
  const { values } = pairs;
  if (side !== 'neither') return labelledAsMany(node, many, one, { ...pairs, places });
  const partnerOf = (index: number) => one.frame.labelsAt(one.places[pairs.with[index] ?? 0] ?? 0);
  const matches = places.map((place) => groups.of[place] ?? 0);
  const isTaken = new Uint8Array(groups.keys.size);
  matches.forEach((match, index) => {
    if (isTaken[match] === 1)
      throw new EvaluationError(
        `many-to-one: several series on the left of ${node.operator} match ${written(partnerOf(index))}; ` +
          'group_left or group_right must say so',
      );
    isTaken[match] = 1;
  });
  if (isFilter(node) && !on) {
    const frame = labels.length === 0 ? many.frame : framesWithout(many.frame, labels);
    return { type: 'vector', frame, places, values };
  }
  const made: Vector = { type: 'vector', frame: groups.frame, places: matches, values };
  return isFilter(node) ? made : nameless(made, values);
}

/** Results differ as the many do, unless they lose names that told them apart, or take on labels. */
function labelledAsMany(
  node: Binary,
  many: Vector,
  one: Vector,
  { places, with: partners, values }: Pairs & { readonly places: readonly number[] },
): Vector {
  const { include } = node.matching;
  const frame = isFilter(node) ? many.frame : many.frame.nameless;
  if (include.length === 0) {
    const made: Vector = { type: 'vector', frame, places, values };
    return many.frame.hasOneName ? made : unlike(node, made);
  }
  const including = (place: number, index: number): Labels => {
    const partner = one.frame.labelsAt(one.places[partners[index] ?? 0] ?? 0);
    return { ...without(frame.labelsAt(place), include), ...only(partner, include) };
  };
  return unlike(node, {
    type: 'vector',
    frame: frameOf(places.map(including)),
    places: [...places.keys()],
    values,
  });
}

function unlike({ operator }: Binary, vector: Vector): Vector {
  const seen = new Set<string>();
  for (const place of vector.places) {
    const labels = vector.frame.labelsAt(place);
    if (seen.has(keyOf(labels)))
      throw new EvaluationError(`${operator}: two matches have the same labels ${written(labels)}`);
    seen.add(keyOf(labels));
  }
  return vector;
}
