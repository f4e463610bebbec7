import {
  EvaluationError,
  matrixOf,
  metricName,
  nodesOf,
  selects,
  seriesIn,
  type Edition,
  type Expression,
  type Labels,
  type Read,
  type Series,
  type VectorSample,
} from '../../promql/index.ts';
import type { TargetLabels } from '../../series/labels.ts';
import type { Twins } from '../counted-once.ts';

type Scene = {
  readonly twins: Twins;
  readonly targets: readonly TargetLabels[];
  /** Names that rules record. */
  readonly recorded: readonly string[];
  readonly edition: Edition;
};

/** Whether series that are not there may make the expression hold, or make it count fewer. */
export const missesSeries = (expression: Expression): boolean =>
  [...nodesOf(expression)].some(
    (node) =>
      (node.kind === 'call' && (node.name === 'absent' || node.name === 'absent_over_time')) ||
      (node.kind === 'binary' && (node.bool || node.operator === 'unless' || node.operator === 'or')) ||
      (node.kind === 'aggregation' && counting.includes(node.operator)),
  );

const counting: readonly string[] = ['count', 'group', 'count_values'];

/** Whether the expression is of less where series are not there. */
export const addsUp = (expression: Expression): boolean =>
  [...nodesOf(expression)].some(
    (node) => node.kind === 'aggregation' && (node.operator === 'sum' || node.operator === 'max'),
  );

/** Reads as if each target whose server counts at another had that server's series as well. */
export function readingBoth(read: Read, { twins, targets, recorded, edition }: Scene): Read {
  const labelsOf = new Map(targets.map((target) => [target.server_id, target]));
  const ofTargets = new Set(targets.flatMap((target) => Object.keys(target)));
  const isOwn = ({ [metricName]: name = '' }: Labels) => name !== 'up' && !recorded.includes(name);
  return (selector, fromMs, toMs) => {
    const matchers = selector.matchers.filter(({ label }) => !ofTargets.has(label));
    const all = seriesIn(read({ ...selector, matchers }, fromMs, toMs));
    const copies = [...twins].flatMap(([twin, owner]): Series[] => {
      const [former, own] = [labelsOf.get(owner), labelsOf.get(twin)];
      if (former === undefined || own === undefined) return [];
      return all
        .filter(({ labels }) => labels['server_id'] === owner && isOwn(labels))
        .map(({ labels, samples }) => ({ labels: relabelled(labels, former, own), samples }))
        .filter(({ labels }) => selects(selector, labels, edition));
    });
    return matrixOf([...seriesIn(read(selector, fromMs, toMs)), ...copies]);
  };
}

function relabelled(labels: Labels, former: TargetLabels, own: TargetLabels): Labels {
  const kept = Object.entries(labels).filter(([label]) => !(label in former));
  const given = Object.entries(own).filter(([, value]) => value !== '');
  return Object.fromEntries([...kept, ...given]);
}

/** A rule's result where it can be had: read twice, series may match several others. */
export function elementsOr(
  otherwise: readonly VectorSample[],
  evaluate: () => readonly VectorSample[],
): readonly VectorSample[] {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof EvaluationError) return otherwise;
    throw error;
  }
}
