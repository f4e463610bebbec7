import type { Limit } from '../../define.ts';

/** The mildest level of a limit that is crossed upwards; infinite where settings have switched it off. */
export const lowestLevel = ({ levels }: Limit): number => Math.min(...Object.values(levels));
