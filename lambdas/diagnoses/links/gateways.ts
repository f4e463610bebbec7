import { days, hours, type ClusterFacts, type Known, type SetDifference, type Target } from '../../define.ts';
import { notCompared } from '../members.ts';
import type { GatewayRow } from '../../readings/decoders/gatewayz.ts';
import type { Gatewayz, Varz } from '../../readings/endpoints.ts';
import type { Failure } from '../../readings/reading.ts';

type Watched = { readonly target: Target; readonly varz: Varz; readonly gatewayz: Gatewayz };

/** A server with gateways, and which remote clusters it should have them to. */
export type GatewayServer<S extends Watched = Watched> = S & {
  readonly id: string;
  /** What the gateways of its own cluster are called. */
  readonly own: string;
  /** Remote clusters that its configuration names, or settings expect. */
  readonly wanted: ReadonlySet<string>;
  /** By remote cluster. */
  readonly outbound: ReadonlyMap<string, GatewayRow>;
  readonly inbound: ReadonlyMap<string, readonly GatewayRow[]>;
};

/** How many remote clusters each server should have a gateway to, or which. */
export type Expected = ClusterFacts['expect']['gateways'];

/** Why nothing can be said where no server has gateways: one could not be read, or so it is meant. */
export const noGateways = (unread: readonly { readonly target: Target; readonly failure: Failure }[]) =>
  notCompared(unread, 'no watched server has gateways');

/** The servers that have gateways, each once, under however many URLs. */
export function gatewayServersOf<S extends Watched>(
  servers: readonly S[],
  expected: Expected,
): readonly GatewayServer<S>[] {
  const found = servers.flatMap((server): (readonly [string, GatewayServer<S>])[] => {
    const { server_id: id, gateway } = server.varz;
    const { name: own } = gateway;
    if (own === undefined) return [];
    const names = [
      ...(gateway.gateways ?? []).map(({ name }) => name),
      ...(typeof expected === 'object' ? expected : []),
    ];
    const { outbound, inbound } = server.gatewayz;
    return [
      [
        id,
        {
          ...server,
          id,
          own,
          wanted: new Set(names.filter((name) => name !== own)),
          outbound: new Map(Object.entries(outbound)),
          inbound: new Map(Object.entries(inbound)),
        },
      ],
    ];
  });
  return [...new Map(found.toReversed()).values()].toReversed();
}

/** How long a remote cluster is remembered that had a gateway. */
export const rememberedFor = days(30);
/** One that no configuration names is missed for so long: clusters are taken down on purpose, too. */
export const learntFor = hours(1);

/** A server without a gateway to a remote cluster. */
export type Missing<S extends Watched = Watched> = {
  readonly server: GatewayServer<S>;
  readonly remote: string;
  readonly isWanted: boolean;
  /** When the gateway was last seen, epoch ms; null where it never was. */
  readonly lastSeen: number | null;
};

type Seeing = Watched & { readonly history: { readonly seen: (remotes: Iterable<string>) => SetDifference } };

/** Which remote clusters each server has no gateway to: those it should have, and those it had. */
export const missingGateways = <S extends Seeing>(
  servers: readonly GatewayServer<S>[],
): readonly Missing<S>[] =>
  servers.flatMap((server) => {
    const { outbound, wanted, own } = server;
    const gone = new Map(
      server.history.seen(outbound.keys()).gone.map(({ member, lastSeen }) => [member, lastSeen]),
    );
    return [...new Set([...wanted, ...gone.keys()])]
      .filter((remote) => remote !== own && !outbound.has(remote))
      .map((remote) => ({
        ...{ server, remote },
        isWanted: wanted.has(remote),
        lastSeen: gone.get(remote) ?? null,
      }));
  });

type Places = (update: (before: ReadonlyMap<string, Known>) => ReadonlyMap<string, string>) => {
  readonly before: ReadonlyMap<string, Known>;
};

/** Remote clusters whose servers are watched too, and of which none answers: SERVER_101 tells of these. */
export function silentClusters(
  servers: readonly Watched[],
  unread: readonly { readonly target: Target }[],
  places: Places,
): ReadonlySet<string> {
  const clusters = new Map(
    servers.flatMap(({ target, varz }) =>
      varz.gateway.name === undefined ? [] : [[target.name, varz.gateway.name] as const],
    ),
  );
  const { before } = places(() => clusters);
  const answering = new Set(clusters.values());
  const silent = unread.flatMap(({ target }) => before.get(target.name)?.value ?? []);
  return new Set(silent.filter((cluster) => !answering.has(cluster)));
}

/** A server and a remote cluster as the two ends of a link. */
export const endsOf = ({ server, remote }: Pick<Missing, 'server' | 'remote'>) => ({
  a: `server ${server.target.name}`,
  b: `cluster ${remote}`,
  weight: 1,
});

/** What is common to gateways with this end: `gateways of n1`, or `gateways of east to west`. */
export const gatewaysWith = (end: string, own: string): string => {
  const [, kind, name = ''] = /^(server|cluster) (.*)$/s.exec(end) ?? [];
  return kind === 'server' ? `gateways of ${name}` : `gateways of ${own} to ${name}`;
};

export const gatewayCommands = ({ url }: Target) => ({
  nats: 'nats server report gateways',
  curl: `curl -s '${url}/varz' | grep -A 30 '"gateway":'; curl -s '${url}/gatewayz' | grep -E '"(name|ip|port|rtt|uptime)"|gateways|": [[{]'`,
});
