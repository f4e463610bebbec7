import type { Expression } from './ast.ts';
import { nodesOf } from './ast.ts';
import { isHistogramFunction } from './functions.ts';
import { problemAt } from './problem.ts';
import type { Problem } from './problem.ts';
import { translate } from './regex.ts';

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
    const pattern = node.kind === 'call' && node.name === 'label_replace' ? node.arguments[4] : undefined;
    if (pattern?.kind === 'string') {
      const { invalid, unportable } = translate(pattern.value);
      if (invalid !== undefined) refuse(pattern, `the pattern ${pattern.value} is no RE2: ${invalid}`);
      if (unportable !== undefined)
        refuse(pattern, `the pattern ${pattern.value} is not for JavaScript: ${unportable}`);
    }
    if (node.kind !== 'selector') continue;
    for (const { operator, value } of node.matchers) {
      const { unportable } = operator === '=~' || operator === '!~' ? translate(value) : {};
      if (unportable !== undefined) refuse(node, `the pattern ${value} is not for JavaScript: ${unportable}`);
    }
  }
  return problems.sort((left, right) => left.from - right.from);
}
