import { wrap } from '../lambdas/engine/format.ts';

/** A text in lines of which none is longer than `width`; a word that is longer is broken. */
export const fitted = (text: string, width: number): readonly string[] =>
  wrap(text, width).flatMap((line) =>
    Array.from({ length: Math.max(1, Math.ceil(line.length / width)) }, (_, i) =>
      line.slice(i * width, (i + 1) * width),
    ),
  );

/** One line behind a label, and the next below its text. */
export const hanging = (label: string, text: string, width: number): readonly string[] =>
  fitted(text, width - label.length).map((line, i) => `${i === 0 ? label : ' '.repeat(label.length)}${line}`);
