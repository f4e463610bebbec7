import type { ClosedConnection } from '../define.ts';

/** Names of clients and leafnodes are kept and told up to so many characters. */
export const longestName = 64;

const silentReasons = ['Client Closed', 'Read Error', 'Write Error'];

/**
 * True if who connected was gone within `seconds`, by FIN (`Client Closed`) or RST (`Read Error`, `Write Error`), and had
 * not said a name or version: as TCP health probes of load balancers and kubelets, and port scanners do.
 */
export const leftWithoutWord = (
  { name, version, lifetimeSeconds, reason }: ClosedConnection,
  seconds: number,
): boolean =>
  name === undefined && version === undefined && lifetimeSeconds < seconds && silentReasons.includes(reason);
