import { closeReasons } from '../../engine/close-reasons.ts';
import { paceOf, reasonsOf, type Close, type Closes, type Pace } from './pace.ts';

/** Which end the connections were seen from, and how the other end is known. */
export type Side =
  /** A leafnode that named itself to the hub. */
  | 'leafnode'
  /** An address that did not come as far as a name. */
  | 'address'
  /** A client that dialled the port for leafnodes. */
  | 'client'
  /** A remote that the server dialled itself. */
  | 'remote';

export type Cause = {
  /** A clause that ends a sentence. */
  readonly says: string;
  /** What to do first. */
  readonly step: string;
};

// Seen on real servers (2.9.10, 2.10.27, 2.15.1) at both ends unless said otherwise; source lines as of 2.15-dev.
const causes = {
  credentials: {
    says: 'the hub refuses its credentials',
    step:
      'Compare what the remote presents (`credentials` file, nkey, or user and password in its URL) with what the hub ' +
      'accepts: an expired or revoked JWT, a changed password, an account the hub does not have. The hub logs ' +
      '"authentication error" with the user; the leaf tries again every second on each hub until it is mended.',
  },
  // registerWithAccount fails after the login: the row has an account, the log nothing but "authentication error".
  accountFull: {
    says: 'the hub knows its credentials but its account takes no further leafnode',
    step:
      'Look at the account: its limit of leafnodes (`leaf` in the account JWT, `max_leafnodes` in a configuration) is ' +
      'reached, and connections that the hub dials count as well. Raise it, or stop the leafnode that is one too many.',
  },
  plainListener: {
    says: 'it does not speak NATS where the hub expects CONNECT, as a remote does that wants TLS from a listener without',
    step:
      "Compare the `tls` blocks: the remote has one (or a `tls://` URL, or `handshake_first`), the hub's `leafnodes` " +
      'listener has none. The leaf logs a TLS handshake error.',
  },
  tls: {
    says: 'TLS cannot be agreed on',
    step:
      'Compare the `tls` blocks of remote and listener: an expired certificate, a CA file that does not hold its issuer, ' +
      'a URL whose host name is not on the certificate, `verify` without a client certificate, `handshake_first` on one ' +
      'side only. Both ends log the TLS error in words. The health check of a load balancer looks ' +
      'like this too: then the address is its own.',
  },
  timeout: {
    says: "it does not finish logging in before the hub's `authorization { timeout }`",
    step:
      "Look at the hub's CPU and at what a login waits for (auth callout, account resolver), then at the link; who " +
      "never says CONNECT is no leaf server. The timeout is 2 s by default, with TLS a second more. If the hub's log " +
      'says "minimum version required", upgrade the leaf server.',
  },
  // 2.10 waits 5 s before it closes, but its auth timer is still running and comes first (seen on 2.10.27).
  timeoutAfterLogin: {
    says: 'it is closed after it logged in, as 2.10 does with a leaf older than `leafnodes { min_version }`',
    step: 'Look for "minimum version required" in the hub\'s log. Upgrade the leaf server, or lower `min_version` on the hub.',
  },
  version: {
    says: "it is older than the hub's `leafnodes { min_version }`",
    step: 'Upgrade the leaf server, or lower `min_version` on the hub until that is done.',
  },
  clusterName: {
    says: "its cluster has the same name as the hub's",
    step:
      "Give the leaf's cluster a name of its own (`cluster { name }`). A server without a cluster counts with its " +
      '`server_name`, so a remote whose URL leads back to its own server looks like this too.',
  },
  duplicate: {
    says: 'another connection says it is the same leafnode, and they put each other out',
    step:
      'Give every leaf server a `server_name` of its own: two replicas or clones of one configuration look like one ' +
      'leafnode. If there is only one, it has two remotes for the same account: keep one, with both hubs in its `urls`.',
  },
  // handleLeafNodeLoop and leafPermViolation close with the same reason, and both wait 30 s (leafnode.go:49-56).
  violation: {
    says: 'the hub finds a loop or a permission violation',
    step:
      'Read the log at that time: "Loop detected" means two ways lead from this leafnode to the hub (a second remote, ' +
      'another leaf in between, a hub that dials back): take one of them out. From 2.10 on a loop also puts out innocent ' +
      'leafnodes on the way. "Permissions Violation" or "Subscription Violation" names the subject: allow it, or deny it ' +
      'on the other side as well.',
  },
  wrongPort: {
    says: "the remote's URL leads to a port that is not for leafnodes",
    step: "Correct the port in the remote's `urls`: 7422 by default, not the clients' 4222 nor the routes' 6222.",
  },
  client: {
    says: "it is no leafnode but a client that dials the leafnodes' port",
    step: 'Give that client the port for clients (4222 by default); the name and address are below.',
  },
  // INFO must come within a second of the dial (opts.go:6109).
  noInfo: {
    says: "it hangs up after waiting a second for the hub's INFO",
    step:
      'Measure the round trip between leaf and hub: satellite and mobile links, or a hub short of CPU, can take longer ' +
      'than the leaf waits. Set `first_info_timeout` on the remote (from 2.10.26 on) to a few seconds.',
  },
  // connectProcessTimeout, a constant at the soliciting end; it ends before subscriptions are exchanged
  // (leafnode.go:3699-3790).
  handshake: {
    says: 'the leaf gives up 2 s after its CONNECT, before the hub has confirmed it',
    step:
      "Look at what the hub's answer to CONNECT waits for: authorisation (auth callout, account resolver), CPU of the " +
      'hub, a slow link. The 2 s are fixed on the leaf and do not depend on how many subscriptions it has. If many ' +
      'leafnodes do this at once, let them reconnect in turn: raise `reconnect` on the leaf servers.',
  },
  halfMinute: {
    says: "it waits half a minute each time, as after a loop, a permission violation or a cluster name like the hub's",
    step:
      'The other end closed it and has said why in its log: "Loop detected" (take one of the two ways to the hub out), ' +
      '"Permissions Violation" or "Subscription Violation" (allow the subject, or deny it on both ends), or "same ' +
      'cluster name" (rename the leaf\'s cluster).',
  },
  // From PR 7970 (2026) on the leaf waits 5 s; before, a 2.9 hub held the connection for 5 s.
  fiveSeconds: {
    says: "a wait of 5 s is that of a leaf older than the hub's `leafnodes { min_version }`",
    step:
      'Look for "minimum version required" in either log and upgrade the leaf server. If it is not there, 5 s is the ' +
      "`reconnect` interval of its configuration: read the close in the other end's log.",
  },
  hubTimeout: {
    says: 'the hub closes it after about 2 s, the time it gives for logging in',
    step:
      'Read both logs: "Authentication Timeout" alone points to the hub\'s CPU, auth callout or account resolver; ' +
      '"minimum version required" before it says that this server is older than the hub wants leafnodes to be.',
  },
  slow: {
    says: 'it cannot take what the hub sends within the write deadline',
    step:
      'Compare the traffic to it with its link (`nats server report leafnodes`, message and byte rates) and its CPU. ' +
      'Send less over it (account exports and imports, `deny_exports`), widen the link, or raise `write_deadline`.',
  },
  gateway: {
    says: "it is a gateway that dials the leafnodes' port",
    step: "Correct the port of that gateway's `urls`: 7222 by default.",
  },
  refused: {
    says: 'the other end closes it at once and knows why',
    step:
      'Read the leaf\'s log ("Leafnode Error") or the hub\'s at that time: authorisation, a full account, TLS. The closed ' +
      'connections of the hub (below, with its address) have the reason as well.',
  },
  other: {
    says: 'it is connected in between, so its configuration is accepted',
    step:
      'See what happens at the leaf at those times: a process that restarts (its log, `dmesg`, container events), a link ' +
      'that breaks, a NAT or load balancer that cuts idle connections, hubs restarted one after another.',
  },
} satisfies Record<string, Cause>;

const byReason: Readonly<Record<string, (close: Close, side: Side) => Cause>> = {
  'Authentication Failure': ({ account, version }) => {
    if (account !== '') return causes.accountFull;
    return version === '' ? causes.plainListener : causes.credentials;
  },
  'Authentication Timeout': ({ account }) => (account === '' ? causes.timeout : causes.timeoutAfterLogin),
  'Protocol Violation': ({ version }, side) =>
    version === '' && side === 'address' ? causes.plainListener : causes.violation,
  'Authentication Expired': () => ({ ...causes.credentials, says: 'its credentials have run out' }),
  'Credentials Revoked': () => ({ ...causes.credentials, says: 'its user was revoked' }),
  'Missing Account': () => ({ ...causes.credentials, says: 'the account it asks for does not exist' }),
  'Maximum Account Connections Exceeded': () => causes.accountFull,
  'Slow Consumer (Write Deadline)': () => causes.slow,
  'Wrong Gateway': () => causes.gateway,
  'TLS Handshake Failure': () => causes.tls,
  'Cluster Names Identical': () => causes.clusterName,
  'Duplicate Remote LeafNode Connection': () => causes.duplicate,
  'Incorrect Port': () => causes.wrongPort,
  'Minimum Version Required': ({ version }) => ({
    ...causes.version,
    says:
      version === ''
        ? causes.version.says
        : `its nats-server ${version} is older than the hub's \`min_version\``,
  }),
};

/** Reasons that say only that the connection ended: who gave up, and when, must tell. */
const mute = ['Client Closed', 'Read Error', 'Write Error', 'Stale Connection'];
const within = (value: number | null, from: number, to: number) =>
  value !== null && value >= from && value < to;

/**
 * Why a connection does not last: the most frequent reason tells, of equals the one that says more.
 * @param closes at least one, oldest first
 */
export function causeOf(closes: Closes, side: Side): Cause {
  const [[reason] = ['Unknown State']] = reasonsOf(closes).toSorted(
    ([a, timesA], [b, timesB]) => timesB - timesA || Number(mute.includes(a)) - Number(mute.includes(b)),
  );
  const last = closes.findLast(({ note }) => note.reason === reason)?.note;
  if (side === 'client') return causes.client;
  const explicit = Object.hasOwn(byReason, reason) ? byReason[reason] : undefined;
  if (explicit && last) return explicit(last, side);
  if (!mute.includes(reason)) {
    const means = Object.hasOwn(closeReasons, reason) ? closeReasons[reason]?.means : undefined;
    return { ...causes.other, says: means ?? 'the server does not say why' };
  }
  return causeOfPace(paceOf(closes), reason, side);
}

/** Who gave up, by when: both ends see an EOF or a reset whoever it was. */
function causeOfPace({ lifetime, gap }: Pace, reason: string, side: Side): Cause {
  if (within(gap, 25, 40)) return causes.halfMinute;
  if (within(lifetime, 4.5, 5.5) || within(gap, 4.5, 7)) return causes.fiveSeconds;
  // At its own end a leaf that waited in vain says so: `Read Error` for INFO, `Stale Connection` for the confirmation.
  if (side === 'address' && within(lifetime, 0.5, 1.5)) return causes.noInfo;
  if (side === 'remote' && reason === 'Read Error' && within(lifetime, 0.9, 1.5)) return causes.noInfo;
  if (side === 'remote' && reason !== 'Stale Connection' && within(lifetime, 1.5, 3.5))
    return causes.hubTimeout;
  if (within(lifetime, 1, 3)) return causes.handshake;
  return lifetime < 1 ? causes.refused : causes.other;
}
