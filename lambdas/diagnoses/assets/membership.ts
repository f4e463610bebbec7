import type { Entity } from '../../define.ts';
import type { Replica } from '../../readings/decoders/assets.ts';
import type { ClusterAssets, Consumer, Stream } from './assets.ts';
import type { System } from './systems.ts';

export type Asset = Stream | Consumer;

/** Of a stream or consumer, the servers that should hold a replica and do not take part. */
export type Lacking<A extends Asset = Asset> = { readonly asset: A; readonly missing: readonly string[] };

/** A stream or consumer without a leader. */
export type Leaderless<A extends Asset = Asset> = Lacking<A> & {
  /** Servers that hold a replica, as the replicas name them. */
  readonly members: readonly string[];
  /** So many of them elect a leader. */
  readonly quorum: number;
  readonly hasQuorum: boolean;
};

/** The leader hears from others each second. A longer silence is told by `current`, once it lasts 10 s. */
const isSilent = ({ current, offline, active, pending }: Replica): boolean =>
  !pending && (offline || (!current && (active === 0 || active >= 10e9)));

/** Followers that the leader does not hear: dead, stopped or cut off. One that catches up is heard. */
export function silentReplicas({ leader }: Pick<Asset, 'leader'>): readonly Replica[] {
  const replicas = leader?.row.group.replicas ?? none;
  return replicas.some(isSilent) ? replicas.filter(isSilent) : none;
}

const none: readonly never[] = [];

export const systemOf = ({ replicas: [first] }: Pick<Asset, 'replicas'>): System | null =>
  first?.server.system ?? null;

/** Names of a system's servers are told from those of another one. */
export const keyOf = (asset: Pick<Asset, 'replicas'>, server: string): string =>
  JSON.stringify([systemOf(asset)?.id ?? '', server]);

/** Servers that take part in some group: they lead it, or its leader hears them. */
export function takingPart({ streams, consumers }: ClusterAssets): ReadonlySet<string> {
  const all = new Set<string>();
  for (const asset of [...streams, ...consumers.all()]) {
    if (asset.leader === null) continue;
    const { server, row } = asset.leader;
    if (row.group.replicas.length === 0) continue;
    all.add(keyOf(asset, server.name));
    for (const replica of row.group.replicas)
      if (!isSilent(replica) && !replica.pending) all.add(keyOf(asset, replica.name));
  }
  return all;
}

/**
 * Streams or consumers of which no replica that was read knows a leader. One whose majority was not read and lives, as other
 * groups show, may have a leader there and is none of them.
 */
export function leaderless<A extends Asset>(
  all: readonly A[],
  living: ReadonlySet<string>,
): readonly Leaderless<A>[] {
  return all.flatMap((asset) => {
    if (asset.leaderName !== null || !asset.isSettled) return [];
    const holders = new Set(asset.replicas.map(({ server }) => server.name));
    const told = asset.replicas.flatMap(({ row }) =>
      row.group.replicas.filter(({ pending }) => !pending).map(({ name }) => name),
    );
    const members = [...new Set([...holders, ...told])].toSorted();
    const others = members.filter((name) => !holders.has(name));
    const missing = others.filter((name) => !living.has(keyOf(asset, name)));
    const quorum = Math.floor(members.length / 2) + 1;
    if (others.length - missing.length >= quorum) return [];
    return [{ asset, members, missing, quorum, hasQuorum: members.length - missing.length >= quorum }];
  });
}

/** What several streams or consumers suffer from together. */
export type Cause =
  | { readonly kind: 'servers'; readonly names: readonly string[] }
  /** No server of the system has a meta leader either: they do not reach each other. */
  | { readonly kind: 'cut'; readonly system: System }
  /** Servers of their replicas have no room left. */
  | { readonly kind: 'full'; readonly names: readonly string[] }
  | { readonly kind: 'own' };

export type Suffering<L extends Lacking> = {
  readonly entity: Entity;
  readonly cause: Cause;
  /** At least one. */
  readonly cases: readonly L[];
};

/**
 * Cases that one cause explains are one: that of servers that take part in nothing, of a system whose servers do not reach
 * each other, or of servers without room. The others stand each for itself.
 * @param fullOf of a case, the servers whose full stores explain it
 */
export function byCause<L extends Lacking>(
  cases: readonly L[],
  { servers }: ClusterAssets,
  living: ReadonlySet<string>,
  fullOf: (each: L) => readonly string[] = () => [],
): readonly Suffering<L>[] {
  const bySystem = Map.groupBy(servers, ({ system }) => system.id);
  const cut = new Set(
    [...bySystem]
      .filter(([, own]) => own.every(({ reading }) => (reading.meta_cluster?.leader ?? '') === ''))
      .map(([id]) => id),
  );
  const grouped = new Map<string, { entity: Entity; cause: Cause; cases: L[] }>();
  for (const each of cases) {
    const { entity, cause } = causeOf(each, { cut, living, full: fullOf(each) });
    const key = JSON.stringify([entity.kind, entity.name]);
    const group = grouped.get(key) ?? { entity, cause, cases: [] };
    group.cases.push(each);
    grouped.set(key, group);
  }
  return [...grouped.values()];
}

type Explained = { readonly entity: Entity; readonly cause: Cause };

function causeOf(
  { asset, missing }: Lacking,
  {
    cut,
    living,
    full,
  }: {
    readonly cut: ReadonlySet<string>;
    readonly living: ReadonlySet<string>;
    readonly full: readonly string[];
  },
): Explained {
  const isLiving = (name: string) => living.has(keyOf(asset, name));
  const ofServers = (names: readonly string[]): Entity => ({ kind: 'server', name: names.join(', ') });
  if (missing.length > 0 && !missing.some(isLiving))
    return { entity: ofServers(missing), cause: { kind: 'servers', names: missing } };
  const system = systemOf(asset);
  if (missing.length === 0 && system !== null && cut.has(system.id))
    return { entity: { kind: 'meta', name: system.name }, cause: { kind: 'cut', system } };
  if (full.length > 0) return { entity: ofServers(full), cause: { kind: 'full', names: full } };
  return { entity: asset.entity, cause: { kind: 'own' } };
}
