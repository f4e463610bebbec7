import { known } from '../../define.ts';
import { formatBytes, formatCount } from '../../engine/format.ts';
import type { Varz } from '../../readings/endpoints.ts';

/** A limit that makes the server close connections. */
export type ClientLimit = {
  /** The option, as operators know it. */
  readonly option: string;
  /** What it is set to; null where `/varz` does not show it. */
  readonly value: (varz: Varz) => string | null;
  /** What the evidence says beyond the rows. */
  readonly note?: (varz: Varz) => string | null;
  readonly why: string;
  readonly remedy: string;
};

/** By close reason. Reasons that settings move into the class stand for themselves. */
export const clientLimits: Readonly<Record<string, ClientLimit>> = {
  'Maximum Connections Exceeded': {
    option: 'max_connections',
    value: ({ max_connections: most }) => (most > 0 ? formatCount(most) : null),
    // The server gives this reason to TLS connections beyond `connection_rate_limit` as well (server.go:3511).
    note(varz) {
      const connections = known(() => varz.connections);
      if (connections === null) return null;
      const { max_connections: most, tls_required: tls } = varz;
      return (
        `now ${formatCount(connections)} of ${formatCount(most)} are connected` +
        (tls && connections < most / 2
          ? ': rather `connection_rate_limit` of the `tls` block, which closes with the same reason'
          : '')
      );
    },
    why: 'The server is full: it closes every further client before it can say its name, so the rows have addresses only.',
    remedy:
      'Find who holds the connections (check connection-count names them) and close what leaks. If the load is legitimate, ' +
      'raise `max_connections` (a reload is enough) together with the process limit on file descriptors, or spread ' +
      'clients over more servers.',
  },
  'Maximum Account Connections Exceeded': {
    option: 'account connections',
    value: () => null,
    why: 'The account may not have more connections; they are counted over all servers of the cluster, and the newest go.',
    remedy:
      'Find what leaks connections in that account, or raise its limit: `limits { max_connections }` of the account in the ' +
      'configuration, `conn` in its JWT (`nsc edit account --conns`).',
  },
  'Maximum Message Payload Exceeded': {
    option: 'max_payload',
    value: ({ max_payload: most }) => formatBytes(most),
    why: 'A client that publishes a larger message loses its connection and everything in flight, then comes back and often tries again.',
    remedy:
      'Fix the publisher: split the message, compress it, or put it into the object store and send a reference. `max_payload` ' +
      'can be raised by a reload (nats-server advises up to 8 MiB), on every server of the cluster; an account may have ' +
      'a lower one of its own.',
  },
  'Maximum Control Line Exceeded': {
    option: 'max_control_line',
    value: ({ max_control_line: most }) => (most === undefined ? null : formatBytes(most)),
    why: 'A protocol line (subject, queue name, reply subject, or CONNECT with its JWT) was longer than the server accepts, so it closed the connection.',
    remedy:
      'Look for very long subjects or queue names, or a user JWT with many permissions. `max_control_line` can be raised by ' +
      'a reload.',
  },
  'Maximum Subscriptions Exceeded': {
    option: 'max_subscriptions',
    value: ({ max_subscriptions: most }) => (most === undefined ? null : formatCount(most)),
    why: 'The limit of the account or server went below what the client already held. Beyond the limit a client is otherwise only refused the further subscription, with -ERR, and stays connected.',
    remedy:
      "Was a limit lowered? Raise it again (`limits { max_subscriptions }` of the account, `subs` in its JWT; the server's own " +
      '`max_subscriptions` needs a restart), or let the client subscribe to wildcards instead of single subjects.',
  },
};
