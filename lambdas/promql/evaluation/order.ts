type Valued = { readonly value: number };

/** Lowest first, NaN last. */
export const ascending = (left: Valued, right: Valued): number => compare(left, right, 1);

/** Highest first, NaN last. */
export const descending = (left: Valued, right: Valued): number => compare(left, right, -1);

function compare({ value: left }: Valued, { value: right }: Valued, direction: 1 | -1): number {
  if (Number.isNaN(left) || Number.isNaN(right))
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  return left === right ? 0 : left < right ? -direction : direction;
}
