import type { MatchOperator, Matcher, Selector } from '../ast.ts';
import type { Edition } from '../edition.ts';
import { childNodes } from './items.ts';
import type { SyntaxNode } from './items.ts';
import { matches } from '../match.ts';
import { PromqlError } from './problem.ts';
import { stringIn } from './quoted.ts';
import { translate } from '../patterns/regex.ts';

const isMatchOperator = (text: string): text is MatchOperator => ['=', '!=', '=~', '!~'].includes(text);

/** `name{label="value", …}` or, in edition 3, `{"name", "label"="value", …}`. */
export function selectorOf(node: SyntaxNode, text: string, edition: Edition): Selector {
  const parts = childNodes(node);
  const source = (child: SyntaxNode): string => text.slice(child.from, child.to);
  const identifier = parts.find(({ name }) => name === 'Identifier');
  const written = identifier === undefined ? undefined : source(identifier);
  if (written?.toLowerCase() === 'atan2') throw new PromqlError(`${written} is an operator, no metric`, node);
  let quoted: string | undefined;
  const braces = parts.find(({ name }) => name === 'LabelMatchers');
  const matchers: Matcher[] = [];

  for (const part of braces === undefined ? [] : childNodes(braces)) {
    if (part.name !== 'UnquotedLabelMatcher' && edition === 2) {
      throw new PromqlError('Prometheus before 3 knows no quoted names', part);
    }
    const [left, operator, right] = childNodes(part);
    if (left === undefined) continue;
    if (operator === undefined || right === undefined) {
      const value = stringIn(left, text);
      quoted ??= value;
      matchers.push({ label: '__name__', operator: '=', value });
      continue;
    }
    const [literal] = childNodes(left);
    const label = left.name === 'QuotedLabelName' ? stringIn(literal ?? left, text) : source(left);
    const word = source(operator);
    if (isMatchOperator(word)) matchers.push(matcher(part, label, word, stringIn(right, text)));
  }
  const named = matchers.find(({ label }) => label === '__name__');
  if (written !== undefined && named !== undefined) {
    throw new PromqlError(`the metric is named twice: ${written} and ${named.value}`, node);
  }
  if (written !== undefined) matchers.push({ label: '__name__', operator: '=', value: written });
  if (matchers.every((each) => matches(each, '', edition))) {
    throw new PromqlError('a selector needs a matcher that an empty label does not meet', node);
  }
  const name = written ?? quoted;
  return {
    kind: 'selector',
    type: 'vector',
    ...(name === undefined ? {} : { name }),
    matchers,
    offsetMs: 0,
    from: node.from,
    to: node.to,
  };
}

function matcher(place: SyntaxNode, label: string, operator: MatchOperator, value: string): Matcher {
  if (operator === '=~' || operator === '!~') {
    const { invalid } = translate(value);
    if (invalid !== undefined) throw new PromqlError(`the pattern ${value} is no RE2: ${invalid}`, place);
  }
  return { label, operator, value };
}
