import { nodesOf, type Expression, type Known, type Value } from '../../promql/index.ts';

/** Which nodes of expressions mean the same as others, by the number that they have in common. */
export type Shared = ReadonlyMap<Expression, number>;

/** Nodes that cost something and stand in several of the expressions, or several times in one. */
export function sharedIn(expressions: readonly Expression[]): Shared {
  const alike = new Map<string, Expression[]>();
  for (const node of expressions.flatMap((each) => [...nodesOf(each)])) {
    if (!costs.includes(node.kind)) continue;
    const meaning = JSON.stringify(node, (key, value: unknown) => (isPlace(key) ? undefined : value));
    const nodes = alike.get(meaning) ?? [];
    nodes.push(node);
    alike.set(meaning, nodes);
  }
  const several = [...alike.values()].filter((nodes) => nodes.length > 1);
  return new Map(several.flatMap((nodes, number) => nodes.map((node) => [node, number] as const)));
}

const costs: readonly Expression['kind'][] = ['selector', 'call', 'aggregation', 'binary'];
/** Of no meaning: where a node stands in its text. */
const isPlace = (key: string): boolean => key === 'from' || key === 'to';

/** Keeps the values of a run that several rules ask for. `forget` when samples were added. */
export function sharing(shared: Shared): Known & { readonly forget: () => void } {
  const values = new Map<number, Value>();
  return {
    get: (node) => {
      const number = shared.get(node);
      return number === undefined ? undefined : values.get(number);
    },
    set: (node, value) => {
      const number = shared.get(node);
      if (number !== undefined) values.set(number, value);
    },
    forget: () => values.clear(),
  };
}
