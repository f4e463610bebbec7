/** The first ones that have room together; one that has none is passed over. */
export function fitting<T>(all: readonly T[], most: number, sizeOf: (each: T) => number): readonly T[] {
  let taken = 0;
  return all.filter((each) => {
    const size = sizeOf(each);
    if (taken + size > most) return false;
    taken += size;
    return true;
  });
}
