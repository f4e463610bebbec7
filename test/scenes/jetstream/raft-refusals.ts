import type { Passing } from '../link.ts';

/** What followers of a raft group answer to its leader, on the way through routes. */
export type RaftRefusals = {
  /** What each direction of each route passes through. */
  readonly routes: () => Passing;
  /**
   * From now on each success that a follower of this group says is a failure when it arrives. The leader hears from all of them, so
   * that it stays, and commits nothing more.
   */
  refuse(group: string): void;
  /** From now on each vote for a leader of these groups is one against it when it arrives, so that none is elected. */
  refuseVotes(groups: readonly string[]): void;
  /** From now on everything passes as it is. */
  accept(): void;
};

/** An answer whose last byte says whether it is a yes: of raft.go, the same from 2.9 to 2.15. */
type Answer = { readonly asked: string; readonly length: number };
/** Term, index, peer, and whether it was a success: `appendEntryResponse`. */
const appending: Answer = { asked: '$NRG.AE.', length: 25 };
/** Term, peer, and whether the vote is granted: `voteResponse`. */
const voting: Answer = { asked: '$NRG.V.', length: 17 };

export function raftRefusals(): RaftRefusals {
  /** What was asked, by the subject on which it is to be answered. */
  const asked = new Map<string, string>();
  let refused: { readonly answer: Answer; readonly groups: readonly string[] } | null = null;
  const seen = (line: string, payload: Buffer): void => {
    const words = line.split(' ');
    const at = words.findIndex((word) => word.startsWith('$NRG.'));
    const [subject = '', reply = ''] = at < 0 ? [] : words.slice(at, -1);
    if ([appending, voting].some((each) => subject.startsWith(each.asked))) asked.set(reply, subject);
    if (refused === null) return;
    const { answer, groups } = refused;
    const question = asked.get(subject);
    // One that names a subject asks to be caught up.
    const isAnswer = payload.length === answer.length && reply === '';
    if (isAnswer && groups.some((group) => question === answer.asked + group)) payload[answer.length - 1] = 0;
  };
  return {
    routes: () => byMessage(seen),
    refuse: (group) => {
      refused = { answer: appending, groups: [group] };
    },
    refuseVotes: (groups) => {
      refused = { answer: voting, groups };
    },
    accept: () => {
      refused = null;
    },
  };
}

/** Passes the protocol of routes on by whole messages, each of which may be changed in its place. */
function byMessage(seen: (line: string, payload: Buffer) => void): Passing {
  let rest: Buffer = Buffer.alloc(0);
  return (data) => {
    const bytes = Buffer.concat([rest, data]);
    let from = 0;
    for (;;) {
      const end = bytes.indexOf('\r\n', from);
      if (end < 0) break;
      const line = bytes.toString('latin1', from, end);
      const size = /^[RH]MSG /.test(line) ? Number(line.slice(line.lastIndexOf(' ') + 1)) + 2 : 0;
      const next = end + 2 + size;
      if (next > bytes.length) break;
      if (size > 0) seen(line, bytes.subarray(end + 2, next - 2));
      from = next;
    }
    rest = bytes.subarray(from);
    return bytes.subarray(0, from);
  };
}
