/**
 * A shell command in lines that can be pasted together: broken at spaces outside quotes, each but the last with a backslash
 * at its end. A word that is too long stays whole.
 */
export function commandLines(command: string, width: number): readonly string[] {
  const lines: string[] = [];
  const words = wordsOf(command);
  for (const [i, word] of words.entries()) {
    const last = lines.at(-1);
    const room = i === words.length - 1 ? width : width - 2;
    if (last !== undefined && last.length + 1 + word.length <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line, i) => (i === lines.length - 1 ? line : `${line} \\`));
}

/** Divided at single spaces outside quotes; what stands in quotes is kept as it is. */
const wordsOf = (command: string): readonly string[] =>
  command.match(/(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\]|['"\\])+/gs) ?? [];
