import { constantOf, unwrap, type Expression } from '../../../../lambdas/promql/index.ts';

/** What arithmetic with constants makes of a vector: `factor` times it plus `shift`. */
export type Scale = { readonly factor: number; readonly shift: number };

export const unscaled: Scale = { factor: 1, shift: 0 };

/** One scale after another. */
export const scaledBy = ({ factor, shift }: Scale, next: Scale): Scale => ({
  factor: factor * next.factor,
  shift: shift * next.factor + next.shift,
});

/** What a scale makes of a value. */
export const scaledValue = (value: number, { factor, shift }: Scale): number =>
  asWritten(value * factor + shift);

/** The value that a scale makes this one of. */
export const unscaledValue = (value: number, { factor, shift }: Scale): number =>
  asWritten((value - shift) / factor);

/** Without what binary fractions add to it: 1 / 1e-9 is 999999999.9999999, and 7 * 0.1 is 0.7000000000000001. */
const asWritten = (value: number): number => Number(value.toPrecision(14));

/** The vector of one step of arithmetic with a constant, `-vector` among them; null for any other expression. */
export function stepOf(node: Expression): { readonly vector: Expression; readonly scale: Scale } | null {
  if (node.kind === 'unary')
    return { vector: node.expression, scale: { factor: node.operator === '-' ? -1 : 1, shift: 0 } };
  if (node.kind !== 'binary' || (node.left.type === 'vector' && node.right.type === 'vector')) return null;
  const { operator, left, right } = node;
  const [before, behind] = [constantOf(left), constantOf(right)];
  const constant = behind ?? before;
  if (constant === undefined) return null;
  const vector = behind === undefined ? right : left;
  switch (operator) {
    case '+':
      return { vector, scale: { factor: 1, shift: constant } };
    case '-':
      return {
        vector,
        scale: behind === undefined ? { factor: -1, shift: constant } : { factor: 1, shift: -constant },
      };
    case '*':
      return { vector, scale: { factor: constant, shift: 0 } };
    case '/':
      return behind === undefined ? null : { vector, scale: { factor: 1 / constant, shift: 0 } };
    default:
      return null;
  }
}

/** The vector below all such steps, and what they make of it. */
export function vectorBelow(node: Expression): { readonly vector: Expression; readonly scale: Scale } {
  const top = unwrap(node);
  const step = top.type === 'vector' ? stepOf(top) : null;
  if (step === null) return { vector: top, scale: unscaled };
  const { vector, scale } = vectorBelow(step.vector);
  return { vector, scale: scaledBy(scale, step.scale) };
}
