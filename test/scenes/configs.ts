import { loopback } from '../services/loopback.ts';
import type { NatsServer, ServerPorts } from '../services/nats-server.ts';

/** Name of the hubs' cluster. */
export const hubCluster = 'hubs';

/** User and password of leaf remotes. The scenes' passwords equal their users: they guard loopback only. */
const leafUser = 'leaf';

const accounts = `accounts {
  APP { users: [{ user: app, password: app }] }
  SYS { users: [{ user: sys, password: sys }] }
}
system_account: SYS`;

/** What lets leaf remotes in, into account APP. */
function leafListener(port: number): string {
  return `listen: "${loopback}:${port}", authorization { users: [{ user: ${leafUser}, password: ${leafUser}, account: APP }] }`;
}

/**
 * A cluster listener with routes to these. It says where it listens, which servers else take from the address that it
 * dials from: of all loopback that is 127.0.0.1. Nor does it know itself at another address: a server of 2.10.27 that
 * dialled itself was now and then left without a peer for JetStream.
 * @param port -1 lets the system choose
 * @param peers itself among them or not
 * @param advertised where servers are to dial that learn of it from others
 */
export function clusterConfig(
  name: string,
  port: number,
  peers: readonly Pick<NatsServer, 'clusterPort'>[],
  more = '',
  advertised = loopback,
): string {
  const routes = peers
    .filter(({ clusterPort }) => clusterPort !== port)
    .map(({ clusterPort }) => `"nats://${loopback}:${clusterPort}"`)
    .join(', ');
  return `cluster { name: ${name}, listen: "${loopback}:${port}", advertise: "${advertised}", routes: [${routes}]${more === '' ? '' : `, ${more}`} }`;
}

/** Configuration of a hub with routes to its peers and a leafnode listener. */
export function hubConfig(
  ports: ServerPorts,
  peers: readonly NatsServer[],
  more = '',
  { advertises = true } = {},
): string {
  return `${accounts}
${clusterConfig(hubCluster, ports.cluster, peers)}
leafnodes { ${leafListener(ports.leaf)}, no_advertise: ${!advertises} }
${more}`;
}

export type LeafConfig = {
  /** Each remote with the hubs it may choose from, in order of preference. */
  readonly remotes: readonly (readonly Pick<NatsServer, 'leafPort'>[])[];
  readonly user?: string;
  /** Also a leafnode listener of its own, on this port. */
  readonly listenPort?: number;
  readonly more?: string;
};

/** Configuration of a leaf server, whose remotes bind its account APP to the hubs' account of that user. */
export function leafConfig({ remotes, user = leafUser, listenPort, more = '' }: LeafConfig): string {
  const remote = (hubs: readonly Pick<NatsServer, 'leafPort'>[]): string => {
    const urls = hubs.map(({ leafPort }) => `"nats://${user}:${user}@${loopback}:${leafPort}"`);
    return `{ urls: [${urls.join(', ')}], account: APP, no_randomize: true }`;
  };
  return `${accounts}
leafnodes {
  ${listenPort === undefined ? '' : leafListener(listenPort)}
  remotes: [${remotes.map(remote).join(', ')}]
}
${more}`;
}

/** What a leaf without a server says of itself in CONNECT. */
export function leafConnect(name: string): string {
  const identity = { name, server_id: name, cluster: name, version: '2.10.0', headers: true };
  return `CONNECT ${JSON.stringify({ user: leafUser, pass: leafUser, ...identity })}\r\n`;
}
