import { seconds } from '../../define.ts';
import type { StreamRow } from '../../readings/decoders/assets.ts';
import type { Held, Stream } from '../assets/assets.ts';
import { unbroken, type At } from './samples.ts';

/** What a follower holds beside what its leader holds, in one run. */
export type Sample = {
  /** Last sequences of the leader and the follower. */
  readonly leader: number;
  readonly follower: number;
  /** Messages of the leader. */
  readonly messages: number;
  /** Messages that the leader has more up to the same sequence; below 0 where the follower has more. */
  readonly apart: number;
};

export type Copy = {
  readonly stream: Stream;
  readonly leader: Held<StreamRow>;
  readonly follower: Held<StreamRow>;
  readonly sample: Sample;
};

/** Readings of two servers are not of one moment: a follower that is up to date lacks what came between them. */
const betweenReadings = seconds(15);
/** A sample that is not of the run before says nothing of growth. */
const shortestGap = seconds(30);
/** Fewer are not worth a page. */
const fewestApart = 10;

/** Followers that were read and may lack messages, or hold others than their leader. */
export function suspiciousCopies(streams: readonly Stream[]): readonly Copy[] {
  return streams.flatMap((stream) => {
    const { leader, replicas } = stream;
    if (leader === null || leader.row.group.isAlone) return [];
    return replicas.flatMap((follower): readonly Copy[] => {
      if (follower === leader || !follower.server.isSettled) return [];
      if (follower.row.created !== leader.row.created) return [];
      const sample = sampleOf(leader.row, follower.row);
      const isSuspicious =
        lacksOld(leader, follower.row) ||
        lacksOld(follower, leader.row) ||
        Math.abs(sample.apart) >= fewestApart;
      return isSuspicious ? [{ stream, leader, follower, sample }] : [];
    });
  });
}

const sampleOf = ({ state: leader }: StreamRow, { state: follower }: StreamRow): Sample => ({
  leader: leader.lastSeq,
  follower: follower.lastSeq,
  messages: leader.messages,
  apart: leader.messages - leader.lastSeq - (follower.messages - follower.lastSeq),
});

/** Whether one replica lacks of another what is older than two readings are apart. */
function lacksOld({ server, row: { state: has } }: Held<StreamRow>, { state: lacks }: StreamRow): boolean {
  if (lacks.lastSeq >= has.lastSeq) return false;
  const lastAt = has.lastAt ?? Infinity;
  // Of a burst it may have the beginning.
  return (
    lastAt - (lacks.lastAt ?? -Infinity) > betweenReadings || server.reading.now - lastAt > betweenReadings
  );
}

/** The same seen from the other side: the leader may be the one that lost messages. */
export const swapped = ({ at, note }: At<Sample>): At<Sample> => ({
  at,
  note: { ...note, leader: note.follower, follower: note.leader },
});

export const keyOfCopy = ({ stream: { account, name }, follower: { server } }: Copy): string =>
  JSON.stringify([server.system.id, account, name, server.name]);

const gapOf = ({ leader, follower }: Sample): number => leader - follower;

/**
 * How long a follower has lacked what its leader had a run before, and got no nearer, ms; 0 where it catches up.
 * @param samples of the last runs, oldest first
 */
export function stuckFor(samples: readonly At<Sample>[]): number {
  const all = unbroken(samples);
  const last = all.at(-1);
  if (last === undefined) return 0;
  let since = last.at;
  for (let i = all.length - 1; i > 0; i -= 1) {
    const [before, now] = [all[i - 1], all[i]];
    if (before === undefined || now === undefined || now.at - before.at < shortestGap) break;
    if (now.note.follower >= before.note.leader || gapOf(now.note) < gapOf(before.note)) break;
    since = before.at;
  }
  return last.at - since;
}

/** How long, ms, and how far at least leader and follower have held other messages than what came between two readings explains. */
export function apartFor(samples: readonly At<Sample>[]): {
  readonly lasted: number;
  readonly least: number;
} {
  const all = unbroken(samples);
  const last = all.at(-1);
  if (last === undefined) return { lasted: 0, least: 0 };
  let [since, least] = [last.at, Math.abs(last.note.apart)];
  for (let i = all.length - 1; i > 0; i -= 1) {
    const [before, now] = [all[i - 1], all[i]];
    if (before === undefined || now === undefined) break;
    const moved =
      Math.abs(now.note.leader - before.note.leader) + Math.abs(now.note.messages - before.note.messages);
    const isNoise =
      Math.abs(now.note.apart) <= moved || Math.sign(before.note.apart) !== Math.sign(last.note.apart);
    if (isNoise) break;
    since = before.at;
    least = Math.min(least, Math.abs(before.note.apart));
  }
  return { lasted: last.at - since, least };
}
