import { metricName, nodesOf, type Expression } from '../../../lambdas/promql/index.ts';

/** Why recorded names cannot be written out. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** Refuses an expression that looks at names of series: what stands for a recorded name has another. */
export function refuseNames(ast: Expression): void {
  for (const node of nodesOf(ast)) {
    const labels =
      node.kind === 'aggregation' && !node.grouping.without
        ? node.grouping.labels
        : node.kind === 'binary'
          ? [...(node.matching.on ? node.matching.labels : []), ...node.matching.include]
          : node.kind === 'call' && (node.name === 'label_replace' || node.name === 'label_join')
            ? node.arguments.flatMap((each) => (each.kind === 'string' ? [each.value] : []))
            : [];
    if (labels.includes(metricName))
      throw new Refusal(`the expression uses ${metricName}, which a recorded name written out does not have`);
  }
}
