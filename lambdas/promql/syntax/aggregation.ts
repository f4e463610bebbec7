import type { Aggregation, AggregationOperator, Expression } from '../ast.ts';
import type { Edition } from '../edition.ts';
import { childNodes } from './items.ts';
import type { SyntaxNode } from './items.ts';
import { PromqlError } from './problem.ts';
import { stringIn } from './quoted.ts';

const withParameter: ReadonlySet<string> = new Set(['topk', 'bottomk', 'quantile', 'count_values']);
const operators: ReadonlySet<string> = new Set([
  ...withParameter,
  ...['avg', 'count', 'group', 'max', 'min', 'stddev', 'stdvar', 'sum'],
]);
const isOperator = (word: string): word is AggregationOperator => operators.has(word);

/** Words that Prometheus' grammar does not take for a label here (maybe_label in generated_parser.y). */
const noLabels: ReadonlySet<string> = new Set(['without', 'inf', 'nan']);

/** `(a, b, "c.d")` */
export function labelsIn(node: SyntaxNode, text: string, edition: Edition): readonly string[] {
  return childNodes(node).map((child) => {
    const source = text.slice(child.from, child.to);
    if (child.name !== 'QuotedLabelName') {
      if (!noLabels.has(source.toLowerCase())) return source;
      throw new PromqlError(`${source} is a word of the language, no label`, child);
    }
    if (edition === 2) throw new PromqlError('Prometheus before 3 knows no quoted label names', child);
    const [literal] = childNodes(child);
    const name = stringIn(literal ?? child, text);
    if (name === '') throw new PromqlError('a label name cannot be empty', child);
    return name;
  });
}

export function aggregationOf(
  node: SyntaxNode,
  text: string,
  edition: Edition,
  inner: (child: SyntaxNode) => Expression,
): Aggregation {
  const parts = childNodes(node);
  const part = (name: string): SyntaxNode | undefined => parts.find((child) => child.name === name);
  const operator = text.slice(node.from, part('AggregateOp')?.to ?? node.from).toLowerCase();
  if (!isOperator(operator)) {
    throw new PromqlError(
      edition === 2
        ? `there is no aggregation ${operator} in Prometheus 2.42`
        : `the aggregation ${operator} is experimental, and Prometheus refuses it`,
      node,
    );
  }
  const modifier = part('AggregateModifier');
  const [word, labels] = modifier === undefined ? [] : childNodes(modifier);
  const given = childNodes(part('FunctionCallBody') ?? node).map(inner);
  const wanted = withParameter.has(operator) ? 2 : 1;
  const [first, second] = given;
  const expression = wanted === 2 ? second : first;
  if (expression === undefined || given.length !== wanted) {
    const count = `${wanted} argument${wanted === 1 ? '' : 's'}`;
    throw new PromqlError(`${operator} takes ${count}, not ${given.length}`, node);
  }
  return {
    kind: 'aggregation',
    type: 'vector',
    operator,
    ...(wanted === 2 && first !== undefined ? { parameter: first } : {}),
    expression,
    grouping: {
      without: word?.name === 'Without',
      labels: labels === undefined ? [] : labelsIn(labels, text, edition),
    },
    from: node.from,
    to: node.to,
  };
}
