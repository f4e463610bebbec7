import type { Remember } from './kinds.ts';

type State = { readonly value: string | number; readonly at: number };

export type Previous<V extends string | number> = { readonly value: V; readonly at: number };

/** The value of the last run that read it; null while there is none. */
export const recordPrevious: Remember<State, [value: string | number], Previous<string | number> | null> = (
  state,
  { at },
  value,
) => ({ next: { value, at }, result: state });
