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
  /** From now on everything passes as it is. */
  accept(): void;
};

/** Term, index, peer, and whether it was a success: `appendEntryResponse` of raft.go, the same from 2.9 to 2.15. */
const responseLength = 25;
const successAt = 24;

export function raftRefusals(): RaftRefusals {
  /** Groups by the subject on which their leader wants to be answered. */
  const answered = new Map<string, string>();
  let refused: string | null = null;
  const seen = (line: string, payload: Buffer): void => {
    const words = line.split(' ');
    const at = words.findIndex((word) => word.startsWith('$NRG.'));
    const [subject = '', reply = ''] = at < 0 ? [] : words.slice(at, -1);
    if (subject.startsWith('$NRG.AE.')) answered.set(reply, subject.slice('$NRG.AE.'.length));
    // One that names a subject asks to be caught up.
    else if (payload.length === responseLength && reply === '' && answered.get(subject) === refused)
      payload[successAt] = 0;
  };
  return {
    routes: () => byMessage(seen),
    refuse: (group) => {
      refused = group;
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
