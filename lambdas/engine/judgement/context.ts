import type { ClusterFacts, Context, Diagnosis } from '../../define.ts';
import type { LimitBook, Limits } from '../../limits.ts';

/** What is known beside the readings of a run. */
export type About = {
  readonly facts: ClusterFacts;
  readonly book: LimitBook;
  /** The run's time, epoch ms. */
  readonly at: number;
  readonly firstRun: boolean;
};

/** The context that a diagnosis' functions are given. */
export function contextOf(diagnosis: Diagnosis, { facts, book, at, firstRun }: About): Context<Limits> {
  const { limits = diagnosis.limits, ofAssets = [] } = book.get(diagnosis.id) ?? {};
  return { cluster: facts, at, firstRun, limits, hasAssetLimits: ofAssets.length > 0 };
}
