import type { Leafz, Varz } from '../../readings/endpoints.ts';
import { isDialled, type LeafRow } from '../leafnodes.ts';

type Hub = { readonly varz: Varz };

/** Leafnode connections that are this server's to tell of: not those to a hub that is watched, which shows their other end. */
export const ownRows = ({
  varz,
  leafz,
  peers,
}: Hub & { readonly leafz: Leafz; readonly peers: readonly Hub[] }): readonly LeafRow[] => {
  const { leafs } = leafz;
  if (varz.leaf.remotes.length === 0) return leafs;
  const watched = new Set(peers.map((peer) => peer.varz.server_name));
  return leafs.filter(
    ({ name, ...row }) => name === undefined || !watched.has(name) || !isDialled(varz, row),
  );
};
