/** What an answer lacks because servers could not be read. */
export type Without = {
  /** Names of targets, one at least. */
  readonly servers: readonly string[];
  /** Whether it lacks nothing else. */
  readonly alone: boolean;
  /** What is said besides. */
  readonly seen: string;
};

/** For what is to carry it; of no servers it is nothing. */
export const withoutOf = (
  servers: readonly string[],
  seen: string,
  alone = true,
): { readonly without?: Without } => (servers.length === 0 ? {} : { without: { servers, alone, seen } });
