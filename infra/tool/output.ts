/** A line for people or programs, or one about what is wrong with the input. */
export type Line = { readonly to: 'stdout' | 'stderr'; readonly text: string };

/** What a command says, in this order, and the exit code. */
export type Output = { readonly lines: readonly Line[]; readonly code: 0 | 1 | 2 };

export const toStdout = (texts: readonly string[]): readonly Line[] =>
  texts.map((text) => ({ to: 'stdout', text }));
export const toStderr = (texts: readonly string[]): readonly Line[] =>
  texts.map((text) => ({ to: 'stderr', text }));

export const json = (value: unknown): readonly Line[] => toStdout([JSON.stringify(value, null, 2)]);
