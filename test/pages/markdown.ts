/** A table, with `|` of its cells escaped. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

export const dollars = (amount: number): string => `$${amount.toFixed(2)}`;

/** Text that begins with a word, with a capital; one that begins with a series' name stays as it is. */
export const capital = (text: string): string =>
  /^[a-z]+ /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
