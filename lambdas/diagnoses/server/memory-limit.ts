import type { ClusterFacts } from '../../define.ts';
import { formatBytes, formatPercent } from '../../engine/format.ts';
import type { Varz } from '../../readings/endpoints.ts';

/**
 * What a server's memory is held against: where it is killed, as settings say, or else where its garbage collector works
 * ever harder. Caches of nats-server 2.12 and later fill up to the latter in good health.
 */
export type MemoryLimit = { readonly kind: 'killed' | 'collected'; readonly bytes: number };

/** What Go has where GOMEMLIMIT is not set is no limit. */
const noLimit = 2 ** 62;

/** Null where neither is known. */
export function memoryLimitOf(
  { gomemlimit = 0 }: Pick<Varz, 'gomemlimit'>,
  { memoryLimit }: Pick<ClusterFacts, 'memoryLimit'>,
): MemoryLimit | null {
  if (memoryLimit !== null) return { kind: 'killed', bytes: memoryLimit };
  return gomemlimit > 0 && gomemlimit < noLimit ? { kind: 'collected', bytes: gomemlimit } : null;
}

/** `memoryLimit (4 GiB)`, `GOMEMLIMIT (3.5 GiB)` */
export const limitWords = ({ kind, bytes }: MemoryLimit): string =>
  `${kind === 'killed' ? 'memoryLimit' : 'GOMEMLIMIT'} (${formatBytes(bytes)})`;

/** `1.2 GiB, 31 % of GOMEMLIMIT (4 GiB)` */
export const usedWords = (memory: number, limit: MemoryLimit): string =>
  `${formatBytes(memory)}, ${formatPercent(memory / limit.bytes)} of ${limitWords(limit)}`;

export const noLimitKnown =
  'no limit of its memory is known: neither GOMEMLIMIT (shown from 2.10.28 and 2.11.2 on) nor memoryLimit in settings';
