/** When and of which server process something is recorded: epoch ms, and the server's start (0 for a cluster). */
export type Moment = { readonly at: number; readonly start: number };

/** One kind of history: the kept state and this run's input give the state to keep and the answer. */
export type Remember<State, Input extends readonly unknown[], Result> = (
  state: State | null,
  moment: Moment,
  ...input: Input
) => { readonly next: State; readonly result: Result };

/** Keys that a history keeps apart: a memory item stays under 300 KB. */
export const mostKeys = 256;
