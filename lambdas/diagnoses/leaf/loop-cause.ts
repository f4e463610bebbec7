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
    says:
      'it does not speak NATS where the hub expects CONNECT, as a remote does that wants TLS from a listener without, ' +
      'or an HTTP health check',
    step:
      "Is it a leaf server? Compare the `tls` blocks: the remote has one (or a `tls://` URL, or `handshake_first`), the hub's " +
      '`leafnodes` listener has none; the leaf logs a TLS handshake error. Is it a load balancer? Let it check by TCP, or ' +
      "/healthz on the monitoring port. The closed connection's address tells which.",
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
      'A leaf server says CONNECT as soon as it has the INFO of the hub: look at the link, and whether it is a leaf server ' +
      'at all (a health check that holds its connection, a port scanner). The timeout is 2 s by default, with TLS a ' +
      'second more.',
  },
  // 2.10 waits 5 s before it closes, but its auth timer is still running and comes first (seen on 2.10.27).
  timeoutAfterConnect: {
    says:
      "its login is not done before the hub's `authorization { timeout }`: the hub is slow at it, or it is 2.10 and the " +
      'leaf older than `leafnodes { min_version }`',
    step:
      'Look for "minimum version required" in the hub\'s log: if it is there, upgrade the leaf server, or lower `min_version` ' +
      "on the hub. Else look at what a login waits for (auth callout, account resolver) and at the hub's CPU. The timeout " +
      'is 2 s by default, with TLS a second more.',
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
  // Each is put out as soon as the other has waited its `reconnect` (1 s unless configured), so that all last as long.
  duplicate: {
    says: 'another connection says it is the same leafnode, and they put each other out',
    step:
      'Give every leaf server a `server_name` of its own: two replicas or clones of one configuration look like one ' +
      'leafnode. If there is only one, it has the same remote twice (nats-server before 2.15 does not refuse that), or, ' +
      'where the hub is older than 2.10, two remotes for one account of the hub: keep one, with all hubs in its `urls`.',
  },
  returned: {
    says: 'it comes back while the hub still holds its old connection: the link breaks without a word to the hub',
    step:
      'Look at the link between leaf and hub at these times: an idle time-out of a NAT gateway or load balancer (350 s on ' +
      'AWS), a mobile or VPN link, a leaf host that lost power. The hub did not notice, and messages to the leaf were lost ' +
      'until it came back. A shorter `ping_interval` on both ends finds dead links sooner and keeps idle ones open. If all ' +
      'connections last exactly as long, two leaf servers of one `server_name` take turns, and that is their `reconnect`.',
  },
  tookTurns: {
    says:
      'another connection of the same leafnode takes its place, each time after as long: two leaf servers of one name take ' +
      'turns, or one comes back before the hub has noticed that its link is dead',
    step:
      'Are there two leaf servers of that `server_name`? Give each its own: they put each other out after their ' +
      '`reconnect`. Is there one? Look at the link between leaf and hub at these times (a NAT gateway, load balancer or ' +
      'firewall that cuts connections of an age, a mobile or VPN link): the hub did not notice, and messages to the leaf were ' +
      'lost until it came back. A shorter `ping_interval` on both ends finds dead links sooner.',
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
    says: "it hangs up after waiting a second for the hub's INFO, as a leaf server or a health check does",
    step:
      'Is its address that of a leaf server, and not of a health check that holds its connection for a second? Then ' +
      'measure the round trip between leaf and hub: satellite and mobile links, or a hub short of CPU, can take longer ' +
      'than the leaf waits. Set `first_info_timeout` on the remote (from 2.10.26 on) to a few seconds.',
  },
  // connectProcessTimeout, a constant at the soliciting end; it ends before subscriptions are exchanged
  // (leafnode.go:3699-3790).
  handshake: {
    says: 'the leaf gives up 2 s after its CONNECT, before the hub has confirmed it',
    step:
      "Look at what the hub's answer to CONNECT waits for: authorisation (auth callout, account resolver), CPU of the " +
      'hub, a slow link. The 2 s are fixed on the leaf and do not depend on how many subscriptions it has. If many ' +
      'leafnodes do this at once, let them reconnect in turn: raise `reconnect` on the leaf servers. If the hub is quick, ' +
      "read the leaf's log: a process that crashes 2 s after its start looks the same.",
  },
  // Seen at the leaf for a cluster name and (2.9.10 to 2.15.1) 31.0 s: 30 s and the `reconnect` of 1 s.
  halfMinute: {
    says:
      "it waits half a minute each time: so it does after a loop, a permission violation or a cluster name like the hub's, " +
      'and where its `reconnect` is so long',
    step:
      'The other end closed it and has said why in its log: "Loop detected" (take one of the two ways to the hub out), ' +
      '"Permissions Violation" or "Subscription Violation" (allow the subject, or deny it on both ends), "same cluster ' +
      'name" (rename the leaf\'s cluster), or "authentication error" and others where the wait is `reconnect` in the ' +
      "leaf's configuration.",
  },
  // From PR 7970 (2026) on the leaf waits 5 s and its `reconnect`: 6.0 s seen on 2.15.1.
  fiveSeconds: {
    says:
      "it waits 5 s or so each time: so does a leaf older than the hub's `leafnodes { min_version }`, and one whose " +
      '`reconnect` is so long',
    step:
      'Read the close in the other end\'s log: "minimum version required" asks to upgrade the leaf server, or to lower ' +
      '`min_version` on the hub; "authentication error" and others tell what else is wrong, where the wait is `reconnect` in ' +
      "the leaf's configuration.",
  },
  // A hub of 2.9 holds who is too old for 5 s (seen on 2.9.10).
  heldFiveSeconds: {
    says:
      'the hub lets it wait for 5 s and closes it before it is logged in, as 2.9 does with a leaf older than ' +
      '`leafnodes { min_version }`, or any hub whose `authorization { timeout }` is so long',
    step:
      'Read the hub\'s log: "minimum version required" asks to upgrade this server; "Authentication Timeout" points to ' +
      "the hub's CPU, auth callout or account resolver.",
  },
  hubTimeout: {
    says:
      'the hub closes it after about 2 s, the time it gives for logging in; 2.10 does the same with a leaf older than ' +
      '`leafnodes { min_version }`',
    step:
      'Read both logs: "Authentication Timeout" alone points to the hub\'s CPU, auth callout or account resolver; ' +
      '"minimum version required" before it says that this server is older than the hub wants leafnodes to be.',
  },
  stale: {
    says: 'the other end does not answer PINGs',
    step:
      'It fell silent without a word: a link that loses packets or lets them through one way only, a NAT gateway or load ' +
      'balancer that forgot the connection (idle for 350 s on AWS), a host that sleeps, a process that hangs. Compare the ' +
      'times with the log and the CPU of the other end. The wait until it is noticed is `ping_interval` times ' +
      '(`ping_max` + 1), 6 min unless configured; SERVER_012 says what such connections have in common.',
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
      'connections of the hub (below, with its address) have the reason as well. A load balancer does the same while no ' +
      'hub behind it is up.',
  },
  other: {
    says: 'it is connected in between, so its configuration is accepted',
    step:
      'See what happens at both ends at those times: a process that restarts (its log, `dmesg`, container events), hubs ' +
      'restarted one after another or down, a link that breaks, a NAT or load balancer that cuts idle connections.',
  },
  unexplained: {
    says: 'neither reason nor times tell why',
    step:
      'Read the logs of both ends at the time of a close: a login that fails late, a process that restarts, a hub that is ' +
      'down in between, a load balancer or proxy that gives up all look like this.',
  },
} satisfies Record<string, Cause>;

type Stated = (close: Close, side: Side, pace: Pace) => Cause;

/** Leaf servers of one name put each other out after their `reconnect`: 1 s unless configured. */
const longestReconnect = 60;
const shortestLink = 3;
/** Such a wait was kept to 0.02 s, that of a server short of CPU to some tenths. */
const exact = 0.1;
const even = 0.5;

/** A loop or a permission; other bytes than NATS on the port end in the same way, but bring no name along. */
export const isViolation = ({ reason, version }: Close, side: Side): boolean =>
  reason === 'Protocol Violation' && !(version === '' && side === 'address');

/** At its own end a leaf whose CONNECT is not confirmed closes with this reason, sooner than any PING. */
const isGivingUp = ({ lifetime }: Pace) => within(lifetime, 1.9, 2.6);

const byReason: Readonly<Record<string, Stated>> = {
  'Authentication Failure': ({ account, version }) => {
    if (account !== '') return causes.accountFull;
    return version === '' ? causes.plainListener : causes.credentials;
  },
  'Authentication Timeout': ({ version }) => (version === '' ? causes.timeout : causes.timeoutAfterConnect),
  'Stale Connection': ({ subscriptions = 0 }, side, pace) => {
    if (side === 'remote' && subscriptions === 0 && isGivingUp(pace)) return causes.handshake;
    return { ...causes.stale, says: side === 'remote' ? causes.stale.says : 'it does not answer PINGs' };
  },
  'Protocol Violation': (close, side) => {
    if (side === 'remote') return { ...causes.violation, says: 'a loop or a permission violation was found' };
    return isViolation(close, side) ? causes.violation : causes.plainListener;
  },
  'Authentication Expired': () => ({ ...causes.credentials, says: 'its credentials have run out' }),
  'Credentials Revoked': () => ({ ...causes.credentials, says: 'its user was revoked' }),
  'Missing Account': () => ({ ...causes.credentials, says: 'the account it asks for does not exist' }),
  'Maximum Account Connections Exceeded': () => causes.accountFull,
  'Slow Consumer (Write Deadline)': () => causes.slow,
  'Wrong Gateway': () => causes.gateway,
  'TLS Handshake Failure': () => causes.tls,
  'Cluster Names Identical': () => causes.clusterName,
  'Duplicate Remote LeafNode Connection': (_, __, { lifetime, lifetimeSpread }) => {
    if (lifetime < shortestLink) return causes.duplicate;
    return lifetimeSpread <= exact && lifetime <= longestReconnect ? causes.tookTurns : causes.returned;
  },
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
const mute = ['Client Closed', 'Read Error', 'Write Error'];
function within(value: number | null, from: number, to: number): boolean {
  return value !== null && value >= from && value < to;
}

/** A reason that the server states for so many of those that end without one is theirs too. */
const tellingShare = 1 / 3;

/**
 * Why a connection does not last: a stated reason tells before one that says nothing, if it is not a rare one among
 * them; where times only hint, any stated one does.
 * @param closes at least one, oldest first
 */
export function causeOf(closes: Closes, side: Side): Cause {
  if (side === 'client') return causes.client;
  const reasons = reasonsOf(closes);
  const stated = reasons.find(([reason]) => !mute.includes(reason));
  const [most] = reasons;
  if (stated && most && stated[1] >= most[1] * tellingShare) return causeOfReason(closes, stated[0], side);
  const guess = causeOfPace(
    closes.filter(({ note }) => mute.includes(note.reason)),
    side,
  );
  const isHint = guess !== causes.other && guess !== causes.refused;
  return stated && isHint ? causeOfReason(closes, stated[0], side) : guess;
}

function causeOfReason(closes: Closes, reason: string, side: Side): Cause {
  const own = closes.filter(({ note }) => note.reason === reason);
  const last = own.at(-1)?.note;
  const explicit = Object.hasOwn(byReason, reason) ? byReason[reason] : undefined;
  if (explicit && last) return explicit(last, side, paceOf(own));
  const means = Object.hasOwn(closeReasons, reason) ? closeReasons[reason]?.means : undefined;
  return { ...causes.other, says: means ?? 'the server does not say why' };
}

/** What lasted so long was logged in, whatever a server says of its subscriptions. */
const surelyUp = 10;

/**
 * Who gave up, by when: both ends see an EOF or a reset whoever it was. Waits of the servers are constants, so only
 * times that keep to one hint at them; restarts and outages have any. Whoever exchanged subscriptions was let in.
 */
function causeOfPace(closes: Closes, side: Side): Cause {
  const { lifetime, lifetimeSpread, gap, gapSpread } = paceOf(closes);
  const accepted = closes.filter(({ note: { subscriptions = 0 } }) => subscriptions > 0);
  if (accepted.length * 2 >= closes.length || lifetime >= surelyUp) return causes.other;
  if (lifetime < 0.9) {
    if (gapSpread <= even && within(gap, 29.5, 33)) return causes.halfMinute;
    if (gapSpread <= even && within(gap, 4.5, 7)) return causes.fiveSeconds;
    return causes.refused;
  }
  if (lifetimeSpread > even) return causes.unexplained;
  const isDialled = side === 'remote';
  const waited = {
    info: lifetime < 1.5 && side !== 'leafnode' && !(isDialled && isEnded(closes)),
    login: within(lifetime, 1.9, 2.6),
    version: within(lifetime, 4.8, 5.5),
  };
  if (waited.info) return causes.noInfo;
  if (waited.login) return isDialled ? causes.hubTimeout : causes.handshake;
  if (waited.version && isDialled) return causes.heldFiveSeconds;
  return causes.unexplained;
}

/** The hub hung up: who waits in vain for INFO sees a time-out, which is a `Read Error` at its own end. */
const isEnded = (closes: Closes): boolean => reasonsOf(closes)[0]?.[0] !== 'Read Error';
