/** What a person should know of a rule that was translated all the same. */
export type Warning = {
  /** Of the lint catalogue (`L1`), or what of the rule it is about (`severity`, `tags`, `group`). */
  readonly code: string;
  readonly message: string;
};
