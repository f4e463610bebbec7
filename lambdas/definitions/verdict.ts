import type { Levels } from '../limits.ts';
import type { Target } from '../readings/reading.ts';
import type { Entity } from './entity.ts';
import type { Asked } from './reads.ts';

/** A value to compare with the limit named; the engine compares, so that finding and alarm cannot disagree. */
export type Measurement<LimitName extends string, Data> = {
  readonly limit: LimitName;
  readonly entity: Entity;
  readonly value: number;
  readonly data: Data;
  /** Its own, instead of the limit's: the owner of a stream or consumer set them, or it is of a kind that they do not fit. */
  readonly levels?: Levels | undefined;
};

export type Verdict<LimitName extends string, Data> =
  | {
      readonly kind: 'measured';
      /** What was seen, for the table: `12 connections, limit 1,000`. */
      readonly seen: string;
      readonly measurements: readonly Measurement<LimitName, Data>[];
      /** True if the answer stands whatever unread servers hold; else `ok` becomes `unknown` beside them. */
      readonly conclusive: boolean;
      /** To be read before it is evaluated anew, the most wanted first; of more than a run may ask for the others are not. */
      readonly asks?: readonly Asked[];
      /** Targets that could not be read, where that is what it says. */
      readonly without?: readonly string[];
    }
  | {
      readonly kind: 'unknown';
      readonly reason: string;
      /** Targets that could not be read, where it would be known if they were. */
      readonly without?: readonly string[];
    }
  | { readonly kind: 'not-applicable'; readonly reason: string };

type Concluding = { readonly conclusive?: boolean; readonly asks?: readonly Asked[] };
type Unread = { readonly target: Target };
const withoutThese = (unread: readonly Unread[]) =>
  unread.length === 0 ? {} : { without: unread.map(({ target: { name } }) => name) };

/** The diagnosis looked, and there was nothing to measure. */
export const nothing = (seen: string, { conclusive = false, asks = [] }: Concluding = {}) =>
  ({ kind: 'measured', seen, measurements: [] as const, conclusive, asks }) as const;

/** The diagnosis looked and measured. `without` are servers that could not be read, where that is what it says. */
export const measured = <const LimitName extends string, Data>(
  seen: string,
  measurements: readonly Measurement<LimitName, Data>[],
  { conclusive = false, asks = [], without = [] }: Concluding & { readonly without?: readonly Unread[] } = {},
) => ({ kind: 'measured', seen, measurements, conclusive, asks, ...withoutThese(without) }) as const;

/** The diagnosis could not see; `without` are servers that could not be read, where it would see if they were. */
export const unknown = (reason: string, without: readonly Unread[] = []) =>
  ({ kind: 'unknown', reason, ...withoutThese(without) }) as const;

/** The question does not concern this server or cluster. */
export const notApplicable = (reason: string) => ({ kind: 'not-applicable', reason }) as const;
