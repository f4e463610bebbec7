import { isRow, numberField, optionalTextField, textField, timeOrNullField, type Row } from '../fields.ts';
import type { EpochMs } from '../go-values.ts';
import {
  amountField,
  isTrue,
  listField,
  mapped,
  none,
  orDefault,
  rowField,
  type Nanoseconds,
} from './row-fields.ts';

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
    lag: orDefault(row['lag'], 'cluster.replicas.lag', amountField, 0),
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

export const groupOf = (value: unknown): Group => {
  if (value === undefined) return alone;
  const row = rowField(value, 'cluster');
  return {
    isAlone: false,
    leader: leaderOf(row),
    leaderSince: sinceOf(row),
    raftGroup: optionalTextField(row['raft_group'], 'cluster.raft_group'),
    replicas: mapped(replicasIn(row), replicaOf),
    desired: desiredIn(row),
  };
};

const leaderOf = (row: Row): string | null => {
  const leader = optionalTextField(row['leader'], 'cluster.leader') ?? '';
  return leader === '' ? null : leader;
};
const sinceOf = (row: Row): EpochMs | null =>
  orDefault(row['leader_since'], 'cluster.leader_since', timeOrNullField, null);
const replicasIn = (row: Row): readonly unknown[] => listField(row['replicas'], 'cluster.replicas');

const desiredIn = (row: Row): Desired | null =>
  row['desired'] === undefined ? null : desiredOf(row['desired']);

/** Of tens of thousands of consumers the lists of replicas are few. */
const mostShared = 64;

/** Whether these are the replicas that a list has. */
function areIn(list: readonly unknown[], replicas: readonly Replica[]): boolean {
  if (replicas.length !== list.length) return false;
  for (let i = 0; i < list.length; i += 1) {
    const [replica, value] = [replicas[i], list[i]];
    if (!isRow(value) || replica?.name !== value['name'] || replica?.peer !== value['peer']) return false;
    if (replica?.pending !== isTrue(value['pending'])) return false;
  }
  return true;
}

/**
 * One list of replicas for all that name the same.
 * @param isAlike whether a replica may stand for others of its name
 * @param common what is said of all of them
 */
function sharedLists(isAlike: (row: Row) => boolean, common: Partial<Replica>) {
  const known: (readonly Replica[])[] = [];
  return (list: readonly unknown[]): readonly Replica[] | null => {
    for (const value of list) if (!isAlike(rowField(value, 'cluster.replicas'))) return null;
    for (const replicas of known) if (areIn(list, replicas)) return replicas;
    const replicas = list.map((value) => ({ ...replicaOf(value), ...common }));
    if (known.length < mostShared) known.push(replicas);
    return replicas;
  };
}

function areNumbers({ active, lag }: Row): boolean {
  if (active !== undefined) numberField(active, 'cluster.replicas.active');
  if (lag !== undefined) numberField(lag, 'cluster.replicas.lag');
  return true;
}

/** It has all, and was heard within the last ten seconds: when exactly is no news. */
const isWell = ({ current, offline, active, lag = 0 }: Row): boolean =>
  current === true &&
  offline !== true &&
  lag === 0 &&
  typeof active === 'number' &&
  active > 0 &&
  active < 10e9;

/**
 * A decoder of the groups of one reply's consumers, which share what is alike. Where another server leads, only names count. Nobody
 * asks for a consumer's raft group.
 */
export function groupsOfConsumers() {
  const asFollower = sharedLists(areNumbers, { current: false, offline: false, active: 0, lag: 0 });
  const asLeader = sharedLists(isWell, { active: 1e9 });
  const followed = new Map<readonly Replica[], Map<string, Group>>();
  const isShared = new Set<Group>();
  const following = (leader: string, replicas: readonly Replica[]): Group => {
    const byLeader = followed.get(replicas) ?? new Map<string, Group>();
    const known = byLeader.get(leader);
    if (known !== undefined) return known;
    const group = { ...alone, isAlone: false, leader, replicas };
    if (followed.size < mostShared) followed.set(replicas, byLeader.set(leader, group));
    isShared.add(group);
    return group;
  };
  const groupOf = (value: unknown): Group => {
    if (value === undefined) return alone;
    const row = rowField(value, 'cluster');
    const leader = leaderOf(row);
    const leaderSince = sinceOf(row);
    const desired = desiredIn(row);
    const list = replicasIn(row);
    const isLedElsewhere = leader !== null && hasName(list, leader);
    const shared = isLedElsewhere ? asFollower(list) : asLeader(list);
    if (isLedElsewhere && shared !== null && leaderSince === null && desired === null)
      return following(leader, shared);
    const replicas = shared ?? mapped(list, replicaOf);
    return { isAlone: false, leader, leaderSince, raftGroup: undefined, replicas, desired };
  };
  /** Whether another server leads it. */
  const isFollower = (group: Group): boolean => isShared.has(group);
  return { groupOf, isFollower };
}

function hasName(list: readonly unknown[], name: string): boolean {
  for (const value of list) if (isRow(value) && value['name'] === name) return true;
  return false;
}
