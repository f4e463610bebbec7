/** Classes of closed connections, the words of `nats_connections_closed`'s label `reason_class`. */
export const closeClasses = ['planned', 'auth', 'slow', 'limit', 'network', 'other'] as const;
export type CloseClass = (typeof closeClasses)[number];

type CloseReason = {
  readonly class: CloseClass;
  /** Where a leafnode's is another. */
  readonly leafnode?: CloseClass;
  readonly means: string;
};

/**
 * Every reason that nats-server gives, up to 2.15 (monitor.go:2623-2706): 34 and `Unknown State` in 2.9, `Kicked` from
 * 2.10.0, the Proxy ones from 2.12.0.
 */
export const closeReasons: Readonly<Record<string, CloseReason>> = {
  // Any EOF (client.go:1702), and what a reload cuts off (reload.go:2320). A leaf server that leaves says nothing else: its hub sees every give-up so.
  'Client Closed': { class: 'planned', leafnode: 'network', means: 'it hung up' },
  'Server Shutdown': { class: 'planned', means: 'the server shuts down or drains' },
  Kicked: { class: 'planned', means: 'an administrator disconnected it' },
  'Credentials Revoked': { class: 'planned', means: 'its user was revoked' },
  'Authentication Expired': { class: 'planned', means: "its credentials or its account's ran out" },

  'Authentication Timeout': { class: 'auth', means: 'it did not log in within auth_timeout' },
  'Authentication Failure': { class: 'auth', means: 'its credentials were refused' },
  'TLS Handshake Failure': { class: 'auth', means: 'TLS failed or was never begun' },
  'Missing Account': { class: 'auth', means: 'the account it asks for does not exist' },
  'Proxy Not Trusted': { class: 'auth', means: 'it came through a proxy that is not trusted' },
  'Proxy Required': { class: 'auth', means: 'it must come through a proxy and did not' },

  'Slow Consumer (Pending Bytes)': { class: 'slow', means: 'more than max_pending waited for it' },
  'Slow Consumer (Write Deadline)': { class: 'slow', means: 'a write to it took longer than write_deadline' },

  'Maximum Connections Exceeded': { class: 'limit', means: 'the server was full' },
  'Maximum Account Connections Exceeded': { class: 'limit', means: 'its account was full' },
  'Maximum Message Payload Exceeded': { class: 'limit', means: 'it published more than max_payload' },
  'Maximum Control Line Exceeded': { class: 'limit', means: 'a protocol line was too long' },
  'Maximum Subscriptions Exceeded': { class: 'limit', means: 'it held more subscriptions than allowed' },

  'Write Error': { class: 'network', means: 'writing to it failed' },
  'Read Error': { class: 'network', means: 'its connection was reset' },
  'Stale Connection': { class: 'network', means: 'it did not answer PINGs' },
  'Duplicate Remote LeafNode Connection': {
    class: 'network',
    means: 'a leafnode of its name came, or itself anew',
  },

  'Parse Error': { class: 'other', means: 'it sent -ERR' },
  'Protocol Violation': {
    class: 'other',
    means: 'it broke the protocol; a leafnode: a loop or a permission',
  },
  'Bad Client Protocol Version': { class: 'other', means: 'its protocol version is unknown' },
  'Incorrect Port': { class: 'other', means: 'it dialled a port for others' },
  'Wrong Gateway': { class: 'other', means: 'a gateway dialled the wrong port or cluster' },
  'Minimum Version Required': { class: 'other', means: 'its leaf server is too old' },
  'Cluster Names Identical': { class: 'other', means: "its leaf cluster has the hub's name" },
  'No Responders Requires Headers': { class: 'other', means: 'no_responders without headers' },
  'Duplicate Client ID': { class: 'other', means: 'an MQTT client of its id came, or itself anew' },
  'Message Header Violation': { class: 'other', means: 'a malformed message header' },
  'Duplicate Route': { class: 'other', means: 'a route twice' },
  'Route Removed': { class: 'other', means: 'a route was taken out of the configuration' },
  'Cluster Name Conflict': { class: 'other', means: 'routes of two clusters' },
  'Duplicate Server Name': { class: 'other', means: 'two servers of one name' },
  'Internal Client': { class: 'other', means: "a client of the server's own" },
  'Unknown State': { class: 'other', means: 'the server does not say' },
};

/** The class of a reason; one that no server up to 2.15 gives is `other`, any further kind of slow consumer `slow`. */
export function closeClass(
  { kind, reason }: { readonly kind: string; readonly reason: string },
  moved: Readonly<Record<string, string>> = {},
): CloseClass {
  const setting = Object.hasOwn(moved, reason) ? moved[reason] : undefined;
  const chosen = setting === undefined ? undefined : closeClasses.find((word) => word === setting);
  if (chosen !== undefined) return chosen;
  const known = Object.hasOwn(closeReasons, reason) ? closeReasons[reason] : undefined;
  if (known !== undefined) return kind === 'Leafnode' ? (known.leafnode ?? known.class) : known.class;
  return reason.startsWith('Slow Consumer') ? 'slow' : 'other';
}
