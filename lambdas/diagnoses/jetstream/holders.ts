import type { JetStreamServer } from '../assets/systems.ts';
import { minutes } from '../../define.ts';
import type { Assets } from '../../readings/endpoints.ts';

type Server = JetStreamServer<Assets>;

/**
 * What is known of a server that held a replica when it was last seen:
 * - `read`: what it does not list, it does not hold, and has held without a restart in between
 * - `restarted`: the same, but for a restart
 * - `lost`: it cannot be read, and a server that can says that it is gone
 * - `unclear`: it cannot be read, or not yet as a whole
 */
export type HolderState = 'read' | 'restarted' | 'lost' | 'unclear';

/** A server with large streams lists them one after the other as it starts. */
const recovers = minutes(10);

/** Whether a server that was read knows that this one is gone: of the followers' rows only `offline` means something. */
function isLost(name: string, servers: readonly Server[]): boolean {
  return servers.some(({ name: own, isSettled, reading: { meta_cluster: meta } }) => {
    const peer = meta?.replicas?.find((replica) => replica.name === name);
    if (!isSettled || peer === undefined) return false;
    return peer.offline || (meta?.leader === own && !peer.current);
  });
}

/** @param lastSeen when the replica was last seen there, epoch ms */
export function holderState(
  name: string,
  {
    servers,
    lastSeen,
    at,
  }: { readonly servers: readonly Server[]; readonly lastSeen: number; readonly at: number },
): HolderState {
  const server = servers.find((each) => each.name === name);
  if (server === undefined) return isLost(name, servers) ? 'lost' : 'unclear';
  if (server.reading.leftOut !== undefined || !server.isSettled) return 'unclear';
  if (server.varz.start <= lastSeen) return 'read';
  return at - server.varz.start >= recovers ? 'restarted' : 'unclear';
}
