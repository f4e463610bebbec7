import { minutes } from '../../durations.ts';
import { known } from '../decoders/impossible.ts';
import type { Varz } from '../decoders/varz.ts';
import { ringOf } from './closed-since.ts';
import type { ClosedSince } from './closed-since.ts';
import { clockTolerance, elapsed, overlap } from './cursor.ts';
import type { Cursor, RingLook } from './cursor.ts';

/**
 * A number that changes with each row that comes into the ring, by what `/varz` counts; null where it does not count all that
 * close: leafnodes are in no total. A slow consumer's row comes up to `write_deadline` before its connection is counted out.
 */
export const closesOf = (
  varz: Pick<Varz, 'total_connections' | 'connections' | 'slow_consumers' | 'leafnodes' | 'leaf'>,
): number | null =>
  known(() =>
    varz.leaf.port > 0 || varz.leaf.remotes.length > 0 || varz.leafnodes > 0
      ? null
      : varz.total_connections - varz.connections + varz.slow_consumers,
  );

/** Whatever is counted, the ring is read so often: two that are counted a moment apart may hide each other. */
const readAtLeastEach = minutes(15);

/**
 * The ring without a row since the last look, by what `/varz` tells of closes; null where it is to be read. Rows are recorded a
 * moment after their connection is counted out: what is told must have been so for long enough when the ring was read.
 */
export function closedNothing(
  cursor: Cursor | null,
  {
    serverId,
    now,
    closes,
  }: { readonly serverId: string; readonly now: number; readonly closes: number | null },
  look: RingLook & { readonly configuredSize: number },
): ClosedSince | null {
  if (cursor?.look?.told === undefined || cursor.serverId !== serverId) return null;
  const { told, readAt, now: itsNow } = cursor.look;
  const since = elapsed(cursor, look);
  if (told.closes !== closes || readAt - told.since < overlap) return null;
  if (since < 0 || since >= readAtLeastEach || Math.abs(now - itsNow - since) > clockTolerance) return null;
  return {
    ...{ rows: [], firstRun: false, lost: false, leftOut: null, unaccounted: 0 },
    ring: ringOf(cursor.held, cursor.size, look.configuredSize),
  };
}
