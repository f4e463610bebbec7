import type { TargetReadings } from '../lambdas/engine/judgement/views.ts';
import type { GatewayRow, Gatewayz } from '../lambdas/readings/decoders/gatewayz.ts';
import type { RouteRow, Routez } from '../lambdas/readings/decoders/routez.ts';
import type { Varz } from '../lambdas/readings/decoders/varz.ts';
import { hours, minutes, type Duration } from '../lambdas/durations.ts';
import { firstMinute, server, varz, type Look } from './kit.ts';

/** A route to that server, as a healthy one is. */
export const route = (peer: string, changes: Partial<RouteRow> = {}): RouteRow => ({
  rid: 4,
  remote_id: `ID-${peer}`,
  remote_name: peer,
  start: firstMinute - hours(2),
  rtt: 0.0004,
  pending_size: 0,
  in_msgs: 100,
  out_msgs: 100,
  ...changes,
});

/** A gateway connection to or from a server of another cluster. */
export const gateway = (changes: Partial<GatewayRow['connection']> = {}): GatewayRow => ({
  configured: true,
  connection: {
    cid: 9,
    name: 'ID-west1',
    start: firstMinute - hours(2),
    rtt: 0.02,
    pending_bytes: 0,
    subscriptions: 74,
    ...changes,
  },
});

export type Linked = {
  readonly cluster?: string;
  /** Servers to which it has routes: 3 in a pool and that of the system account each. */
  readonly peers?: readonly string[];
  readonly routes?: readonly RouteRow[];
  /** Remote clusters that its configuration names. */
  readonly configured?: readonly string[];
  /** Remote clusters to which it has a gateway, or those. */
  readonly outbound?: readonly string[] | Gatewayz['outbound'];
  /** How many gateways come in from a remote cluster, or those. */
  readonly inbound?: Readonly<Record<string, number>>;
  /** False without a gateway listener. */
  readonly gateways?: boolean;
  readonly varz?: Partial<Varz>;
};

const pool = [undefined, undefined, undefined, 'SYS'];

/** A server of cluster `east`, in a super-cluster unless told otherwise. */
export function linked(
  name: string,
  {
    cluster = 'east',
    peers = [],
    routes = peers.flatMap((peer) => pool.map((account) => route(peer, { account }))),
    configured = [],
    outbound = [],
    inbound = {},
    gateways = true,
    varz: changes = {},
  }: Linked = {},
): TargetReadings {
  const own = varz({
    server_id: `ID-${name}`,
    server_name: name,
    remotes: new Set(routes.map((each) => each.remote_id)).size,
    cluster: { name: cluster, cluster_port: 6_222 },
    system_account: 'SYS',
    gateway: gateways
      ? { name: cluster, gateways: configured.map((each) => ({ name: each, urls: [`${each}:7222`] })) }
      : {},
    ...changes,
  });
  const { server_id, now } = own;
  const routez: Routez = { server_id, now, routes };
  const gatewayz: Gatewayz = {
    server_id,
    now,
    outbound: isNames(outbound) ? Object.fromEntries(outbound.map((each) => [each, gateway()])) : outbound,
    inbound: Object.fromEntries(
      Object.entries(inbound).map(([each, count]) => [each, Array.from({ length: count }, () => gateway())]),
    ),
  };
  return server(name, { varz: own, routez, gatewayz });
}

const isNames = (outbound: NonNullable<Linked['outbound']>): outbound is readonly string[] =>
  Array.isArray(outbound);

/** Servers of cluster `east` with routes to each other. */
export const mesh = (names: readonly string[], more: Linked = {}): readonly TargetReadings[] =>
  names.map((name) => linked(name, { peers: names.filter((other) => other !== name), ...more }));

type Watch = { readonly look: (servers: readonly TargetReadings[], after?: Duration) => Look };

/** What is told when all is well again, for two looks in a row and five minutes after a finding was opened. */
export const toldOnceWell = (watch: Watch, servers: readonly TargetReadings[]): readonly string[] =>
  [watch.look(servers), watch.look(servers, minutes(5))].flatMap(({ notices }) =>
    notices.map(({ kind }) => kind),
  );

/** Outcomes of so many looks at the same servers, a minute apart, each with how often it came in a row. */
export function outcomesOf(
  watch: Watch,
  servers: readonly TargetReadings[],
  count: number,
): readonly string[] {
  const all = Array.from({ length: count }, () => watch.look(servers).outcomes['cluster'] ?? '');
  const changes = all.flatMap((outcome, i) => (outcome === all[i - 1] ? [] : [i]));
  return changes.map((from, i) => `${(changes[i + 1] ?? all.length) - from} ${all[from] ?? ''}`);
}
