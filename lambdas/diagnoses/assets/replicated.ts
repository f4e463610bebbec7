import type { Entity } from '../../define.ts';
import type { ConsumerColumns, ConsumerRow, Group, StreamRow } from '../../readings/decoders/assets.ts';
import type { Assets } from '../../readings/endpoints.ts';
import type { JetStreamServer } from './systems.ts';

export type Server = JetStreamServer<Assets>;

/** A replica, and the server that showed it. */
export type Held<Row> = { readonly server: Server; readonly row: Row };

/** What the watched servers show of a stream or consumer together. */
export type Replicated<Row> = {
  readonly name: string;
  /** What tells it from all others, the same in every run: of a lone server's streams after its restart too. */
  readonly key: string;
  /** Every replica on a server that was read. */
  readonly replicas: readonly Held<Row>[];
  /** The replica whose server says that it leads: `pending`, `lag` and such count there alone. Null where none was read. */
  readonly leader: Held<Row> | null;
  /** Whom the replicas name as leader, read or not; null where none of them has one, or only one that was read and does not lead. */
  readonly leaderName: string | null;
  /** False while a server that holds a replica has only just started. */
  readonly isSettled: boolean;
  readonly entity: Entity;
};

export type Stream = Replicated<StreamRow> & {
  readonly account: string;
  readonly accountName: string;
  readonly consumers: StreamConsumers;
};

export type Consumer = Replicated<ConsumerRow> & { readonly stream: Stream };

/** A row where it stands among those of a reply. */
export type Placed = { readonly columns: ConsumerColumns; readonly place: number };

/**
 * The consumers of a stream by number. There may be tens of thousands and most are well: their leaders' rows tell so, and one is
 * joined when more of it is asked for.
 */
export type StreamConsumers = {
  readonly count: number;
  /** The row of the replica that leads; null where none was read. */
  readonly led: (index: number) => Placed | null;
  /** The server of the replica that leads. */
  readonly leaderOf: (index: number) => Server | null;
  /** Joined; the same whenever it is asked for. */
  readonly at: (index: number) => Consumer;
  readonly all: () => readonly Consumer[];
};

type Groups = { readonly group: Group };

const isLedBy = ({ isAlone, leader }: Group, { name, isSettled }: Server): boolean =>
  isAlone || (isSettled && leader === name);

type Servers = readonly { readonly server: Server }[];

/** The group as a replica shows it, by the place of its server; undefined where it has none. */
type GroupOf = (replica: number) => Group | undefined;

/**
 * A server whose raft node of it did not start takes itself for its leader, and knows no replica; the others do, and name another one
 * or none.
 */
const isContradicted = (servers: Servers, groupOf: GroupOf, group: Group, { name }: Server): boolean =>
  group.replicas.length === 0 &&
  servers.some(({ server }, i) => {
    const other = groupOf(i);
    return other !== undefined && server.isSettled && other.replicas.length > 0 && other.leader !== name;
  });

/** Which of the replicas leads; -1: none. After a cut two servers may say that they do: the one that was elected last does. */
export function leading(servers: Servers, groupOf: GroupOf): number {
  let leader = -1;
  let elected = 0;
  for (let i = 0; i < servers.length; i += 1) {
    const [held, group] = [servers[i], groupOf(i)];
    if (held === undefined || group === undefined || !isLedBy(group, held.server)) continue;
    if (isContradicted(servers, groupOf, group, held.server)) continue;
    const since = group.leaderSince ?? 0;
    if (leader !== -1 && since <= elected) continue;
    leader = i;
    elected = since;
  }
  return leader;
}

export function replicated<Row extends Groups>(replicas: readonly Held<Row>[]) {
  const leader = replicas[leading(replicas, (i) => replicas[i]?.row.group)] ?? null;
  const isSettled = replicas.every(({ server }) => server.isSettled);
  return { replicas, leader, leaderName: leader?.server.name ?? namedBy(replicas), isSettled };
}

/** Whom they name while none of them leads: one of themselves that was read gave up, and the others have not noticed. */
function namedBy(replicas: readonly Held<Groups>[]): string | null {
  const settled = replicas.filter(({ server }) => server.isSettled);
  const own = new Set(settled.map(({ server }) => server.name));
  return (
    settled.find(({ row }) => row.group.leader !== null && !own.has(row.group.leader))?.row.group.leader ??
    null
  );
}
