import { wrap } from '../../../lambdas/engine/format.ts';

const margin = 'published'.length + 2;
const textWidth = 110;

/** Texts behind a word, each in lines that can be read; none for no text. */
export function section(word: string, texts: readonly string[]): readonly string[] {
  const lines = texts.flatMap((text) =>
    wrap(text, textWidth - margin).map((line, index) => (index === 0 ? line : `  ${line}`)),
  );
  return lines.map((line, index) => `${(index === 0 ? word : '').padEnd(margin)}${line}`.trimEnd());
}
