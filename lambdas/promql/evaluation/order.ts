type Order = (left: number, right: number) => number;

/** Lowest first, NaN last. */
export const ascending: Order = (left, right) => compare(left, right, 1);

/** Highest first, NaN last. */
export const descending: Order = (left, right) => compare(left, right, -1);

/** The indexes of the values in this order. */
export const inOrder = (values: readonly number[], order: Order): readonly number[] =>
  [...values.keys()].sort((left, right) => order(values[left] ?? NaN, values[right] ?? NaN));

function compare(left: number, right: number, direction: 1 | -1): number {
  if (Number.isNaN(left) || Number.isNaN(right))
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  return left === right ? 0 : left < right ? -direction : direction;
}
