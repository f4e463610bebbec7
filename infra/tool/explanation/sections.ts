import { wrap } from '../../../lambdas/engine/format.ts';

const margin = 'published'.length + 2;
/** For any terminal. */
const textWidth = 80;
const further = '  ';

/** Texts behind a word, each in lines that can be read; none for no text. */
export function section(word: string, texts: readonly string[]): readonly string[] {
  const lines = texts.flatMap((text) =>
    wrap(text, textWidth - margin - further.length).map((line, index) =>
      index === 0 ? line : `${further}${line}`,
    ),
  );
  return lines.map((line, index) => `${(index === 0 ? word : '').padEnd(margin)}${line}`.trimEnd());
}
