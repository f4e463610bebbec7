import { answeringOf } from '../engine/judgement/views.ts';
import type { Unseen } from '../define.ts';
import type { SeriesDefinition } from '../series/definition.ts';
import type { ReadTarget } from './read-series.ts';

/** By target the one at which its server counts, where that is another. */
export type Twins = ReadonlyMap<string, string>;

export const isTwin = (read: ReadTarget): boolean => answeringOf(read).twin !== null;

export const twinsOf = (read: readonly ReadTarget[]): Twins =>
  new Map(
    read.flatMap((each): (readonly [string, string])[] => {
      const { twin } = answeringOf(each);
      return twin === null ? [] : [[each.target.name, twin.name]];
    }),
  );

/** Whether a series is of the server; `up` alone is of the URL, and each target has its own. */
export const isOfServer = ({ collector }: SeriesDefinition): boolean => collector !== 'up';

/** What was read with each server's series once: at a target at which it does not count only those of the URL are left. */
export const countedOnce = (read: readonly ReadTarget[]): readonly ReadTarget[] =>
  read.map((each) =>
    isTwin(each)
      ? {
          ...each,
          samplesOf: (series) => (isOfServer(series) ? [] : each.samplesOf(series)),
          impossibleOf: () => [],
        }
      : each,
  );

/** What rules did not see: series of targets whose servers count at others. */
export const countedElsewhere = (read: readonly ReadTarget[]): readonly Unseen[] =>
  [...twinsOf(read)].map(([twin, owner]) => ({ name: `${twin} apart from ${owner}`, why: 'hidden' }));
