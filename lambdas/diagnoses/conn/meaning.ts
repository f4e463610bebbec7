import { seconds, type ClosedConnection } from '../../define.ts';
import { closeReasons } from '../../engine/close-reasons.ts';
import type { Varz } from '../../readings/endpoints.ts';
import { clientName } from '../client-name.ts';
import { mayHaveMissedKeepalive, spokeNoNats } from '../closed-row.ts';
import { isDialled } from '../leafnodes.ts';

/** What of `/varz` tells closes of one reason apart. */
export type Server = Pick<Varz, 'config_load_time' | 'leaf'>;

const reloadLasts = seconds(1);

/** True if it was closed while the server took a new configuration, at whose end `config_load_time` is. */
export const closedByReload = (
  { start, stop }: ClosedConnection,
  { config_load_time: at }: Server,
): boolean => at !== undefined && start < at && Math.abs(stop - at) < reloadLasts;

/** What a close means: by its reason, and by the rest of its row where the server gives one reason for several things. */
export function meaningOf(row: ClosedConnection, server: Server): string | undefined {
  const { kind, type, reason } = row;
  if (spokeNoNats(row) && !(kind === 'Leafnode' && isDialled(server, row)))
    return 'it began with HTTP, TLS or other bytes that are not NATS';
  if (closedByReload(row, server)) {
    if (reason === 'Authentication Failure') return 'a reload changed its credentials';
    if (reason === 'Client Closed') return 'a reload cut it off, or it hung up just then';
  }
  if (mayHaveMissedKeepalive(row)) return 'it missed its keepalive, or its connection was reset';
  if (type === 'mqtt' && reason === 'Protocol Violation' && clientName(row) === undefined)
    return 'it is no MQTT 3.1.1: MQTT 5, an empty id without clean session, or another protocol';
  return Object.hasOwn(closeReasons, reason) ? closeReasons[reason]?.means : undefined;
}
