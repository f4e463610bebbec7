/** What a command says, and the exit code. */
export type Output = {
  readonly out: readonly string[];
  readonly notes: readonly string[];
  readonly code: 0 | 1 | 2;
};

export const jsonLines = (value: unknown): readonly string[] => [JSON.stringify(value, null, 2)];
