import type { Entity, Known } from '../../define.ts';
import { tellingRow, type ClusterAssets, type Stream } from '../assets/assets.ts';
import { holderState, type HolderState } from './holders.ts';

/** What is kept of a stream, for the time when no server shows it any more. */
type Kept = readonly [
  entity: string,
  account: string,
  accountName: string,
  name: string,
  system: string,
  storage: string,
  messages: number,
  bytes: number,
  ...holders: string[],
];

/** Two digits, so that a busy stream is not another text in each run. */
const about = (count: number): number => Number(count.toPrecision(2));

/** A stream as it is to be remembered. */
export function keptOf(stream: Stream): string | null {
  const row = tellingRow(stream);
  const [held] = stream.replicas;
  if (row === null || held === undefined) return null;
  const { entity, account, accountName, name, replicas } = stream;
  const holders = replicas.flatMap((each) => [
    each.server.name,
    ...each.row.group.replicas.map((peer) => peer.name),
  ]);
  const { messages, bytes } = row.state;
  const kept: Kept = [
    ...([entity.name, account, accountName, name, held.server.system.id] as const),
    ...([row.config.storage, about(messages), about(bytes)] as const),
    ...new Set(holders),
  ];
  return JSON.stringify(kept);
}

/** Why no server shows a stream, by what is known of all that held it; null where that is not enough to say. */
export type Cause = 'deleted' | 'notRecovered' | 'unreachable';

/** A stream that servers showed in earlier runs and none does now. */
export type Missing = {
  readonly cause: Cause | null;
  readonly entity: Entity;
  readonly account: string;
  readonly accountName: string;
  readonly storage: string;
  /** About, when it was last seen. */
  readonly messages: number;
  readonly bytes: number;
  /** Names of the servers that held a replica, sorted. */
  readonly holders: readonly string[];
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Of a server that may tell more. */
  readonly url: string;
};

function causeOf(states: readonly HolderState[]): Cause | null {
  if (states.length === 0 || states.includes('unclear')) return null;
  if (states.every((state) => state === 'lost')) return 'unreachable';
  if (states.includes('lost')) return null;
  return states.every((state) => state === 'restarted') ? 'notRecovered' : 'deleted';
}

export function missingOf(
  { value, firstSeen, lastSeen }: Known,
  { servers }: ClusterAssets,
  at: number,
): Missing {
  const kept = JSON.parse(value) as Kept;
  const [entity, account, accountName, stream, system, storage, messages, bytes, ...held] = kept;
  const holders = held.toSorted();
  const own = servers.filter((server) => server.system.id === system);
  return {
    cause: causeOf(holders.map((holder) => holderState(holder, { servers: own, lastSeen, at }))),
    entity: { kind: 'stream', name: entity, asset: { account, accountName, stream } },
    ...{ account, accountName, storage, messages, bytes, holders, firstSeen, lastSeen },
    url: (own[0] ?? servers[0])?.target.url ?? '',
  };
}
