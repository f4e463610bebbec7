import type { PlacedRule } from './rule.ts';

export type RuleFileGroup = {
  readonly name: string;
  readonly file: string;
  /** Null where the global interval holds. */
  readonly intervalMs: number | null;
  /** How many alerts or series a rule may give; null for any number. */
  readonly limit: number | null;
  readonly queryOffsetMs: number | null;
  /** Their labels hold the group's. */
  readonly rules: readonly PlacedRule[];
};
