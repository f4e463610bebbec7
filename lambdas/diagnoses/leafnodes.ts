import type { ClosedConnection } from '../define.ts';
import { hasFrom } from '../engine/versions.ts';
import type { Leafz, Varz } from '../readings/endpoints.ts';
import { leftWithoutWord } from './closed-row.ts';

export type LeafRow = Leafz['leafs'][number];

/** First release whose `/leafz` says each leafnode's name and `is_spoke`. */
const saysNames = ['2.9.15'];
export const namesLeafnodes = ({ version }: Pick<Varz, 'version'>): boolean => hasFrom(version, saysNames);

/** The account of whoever names none; closed rows never say it, `/leafz` and remotes of `/varz` do. */
export const globalAccount = '$G';

/** Ports that a URL without one may mean: leafnodes, WebSocket, WebSocket with TLS. */
const defaultPorts = [7_422, 80, 443];

/** Ports of a remote's URLs, which `/varz` shows as `host:port`. */
export const portsOf = (urls: readonly string[]): readonly number[] =>
  urls.flatMap((url) => {
    const [, port] = /:(\d+)$/.exec(url) ?? [];
    return port === undefined ? defaultPorts : [Number(port)];
  });

/** What tells which leafnode connections a server dialled. */
export type LeafOf = Pick<Varz, 'leaf'>;

const isRemotePort = ({ leaf: { remotes } }: LeafOf, port: number): boolean =>
  remotes.some(({ urls }) => portsOf(urls).includes(port));

/**
 * True if the server dialled this connection itself, as a remote of its configuration; the other end then has a port
 * of the remote's URLs, or of a hub that these made known. Not `is_spoke` alone: where the remote has `hub: true`, the
 * accepting server's row is the spoke (seen on 2.10.27 and 2.15.1).
 */
export function isDialled(
  varz: LeafOf,
  { port, is_spoke: isSpoke }: { readonly port: number; readonly is_spoke?: boolean | undefined },
): boolean {
  const { port: listener, remotes } = varz.leaf;
  if (remotes.length === 0) return false;
  return listener === 0 || isSpoke === true || isRemotePort(varz, port);
}

/**
 * The same of a closed connection. The row of one that the server dialled has no name and no version, but from the
 * start its account (none for `$G`); one that it accepted has a name before either account or subscriptions. So the
 * port need not be a URL's: a hub makes known others, which are dialled next (seen on 2.9.10, 2.10.27 and 2.15.1).
 */
export function wasDialled(
  varz: LeafOf,
  row: Pick<ClosedConnection, 'port' | 'name' | 'version' | 'account' | 'subscriptions'>,
): boolean {
  const { port: listener, remotes } = varz.leaf;
  if (remotes.length === 0) return false;
  if (listener === 0) return true;
  if (row.name !== undefined || row.version !== undefined) return false;
  return row.account !== undefined || row.subscriptions > 0 || isRemotePort(varz, row.port);
}

/** A server without `server_name` gives its id as its name, and has another one after each restart. */
const serverId = /^N[A-Z2-7]{55}$/;

/** What a leafnode is known by: its server's name, or null if it has none that lasts. */
export const lastingName = (name: string | undefined): string | null =>
  name === undefined || name === '' || serverId.test(name) ? null : name;

/** A leaf server waits a second for INFO and then says its name: who leaves earlier and unnamed is none. */
const silentSeconds = 0.5;

/** A health check of the leafnode port, or a TLS handshake that looks at its certificate: gone without a word. */
const isSilent = (row: ClosedConnection): boolean =>
  leftWithoutWord(row, silentSeconds) && row.account === undefined;

export const isLeafProbe = (varz: LeafOf, row: ClosedConnection): boolean =>
  row.kind === 'Leafnode' && isSilent(row) && !wasDialled(varz, row);

const planned = ['Server Shutdown', 'Kicked'];

/** A closed leafnode connection, and whether the server had dialled it. */
export type ClosedLeafnode = ClosedConnection & { readonly dialled: boolean };

/** Closed leafnode connections that nobody asked for, health checks left out. */
export const closedLeafnodes = (varz: LeafOf, rows: readonly ClosedConnection[]): readonly ClosedLeafnode[] =>
  rows
    .filter((row) => row.kind === 'Leafnode' && !planned.includes(row.reason))
    .map((row) => ({ ...row, dialled: wasDialled(varz, row) }))
    .filter((row) => row.dialled || !isSilent(row));

/** The newest closed rows of a server; user JWTs, which rows carry, do not pass the grep. */
export const closedLeafnodesCommand = (url: string): string =>
  `curl -s '${url}/connz?state=closed&sort=stop&auth=1&limit=200' | ` +
  `grep -E '"(kind|ip|start|stop|reason|name|account)":'`;
