import type { Binary, Matching } from '../ast.ts';
import { keyOf, keysBy, metricName, namelessKey, only, without, withoutName } from '../labels.ts';
import type { Labels } from '../labels.ts';
import { isSet } from '../syntax/matching.ts';
import { operators } from './operators.ts';
import { EvaluationError, distinct, oneName, written } from './values.ts';
import type { Value, VectorSample } from './values.ts';

/** A binary operator over its evaluated operands. */
export function combine(node: Binary, left: Value, right: Value): Value {
  if (left.type === 'string' || right.type === 'string') throw new EvaluationError('an operand is a string');
  if (left.type === 'vector' && right.type === 'vector') {
    const samples = isSet(node.operator)
      ? combineSets(node, left.samples, right.samples)
      : combineVectors(node, left.samples, right.samples);
    return { type: 'vector', samples };
  }
  if (left.type === 'scalar' && right.type === 'scalar') {
    return { type: 'scalar', value: Number(operatorOf(node)(left.value, right.value)) };
  }
  if (left.type === 'vector' && right.type === 'scalar') {
    const samples = withNumber(node, left.samples, (operate, value) => operate(value, right.value));
    return { type: 'vector', samples };
  }
  if (left.type === 'scalar' && right.type === 'vector') {
    const samples = withNumber(node, right.samples, (operate, value) => operate(left.value, value));
    return { type: 'vector', samples };
  }
  throw new EvaluationError('the operands do not go together');
}

type Operate = (left: number, right: number) => number | boolean;

const operatorOf = ({ operator }: Binary): Operate =>
  operator === 'and' || operator === 'or' || operator === 'unless' ? () => NaN : operators[operator];

/** A comparison without `bool` keeps the vector's own value and name, on whichever side it stands. */
function withNumber(
  node: Binary,
  samples: readonly VectorSample[],
  sides: (operate: Operate, value: number) => number | boolean,
): readonly VectorSample[] {
  const operate = operatorOf(node);
  const made: VectorSample[] = [];
  let filters = false;
  for (const sample of samples) {
    const found = sides(operate, sample.value);
    filters = typeof found === 'boolean' && !node.bool;
    if (!filters) made.push({ labels: withoutName(sample.labels), value: Number(found) });
    else if (found === true) made.push(sample);
  }
  return filters || oneName(samples) ? made : distinct(made);
}

function combineSets(
  node: Binary,
  left: readonly VectorSample[],
  right: readonly VectorSample[],
): readonly VectorSample[] {
  const { matching, operator } = node;
  const matchOf = matchKeys(matching);
  const matchesOf = (samples: readonly VectorSample[]): ReadonlySet<string> =>
    new Set(samples.map(({ labels }) => matchOf(labels)));
  if (operator === 'or') {
    const present = matchesOf(left);
    return distinct([...left, ...right.filter(({ labels }) => !present.has(matchOf(labels)))]);
  }
  const present = matchesOf(right);
  return left.filter(({ labels }) => present.has(matchOf(labels)) === (operator === 'and'));
}

/** `VectorBinop` of promql/engine.go: each sample of the many side with its partner of the one side. */
function combineVectors(
  node: Binary,
  left: readonly VectorSample[],
  right: readonly VectorSample[],
): readonly VectorSample[] {
  if (left.length === 0 || right.length === 0) return [];
  const { matching, operator, bool } = node;
  const swapped = matching.many === 'right';
  const [many, one] = swapped ? [right, left] : [left, right];
  const matchOf = matchKeys(matching);
  const partners = new Map<string, VectorSample>();
  for (const sample of one) {
    const match = matchOf(sample.labels);
    const twin = partners.get(match);
    if (twin !== undefined) {
      throw new EvaluationError(
        `many-to-many: on the ${swapped ? 'left' : 'right'} of ${operator}, ${written(twin.labels)} and ` +
          `${written(sample.labels)} match the same series`,
      );
    }
    partners.set(match, sample);
  }
  const operate = operatorOf(node);
  // Results of one to many differ as the many do, unless they lose names that told them apart, or take on labels.
  const mayBeAlike = matching.many === 'neither' || matching.include.length > 0 || !oneName(many);
  const made: VectorSample[] = [];
  const seen = new Set<string>();
  for (const sample of many) {
    const match = matchOf(sample.labels);
    const partner = partners.get(match);
    if (partner === undefined) continue;
    const found = swapped ? operate(partner.value, sample.value) : operate(sample.value, partner.value);
    const filters = typeof found === 'boolean' && !bool;
    if (filters && !found) continue;
    const labels = resultLabels(sample.labels, partner.labels, matching, filters);
    if (mayBeAlike) {
      const result = matching.many === 'neither' ? match : keyOf(labels);
      if (seen.has(result)) throw alike(node, labels, partner.labels);
      seen.add(result);
    }
    const value = swapped ? partner.value : sample.value;
    made.push({ labels, value: filters ? value : Number(found) });
  }
  // One to one, results differ by what they were matched by, unless that was the name, which they lose.
  const loseName = matching.many === 'neither' && matching.on && matching.labels.includes(metricName);
  return loseName ? distinct(made) : made;
}

const alike = ({ matching, operator }: Binary, labels: Labels, one: Labels): EvaluationError =>
  new EvaluationError(
    matching.many === 'neither'
      ? `many-to-one: several series on the left of ${operator} match ${written(one)}; ` +
          'group_left or group_right must say so'
      : `${operator}: two matches have the same labels ${written(labels)}`,
  );

/** What two samples must share to go together. */
function matchKeys({ on, labels: listed }: Matching): (labels: Labels) => string {
  if (on) return keysBy(listed);
  if (listed.length === 0) return namelessKey;
  const dropped = [...listed, metricName];
  return (labels) => keyOf(without(labels, dropped));
}

function resultLabels(
  many: Labels,
  one: Labels,
  { on, labels, many: side, include }: Matching,
  named: boolean,
): Labels {
  const kept = named ? many : withoutName(many);
  if (side === 'neither') return on ? only(kept, labels) : labels.length === 0 ? kept : without(kept, labels);
  if (include.length === 0) return kept;
  return { ...without(kept, include), ...only(one, include) };
}
