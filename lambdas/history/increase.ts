import type { Remember } from './kinds.ts';

type State = { readonly total: number; readonly at: number; readonly start: number };

export type Increase = {
  readonly value: number;
  /** Time since the earlier total was read. */
  readonly seconds: number;
  /** The server restarted in between: the increase is what it counted since its start. */
  readonly restarted: boolean;
};

/** The growth of a running total since the last run that read it; null while there is no earlier total. */
export const recordIncrease: Remember<State, [total: number], Increase | null> = (
  state,
  { at, start },
  total,
) => {
  const next = { total, at, start };
  if (state === null) return { next, result: null };
  const restarted = state.start !== start || total < state.total;
  const value = restarted ? total : total - state.total;
  return { next, result: { value, seconds: (at - state.at) / 1_000, restarted } };
};
