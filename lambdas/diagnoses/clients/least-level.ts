import type { Levels } from '../../define.ts';

/** The first level that a rising value crosses, as settings have it; none where all are off. */
export const leastLevel = ({ levels }: { readonly levels: Levels }): number =>
  Math.min(Infinity, ...Object.values(levels));
