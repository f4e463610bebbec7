import { days } from '../../define.ts';
import type { ConsumerRow } from '../../readings/decoders/assets.ts';
import type { ClusterAssets, Held } from '../assets/assets.ts';
import type { Progress } from './progress.ts';

/** Of how many it is remembered since when nobody came. */
export const mostUnattended = 2_000;

type Unattended = Progress & { readonly leader: Held<ConsumerRow>; readonly lastUsed: number };

/** Durable consumers that nothing removes, for which nobody asks now, and that were last used a day ago; the longest first. */
export function unattendedIn({ consumers }: ClusterAssets): readonly Unattended[] {
  const found: Unattended[] = [];
  for (const consumer of consumers) {
    const { leader } = consumer;
    if (leader === null) continue;
    const { server, row } = leader;
    const { durable, inactiveThreshold, deliverSubject } = row.config;
    const isAsked = deliverSubject === undefined ? row.waiting > 0 : row.pushBound;
    if (!durable || inactiveThreshold > 0 || isAsked || row.paused) continue;
    const lastUsed = Math.max(row.created, row.delivered.at ?? 0, row.ackFloor.at ?? 0);
    if (server.reading.now - lastUsed < days(1)) continue;
    found.push({ consumer, leader, row, pending: row.pending, lastUsed });
  }
  return found.sort((a, b) => a.lastUsed - b.lastUsed);
}
