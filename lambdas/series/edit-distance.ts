/** How many characters must be put in, left out or replaced to make one text the other (Levenshtein). */
export function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const [corner = 0, top = 0] = [above[column - 1], above[column]];
      const left = current[column - 1] ?? 0;
      const replaced = corner + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, top + 1, left + 1));
    }
    above = current;
  }
  return above[to.length] ?? 0;
}
