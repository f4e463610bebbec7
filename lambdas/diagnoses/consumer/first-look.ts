import { days } from '../../define.ts';
import type { Replica } from '../../readings/decoders/assets.ts';
import type { ClusterAssets, Consumer, Placed } from '../assets/assets.ts';

/** Consumers worth a closer look, each for what it may show. */
export type FirstLook = {
  /** A replica is not current, or behind. */
  readonly replicas: readonly Consumer[];
  /** The stream begins beyond what was delivered last. */
  readonly behindStream: readonly Consumer[];
  /** More was delivered than the stream's leader has. */
  readonly aheadOfStream: readonly Consumer[];
  readonly redelivering: readonly Consumer[];
  /** Nobody asks for messages of a durable one that nothing removes, and the last one passed a day ago. */
  readonly unused: readonly Unused[];
};

type Unused = {
  readonly consumer: Consumer;
  /** Epoch ms. */
  readonly lastUsed: number;
};

const looks = new WeakMap<ClusterAssets, FirstLook>();

/** One pass for all diagnoses: most consumers are well, and coming back to each takes longer than what is looked at. */
export function firstLook(assets: ClusterAssets): FirstLook {
  const before = looks.get(assets);
  if (before !== undefined) return before;
  const replicas: Consumer[] = [];
  const behindStream: Consumer[] = [];
  const aheadOfStream: Consumer[] = [];
  const redelivering: Consumer[] = [];
  const unused: Unused[] = [];
  let well: readonly Replica[] = [];
  for (const stream of assets.streams) {
    let firstSeq = 0;
    for (const { row } of stream.replicas) firstSeq = Math.max(firstSeq, row.state.firstSeq);
    const lastSeq = stream.leader?.row.state.lastSeq ?? Infinity;
    const { consumers } = stream;
    for (let i = 0; i < consumers.count; i += 1) {
      const led = consumers.led(i);
      if (led === null) continue;
      const { columns, place } = led;
      const followers = columns.group[place]?.replicas ?? well;
      // Most share one list.
      if (followers !== well) {
        if (followers.some(isNotWell)) replicas.push(consumers.at(i));
        else well = followers;
      }
      const delivered = columns.delivered.streamSeq[place] ?? 0;
      if (firstSeq > delivered + 1) behindStream.push(consumers.at(i));
      if (delivered > lastSeq) aheadOfStream.push(consumers.at(i));
      if ((columns.redelivered[place] ?? 0) > 0) redelivering.push(consumers.at(i));
      if (isUnattended(led)) {
        const now = consumers.leaderOf(i)?.reading.now ?? 0;
        const lastUsed = lastUsedAt(led);
        if (now - lastUsed >= days(1)) unused.push({ consumer: consumers.at(i), lastUsed });
      }
    }
  }
  const look = { replicas, behindStream, aheadOfStream, redelivering, unused };
  looks.set(assets, look);
  return look;
}

const isNotWell = ({ current, offline, lag }: Replica): boolean => !current || offline || lag > 0;

/** Epoch ms. */
const lastUsedAt = ({ columns: { created, delivered, ackFloor }, place }: Placed): number =>
  Math.max(created[place] ?? 0, delivered.at[place] || 0, ackFloor.at[place] || 0);

function isUnattended({ columns, place }: Placed): boolean {
  const config = columns.config[place];
  if (config === undefined || !config.durable || config.inactiveThreshold !== 0) return false;
  const isAsked =
    config.deliverSubject === undefined ? (columns.waiting[place] ?? 0) > 0 : columns.pushBound[place] === 1;
  return !isAsked && columns.paused[place] !== 1;
}
