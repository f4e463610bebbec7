import type { ClosedConnection } from '../define.ts';
import { clientName } from './client-name.ts';

/**
 * True if nothing was heard of who connected that NATS understands: neither CONNECT (its name, language, version; the first
 * `rtt` is taken from it) nor what follows one. Rows of type mqtt or websocket are of those who came to such a port.
 */
const saidNothing = (row: ClosedConnection): boolean =>
  clientName(row) === undefined &&
  row.version === undefined &&
  row.lang === undefined &&
  row.account === undefined &&
  (row.type === undefined || row.type === 'nats') &&
  !(row.rtt !== undefined && row.rtt > 0) &&
  row.subscriptions === 0 &&
  row.in_msgs === 0;

const silentReasons = ['Client Closed', 'Read Error', 'Write Error'];

/**
 * True if who connected said nothing and was gone within `seconds`, by FIN (`Client Closed`) or RST (`Read Error`,
 * `Write Error`): as TCP health probes of load balancers and kubelets do, port scanners, and clients that insist on TLS
 * where the server offers none.
 */
export const leftWithoutWord = (row: ClosedConnection, seconds: number): boolean =>
  saidNothing(row) && row.lifetimeSeconds < seconds && silentReasons.includes(row.reason);

const foreignReasons = ['Authentication Failure', 'Protocol Violation'];
const foreignSeconds = 0.05;

/**
 * True if the server closed a connection at its first bytes, for they were not NATS: HTTP, a TLS hello, anything. It calls
 * that `Authentication Failure` with authorization and `Protocol Violation` without; on a leafnode port always the one or
 * the other, by version (seen on 2.9.10, 2.10.27 and 2.15.1). A client's `rtt` is 0 then, and such bytes come with the end
 * of TCP's handshake, so that it is over at once, however far away the client is; but a busy server takes its time. A
 * leaf server's CONNECT always has a name, so an accepted leafnode without one needs no time to tell.
 */
export const spokeNoNats = (row: ClosedConnection): boolean =>
  saidNothing(row) &&
  foreignReasons.includes(row.reason) &&
  (row.lifetimeSeconds < foreignSeconds || row.kind === 'Leafnode' || row.rtt === 0);

/** True if an MQTT client was dropped as those are that send nothing for 1.5 times their keepalive, a second at least. */
export const mayHaveMissedKeepalive = (row: ClosedConnection): boolean =>
  row.type === 'mqtt' &&
  row.reason === 'Read Error' &&
  clientName(row) !== undefined &&
  row.lifetimeSeconds >= 1 &&
  (row.idle === undefined || row.idle >= 1);
