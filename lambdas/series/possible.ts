import {
  countWords,
  isAmount,
  isCount,
  isGaugeCount,
  isHeldBytes,
  isPercent,
  isProcessors,
  percentWords,
} from '../readings/decoders/decoded.ts';
import type { SeriesDefinition } from './definition.ts';

const always = (): boolean => true;
const held = { count: isGaugeCount, processors: isProcessors, bytes: isHeldBytes };

/**
 * Which values of a series a server can have. What is configured may be anything, as -1 often stands for no limit, and so
 * may times: 1970 is not the first, and what never was is -1.
 */
export function possibleIn({ kind, unit, holds, path }: SeriesDefinition): (value: number) => boolean {
  if (holds !== null) return held[holds];
  if (kind === 'total') return isCount;
  if (kind !== 'live' || path.startsWith('config.')) return always;
  if (unit === 'bytes' || unit === 'messages') return isCount;
  // Averages and shares among them.
  if (unit === 'percent of one core') return isPercent;
  return unit === null ? isAmount : always;
}

/** What the reply should have in place of a value that cannot be. */
export const expectedIn = ({ unit }: SeriesDefinition): string =>
  unit === 'percent of one core' ? percentWords : countWords;
