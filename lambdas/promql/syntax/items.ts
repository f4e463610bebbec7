import { parser } from '@prometheus-io/lezer-promql';
import type { Place } from '../ast.ts';
import { PromqlError } from './problem.ts';

/** A node of the grammar's tree. */
export type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/**
 * What stands between two brackets, in the order of the text. The grammar's own nesting is not used: it lets
 * `offset`, `@` and `[5m]` take everything to their left, and reads `-1^2` as `(-1)^2`.
 */
export type Item =
  | (Place & { readonly kind: 'operand'; readonly node: SyntaxNode })
  | (Place & { readonly kind: 'sign'; readonly sign: '+' | '-' })
  | (Place & {
      readonly kind: 'binary';
      readonly operator: string;
      readonly modifiers: readonly SyntaxNode[];
    })
  | (Place & { readonly kind: 'range'; readonly duration: SyntaxNode })
  | (Place & {
      readonly kind: 'subquery';
      readonly duration: SyntaxNode;
      readonly step: SyntaxNode | undefined;
    })
  | (Place & { readonly kind: 'offset'; readonly duration: SyntaxNode })
  | (Place & { readonly kind: 'at'; readonly time: SyntaxNode });

export type Postfix = Extract<Item, { kind: 'range' | 'subquery' | 'offset' | 'at' }>;

const experimental: Readonly<Record<string, string>> = {
  AnchoredExpr: 'the modifier anchored',
  SmoothedExpr: 'the modifier smoothed',
  FillModifier: 'the modifier fill',
  TrimUpper: 'the operator </',
  TrimLower: 'the operator >/',
};

/** The node's children; comments are nodes to the grammar, wherever they stand. */
export const childNodes = (node: SyntaxNode): SyntaxNode[] => {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'LineComment') found.push(child);
  }
  return found;
};

/** Lays the node's expression out flat, down to operands with brackets of their own. */
export function itemsOf(node: SyntaxNode, text: string): Item[] {
  const items: Item[] = [];
  const add = (at: SyntaxNode): void => {
    const refused = experimental[at.name];
    if (refused !== undefined)
      throw new PromqlError(`${refused} is experimental, and Prometheus refuses it`, at);
    const place = { from: at.from, to: at.to };
    const [first, second, third] = childNodes(at);
    const source = text.slice(at.from, at.to);
    if (at.name === 'BinaryExpr') {
      const parts = childNodes(at);
      const operator = parts[1];
      const last = parts.at(-1);
      if (first === undefined || operator === undefined || last === undefined) return;
      add(first);
      const modifiers = parts.slice(2, -1);
      for (const part of [operator, ...modifiers]) {
        const word = experimental[part.name];
        if (word !== undefined)
          throw new PromqlError(`${word} is experimental, and Prometheus refuses it`, part);
      }
      const { from, to } = operator;
      items.push({ kind: 'binary', operator: text.slice(from, to).toLowerCase(), modifiers, from, to });
      add(last);
    } else if (at.name === 'UnaryExpr' && first !== undefined && second !== undefined) {
      items.push(sign(text, first.from));
      add(second);
    } else if (at.name === 'MatrixSelector' && first !== undefined && second !== undefined) {
      add(first);
      items.push({ kind: 'range', duration: second, from: second.from, to: at.to });
    } else if (at.name === 'SubqueryExpr' && first !== undefined && second !== undefined) {
      add(first);
      items.push({ kind: 'subquery', duration: second, step: third, from: second.from, to: at.to });
    } else if (
      at.name === 'OffsetExpr' &&
      first !== undefined &&
      second !== undefined &&
      third !== undefined
    ) {
      add(first);
      items.push({ kind: 'offset', duration: third, from: second.from, to: at.to });
    } else if (
      at.name === 'StepInvariantExpr' &&
      first !== undefined &&
      second !== undefined &&
      third !== undefined
    ) {
      add(first);
      items.push({ kind: 'at', time: third, from: second.from, to: at.to });
    } else if (at.name === 'NumberDurationLiteral' && signOf(source) > 0) {
      items.push(sign(text, at.from), {
        kind: 'operand',
        node: at,
        from: at.from + signOf(source),
        to: at.to,
      });
    } else {
      items.push({ kind: 'operand', node: at, ...place });
    }
  };
  add(node);
  return items;
}

const sign = (text: string, from: number): Item => ({
  kind: 'sign',
  sign: text.charAt(from) === '-' ? '-' : '+',
  from,
  to: from + 1,
});

/** How long the sign before a number is, with the spaces and comments that the grammar lets follow it. */
export const signOf = (source: string): number => /^[-+](?:\s|#[^\n]*\n)*/.exec(source)?.[0].length ?? 0;
