import type { Leafz, Varz } from '../../readings/endpoints.ts';
import { isDialled, type LeafRow } from '../leafnodes.ts';

type Hub = { readonly varz: Varz };

/** Leafnode connections that are this server's to tell of: not those to a hub that is watched, which shows their other end. */
export function ownRows(
  server: Hub & { readonly leafz: Leafz; readonly peers: readonly Hub[] },
): readonly LeafRow[] {
  const {
    varz,
    leafz: { leafs },
  } = server;
  if (varz.leaf.remotes.length === 0 || leafs.length === 0) return leafs;
  const watched = new Set(server.peers.map((peer) => peer.varz.server_name));
  return leafs.filter(
    ({ name, ...row }) => name === undefined || !watched.has(name) || !isDialled(varz, row),
  );
}
