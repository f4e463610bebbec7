import type { Binary, Matching } from './ast.ts';
import { keyOf, metricName, namelessKey, only, valuesKey, without, withoutName } from './labels.ts';
import type { Labels } from './labels.ts';
import { isSet } from './matching.ts';
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
    return { type: 'scalar', value: Number(apply(node, left.value, right.value)) };
  }
  if (left.type === 'vector' && right.type === 'scalar') {
    return { type: 'vector', samples: withNumber(node, left.samples, (value) => [value, right.value]) };
  }
  if (left.type === 'scalar' && right.type === 'vector') {
    return { type: 'vector', samples: withNumber(node, right.samples, (value) => [left.value, value]) };
  }
  throw new EvaluationError('the operands do not go together');
}

function apply({ operator }: Binary, left: number, right: number): number | boolean {
  if (operator === 'and' || operator === 'or' || operator === 'unless') return NaN;
  return operators[operator](left, right);
}

/** A comparison without `bool` keeps the vector's own value and name, on whichever side it stands. */
function withNumber(
  node: Binary,
  samples: readonly VectorSample[],
  sides: (value: number) => readonly [number, number],
): readonly VectorSample[] {
  const made: VectorSample[] = [];
  let filters = false;
  for (const sample of samples) {
    const found = apply(node, ...sides(sample.value));
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
  const keysOf = (samples: readonly VectorSample[]): ReadonlySet<string> =>
    new Set(samples.map(({ labels }) => matchKey(labels, matching)));
  if (operator === 'or') {
    const present = keysOf(left);
    return distinct([...left, ...right.filter(({ labels }) => !present.has(matchKey(labels, matching)))]);
  }
  const present = keysOf(right);
  return left.filter(({ labels }) => present.has(matchKey(labels, matching)) === (operator === 'and'));
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
  const partners = new Map<string, VectorSample>();
  for (const sample of one) {
    const key = matchKey(sample.labels, matching);
    const twin = partners.get(key);
    if (twin !== undefined) {
      throw new EvaluationError(
        `many-to-many: on the ${swapped ? 'left' : 'right'} of ${operator}, ${written(twin.labels)} and ` +
          `${written(sample.labels)} match the same series`,
      );
    }
    partners.set(key, sample);
  }
  const made: VectorSample[] = [];
  const matched = new Set<string>();
  for (const sample of many) {
    const key = matchKey(sample.labels, matching);
    const partner = partners.get(key);
    if (partner === undefined) continue;
    const [a, b] = swapped ? [partner.value, sample.value] : [sample.value, partner.value];
    const found = apply(node, a, b);
    const filters = typeof found === 'boolean' && !bool;
    if (filters && !found) continue;
    const labels = resultLabels(sample.labels, partner.labels, matching, filters);
    const result = matching.many === 'neither' ? key : key + keyOf(labels);
    if (matched.has(result)) {
      throw new EvaluationError(
        matching.many === 'neither'
          ? `many-to-one: several series on the left of ${operator} match ${written(partner.labels)}; ` +
              `group_left or group_right must say so`
          : `${operator}: two matches have the same labels ${written(labels)}`,
      );
    }
    matched.add(result);
    made.push({ labels, value: filters ? a : Number(found) });
  }
  // One to one, results differ by what they were matched by, unless that was the name, which they lose.
  const differ = matching.many === 'neither' && !(matching.on && matching.labels.includes(metricName));
  return differ ? made : distinct(made);
}

/** What two samples must share to go together. */
function matchKey(labels: Labels, { on, labels: listed }: Matching): string {
  if (on) return valuesKey(labels, listed);
  if (listed.length === 0) return namelessKey(labels);
  return keyOf(without(labels, [...listed, metricName]));
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
