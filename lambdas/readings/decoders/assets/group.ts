import { isRow, numberField, optionalTextField, textField, timeOrNullField } from '../fields.ts';
import type { EpochMs } from '../go-values.ts';
import { isTrue, listField, mapped, none, orDefault, rowField, type Nanoseconds } from './row-fields.ts';

/** A member of a raft group as the answering server sees it, that server itself aside. */
export type Replica = {
  readonly name: string;
  readonly current: boolean;
  readonly offline: boolean;
  /** Since it was last heard; 0 also where it never was. */
  readonly active: Nanoseconds;
  /** Raft entries. */
  readonly lag: number;
  readonly peer: string | undefined;
  /** From 2.15 on: assigned, and not yet or not any more a member. */
  readonly pending: boolean;
};

/** What a 2.15 server is still to bring about: another set of replicas, another place. */
export type Desired = {
  readonly created: EpochMs | null;
  /** Names of the servers that are to hold it. */
  readonly replicas: readonly string[];
  /** `meta`, `membership`, `snapshot`, `catchup`, `quorum`, `blocked` or `unavailable`. */
  readonly status: string | undefined;
  readonly description: string | undefined;
  readonly error: string | undefined;
};

export type Group = {
  /** Of a lone server: it leads what it holds, and has no raft group. */
  readonly isAlone: boolean;
  /** Null without one. */
  readonly leader: string | null;
  readonly leaderSince: EpochMs | null;
  readonly raftGroup: string | undefined;
  readonly replicas: readonly Replica[];
  readonly desired: Desired | null;
};

const replicaOf = (value: unknown): Replica => {
  const row = rowField(value, 'cluster.replicas');
  return {
    name: textField(row['name'], 'cluster.replicas.name'),
    current: isTrue(row['current']),
    offline: isTrue(row['offline']),
    active: orDefault(row['active'], 'cluster.replicas.active', numberField, 0),
    lag: orDefault(row['lag'], 'cluster.replicas.lag', numberField, 0),
    peer: optionalTextField(row['peer'], 'cluster.replicas.peer'),
    pending: isTrue(row['pending']),
  };
};

const desiredOf = (value: unknown): Desired => {
  const row = rowField(value, 'cluster.desired');
  const status = isRow(row['status']) ? row['status'] : {};
  return {
    created: orDefault(row['created'], 'cluster.desired.created', timeOrNullField, null),
    replicas: mapped(listField(row['replicas'], 'cluster.desired.replicas'), (each) =>
      textField(rowField(each, 'cluster.desired.replicas')['name'], 'cluster.desired.replicas.name'),
    ),
    status: optionalTextField(status['type'], 'cluster.desired.status.type'),
    description: optionalTextField(status['description'], 'cluster.desired.status.description'),
    error: optionalTextField(status['err'], 'cluster.desired.status.err'),
  };
};

const alone: Group = {
  isAlone: true,
  leader: null,
  leaderSince: null,
  raftGroup: undefined,
  replicas: none,
  desired: null,
};

type ReplicasOf = (list: readonly unknown[], leader: string) => readonly Replica[];

export const groupOf = (value: unknown, replicasOf: ReplicasOf = allReplicas): Group => {
  if (value === undefined) return alone;
  const row = rowField(value, 'cluster');
  const leader = optionalTextField(row['leader'], 'cluster.leader') ?? '';
  return {
    isAlone: false,
    leader: leader === '' ? null : leader,
    leaderSince: orDefault(row['leader_since'], 'cluster.leader_since', timeOrNullField, null),
    raftGroup: optionalTextField(row['raft_group'], 'cluster.raft_group'),
    replicas: replicasOf(listField(row['replicas'], 'cluster.replicas'), leader),
    desired: row['desired'] === undefined ? null : desiredOf(row['desired']),
  };
};

const allReplicas: ReplicasOf = (list) => mapped(list, replicaOf);

/** Of consumers: where another server leads only names count, so followers' replicas are few and shared. */
export function fewReplicas(): ReplicasOf {
  const known = new Map<string, Replica>();
  const named = (value: unknown): Replica => {
    const row = rowField(value, 'cluster.replicas');
    const name = textField(row['name'], 'cluster.replicas.name');
    const { active, lag, peer } = row;
    if (active !== undefined) numberField(active, 'cluster.replicas.active');
    if (lag !== undefined) numberField(lag, 'cluster.replicas.lag');
    const before = known.get(name);
    if (before?.peer === peer && before?.pending === isTrue(row['pending'])) return before;
    const replica = { ...replicaOf(row), current: false, offline: false, active: 0, lag: 0 };
    known.set(name, replica);
    return replica;
  };
  return (list, leader) => {
    for (const value of list) if (isRow(value) && value['name'] === leader) return list.map(named);
    return allReplicas(list, leader);
  };
}
