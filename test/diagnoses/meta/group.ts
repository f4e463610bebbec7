import type { TargetReadings } from '../../../lambdas/engine/judgement/views.ts';
import type { Jsz, MetaCluster } from '../../../lambdas/readings/decoders/jsz.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { jsz, member } from '../../jetstream-kit.ts';

type Peer = NonNullable<MetaCluster['replicas']>[number];

export const peer = (name: string, changes: Partial<Peer> = {}): Peer => ({
  ...{ name, current: true, offline: false, active: 500_000_000, lag: 0, peer: `peer-${name}` },
  ...changes,
});
/** Silent for half a minute. */
export const silent = (name: string): Peer => peer(name, { current: false, active: 30_000_000_000 });
/** Silent for three minutes, or stopped. */
export const offline = (name: string): Peer =>
  peer(name, { current: false, offline: true, active: 200_000_000_000 });

type Group = {
  readonly leader?: string | null;
  /** What the leader says of peers, where that is not that they are well. */
  readonly peers?: readonly Peer[];
  readonly size?: number;
  readonly meta?: Partial<MetaCluster>;
  readonly jsz?: Partial<Jsz>;
  readonly varz?: Partial<Varz>;
};

/** Servers of one meta group as their `/jsz` shows it; the leader's row tells of the peers. */
export const group = (
  names: readonly string[],
  { leader = names[0] ?? null, peers = [], size, meta, jsz: own, varz }: Group = {},
): readonly TargetReadings[] => {
  const others = names.filter((name) => !peers.some((each) => each.name === name)).map((name) => peer(name));
  const all = [...others, ...peers];
  return names.map((name) =>
    member(name, {
      varz: { remotes: names.length - 1, ...varz },
      jsz: jsz({
        ...own,
        meta: {
          leader: leader ?? undefined,
          cluster_size: size ?? all.length,
          quorum_needed: undefined,
          replicas:
            name === leader
              ? all.filter((each) => each.name !== name)
              : others
                  .filter((each) => each.name !== name)
                  .map((each) => ({ ...each, current: false, active: 0 })),
          ...meta,
        },
      }),
    }),
  );
};

/** A server whose JetStream is off. */
export const withoutJetStream = (name: string, varz: Partial<Varz> = {}): TargetReadings => {
  const off = { disabled: true, config: { max_memory: 0, max_storage: 0, domain: undefined } };
  return member(name, { varz: { jetstream: {}, ...varz }, jsz: { ...jsz(off), meta_cluster: undefined } });
};
