import type { Expression } from '../ast.ts';
import { nodesOf } from '../ast.ts';
import { isHistogramFunction } from './functions.ts';
import { replacedBy } from '../patterns/pattern.ts';
import { problemAt } from './problem.ts';
import type { Problem } from './problem.ts';
import { translate } from '../patterns/regex.ts';

/** What of a valid expression cannot be evaluated here, in the order of the text; empty for most. */
export function refusalsOf(ast: Expression, text: string): readonly Problem[] {
  const problems: Problem[] = [];
  const refuse = (node: Expression, message: string): void =>
    void problems.push(problemAt(text, message, node));
  if (ast.type === 'range' || ast.type === 'string') {
    refuse(
      ast,
      `a rule wants a number or an instant vector, not a ${ast.type === 'range' ? 'range vector' : 'string'}`,
    );
  }
  for (const node of nodesOf(ast)) {
    if (node.kind === 'call' && isHistogramFunction(node.name)) {
      refuse(node, `${node.name} wants histograms, which NATS' monitoring does not serve`);
    }
    const pattern = replacedBy(node);
    if (pattern === undefined) continue;
    const { invalid } = translate(pattern.value);
    if (invalid !== undefined) refuse(pattern, `the pattern ${pattern.value} is no RE2: ${invalid}`);
  }
  return problems.sort((left, right) => left.from - right.from);
}
