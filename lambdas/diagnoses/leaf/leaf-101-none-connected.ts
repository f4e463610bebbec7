import {
  below,
  defineDiagnosis,
  explaining,
  formatDuration,
  measured,
  minutes,
  notApplicable,
  unknown,
  window,
} from '../../define.ts';
import type { ClusterFacts } from '../../define.ts';
import { formatCount, formatTime, inline, plural } from '../../engine/format.ts';
import { unseenText } from '../../engine/unseen.ts';
import { spokeNoNats } from '../closed-row.ts';
import { closedLeafnodes, closedLeafnodesCommand, lastingName, type ClosedLeafnode } from '../leafnodes.ts';
import { formatLeafnode } from './identity.ts';
import { remoteOf } from './remotes.ts';

const over = minutes(10);
/**
 * What was closed sooner, and before either end sent its subscriptions, was never of use: an attempt that the other end
 * refused, or gave up on.
 */
const shortestUse = 10;

type Closed = { readonly from: string; readonly server: string };
type Counted = {
  readonly total: number;
  readonly samples: readonly { readonly at: number; readonly note: Closed }[];
};

const why =
  "Whatever reaches this cluster through leafnodes is cut off: edge sites, other regions, other accounts' clusters. " +
  'Messages to and from them go nowhere meanwhile; JetStream sources and mirrors over leafnodes fall behind.';

const steps = {
  noListener:
    'No server of the cluster listens for leafnodes, nor dials any: `leafnodes { port: 7422 }` is missing from their ' +
    'configuration, or they were started with another file. Put it in and restart them one by one. If leafnodes are no ' +
    'longer wanted, remove `expect.leafnodes` from settings.',
  refused:
    "They reach the servers, so DNS, routes and firewalls are fine: the login is not. Logs: read the hubs' and the " +
    'leaf servers\' at these times ("Leafnode Error", "authentication error"). Remote configuration: compare `credentials`, ' +
    "user and password, `account`, `tls` and cluster names of the leaf servers' `remotes` with what the hubs accept, and " +
    'ask what was changed or has expired. LEAF_104 has the cause of each leafnode that goes on trying.',
  foreign:
    'What arrives at the port for leafnodes is no NATS: HTTP, TLS or other bytes. Is the address that of a leaf server (who ' +
    'tried)? Then its remote begins with TLS where the listener has none: compare the `tls` blocks, a `tls://` URL and ' +
    '`handshake_first`. Is it a load balancer or a health check? Let it check by TCP, or /healthz on the monitoring port; ' +
    'then no leaf server tries at all: look in their logs for "Error trying to connect as leafnode", and at host and port ' +
    'in `urls` of their remotes (7422 by default), DNS and firewalls.',
  noneSeen:
    'Not one attempt arrives, so look on the way and at the other end. Logs of the leaf servers: "Error trying to connect ' +
    'as leafnode" with "i/o timeout" (packets dropped: security group, network ACL, firewall, route), "connection refused" ' +
    '(wrong port, listener down) or "no such host" (DNS); no such line means that they do not run or have no `remotes`. ' +
    'Remote configuration: host and port in `urls` (7422 by default). Network: from a leaf server, `nc -vz <hub> 7422`; ' +
    "the hubs' security group must let its addresses in on that port.",
  noneDialled:
    'These servers listen for no leafnodes, they dial their hubs, and no connection comes about. Their own logs say why: ' +
    '"Error trying to connect as leafnode" with "i/o timeout" (packets dropped: security group, network ACL, firewall, ' +
    'route), "connection refused" (wrong port, or the hub is down) or "no such host" (DNS). Remote configuration: host and ' +
    'port in `urls` (7422 by default). Network: from their hosts, `nc -vz <hub> 7422`.',
  unseen:
    'The closed connections, which would show refused attempts, could not be read (SERVER_102). Logs: look for leafnode ' +
    "lines in the hubs' and the leaf servers' logs. Where attempts arrive, compare `credentials`, `account` and `tls` of " +
    'the `remotes` with what the hubs accept; where none does, look at DNS, security groups and firewalls (port 7422).',
} as const;

const whoOf = ({ account, name, ip }: ClosedLeafnode): string =>
  formatLeafnode({ account, name: lastingName(name) ?? ip });

const sideOf = (row: ClosedLeafnode): string => {
  if (row.dialled) return 'dialled';
  return spokeNoNats(row) ? 'foreign' : 'accepted';
};

const expected = ({ expect: { leafnodes } }: ClusterFacts): string => {
  if (leafnodes === undefined) return '';
  return typeof leafnodes === 'number' ? formatCount(leafnodes) : inline(leafnodes);
};

/** Closes by reason. Where both ends are watched, a hub's rows say more than those of who dialled it. */
function byReason({ keys }: { readonly keys: ReadonlyMap<string, Counted> }) {
  const split = [...keys].map(([key, { total, samples }]) => {
    const bar = key.indexOf('|');
    return { side: key.slice(0, bar), reason: key.slice(bar + 1), total, samples };
  });
  const accepted = split.filter(({ side }) => side === 'accepted');
  return accepted.length > 0 ? split.filter(({ side }) => side !== 'dialled') : split;
}

/**
 * What NatsLeafNodeConnectionIssue means: the literal `increase(gnatsd_varz_leafnodes[5m]) == 0` is true on every
 * healthy hub.
 */
export default defineDiagnosis({
  id: 'LEAF_101',
  title: 'No leafnode is connected',
  scope: 'cluster',
  expects: 'leafnodes',
  reads: { closed: explaining(over) },
  history: { refused: window<Closed>(over), ended: window<Closed>(over) },
  limits: {
    connected: below({ critical: 1 }, { unit: 'count', of: 'leafnode connections of all servers together' }),
  },
  for: minutes(5),
  rule: {
    alert: 'NatsLeafNodeConnectionIssue',
    limit: 'connected',
    where: (cluster) => cluster.expect.leafnodes !== undefined,
  },
  why,
  remedy:
    'The finding says whether attempts arrive. If they are refused, compare `credentials`, `account` and `tls` of the leaf ' +
    'servers\' `remotes` with what the hubs accept. If none arrives, read the logs of the leaf servers for "Error trying to ' +
    'connect as leafnode": "i/o timeout" is packets dropped (security group, network ACL, firewall), "connection refused" a ' +
    'wrong port or a listener that is down, "no such host" DNS; no such line: they do not run or have no `remotes`. From a ' +
    'leaf server try `nc -vz <hub> 7422`.',
  evaluate({ servers, unread, history }, { cluster }) {
    if (cluster.expect.leafnodes === undefined) return notApplicable('settings expect no leafnodes');
    const rows = servers.flatMap(({ target, varz, closed }) =>
      closed?.ok === true
        ? closedLeafnodes(varz, closed.value.rows).map((row) => ({
            key: `${sideOf(row)}|${row.reason}`,
            at: row.stoppedAt,
            isAttempt: row.lifetimeSeconds < shortestUse && row.subscriptions === 0,
            note: {
              from: row.dialled ? `${target.name} -> ${remoteOf(varz, row)}` : whoOf(row),
              server: target.name,
            },
          }))
        : [],
    );
    const tried = byReason(history.refused(rows.filter(({ isAttempt }) => isAttempt)));
    const foreign = tried.filter(({ side }) => side === 'foreign');
    const refused = tried.filter(({ side }) => side !== 'foreign');
    const ended = byReason(history.ended(rows.filter(({ isAttempt }) => !isAttempt)));
    const sumOf = (some: typeof tried) => some.reduce((sum, { total }) => sum + total, 0);
    const attempts = sumOf(refused);
    const connected = servers.reduce((sum, { varz }) => sum + varz.leafnodes, 0);
    const seen = `${plural(connected, 'leafnode connection')} on ${plural(servers.length, 'server')}`;
    if (connected === 0 && unread.length > 0) {
      const unseen = unread.map(({ target: { name }, why }) => ({ name, why }));
      return unknown(`none on ${plural(servers.length, 'server')}, but ${unseenText(unseen)}`, unread);
    }
    const isSilentByConfiguration = servers.every(
      ({ varz: { leaf } }) => leaf.port === 0 && leaf.remotes.length === 0,
    );
    const seesAttempts = servers.some(({ closed }) => closed?.ok === true);
    const cause = ((): keyof typeof steps => {
      if (isSilentByConfiguration) return 'noListener';
      if (attempts > 0) return 'refused';
      if (foreign.length > 0) return 'foreign';
      if (!seesAttempts) return 'unseen';
      return servers.some(({ varz: { leaf } }) => leaf.port > 0) ? 'noneSeen' : 'noneDialled';
    })();
    const data = {
      cause,
      refused,
      attempts,
      foreign,
      strangers: sumOf(foreign),
      ended: ended
        .flatMap(({ reason, samples }) => samples.map((sample) => ({ reason, ...sample })))
        .sort((a, b) => b.at - a.at),
      servers: servers.map(({ target, varz: { leaf } }) => ({
        name: target.name,
        port: leaf.port,
        remotes: leaf.remotes.length,
      })),
      blind: servers.flatMap(({ target, closed }) => (closed?.ok === true ? [] : [target.name])),
      url: servers[0]?.target.url ?? '',
    } as const;
    return measured(
      seen,
      [{ limit: 'connected', entity: { kind: 'cluster', name: cluster.name }, value: connected, data }],
      { conclusive: connected > 0 },
    );
  },
  describe({ data }, { cluster }) {
    const { cause, refused, attempts, foreign, strangers, ended, servers, blind } = data;
    const [newest] = ended;
    const none = `no attempt was seen ${newest ? `since ${formatTime(newest.at)}` : `in ${formatDuration(over)}`}`;
    const says = {
      noListener: 'no server listens for leafnodes',
      refused: `${plural(attempts, 'attempt')} in ${formatDuration(over)} failed (${inline(
        refused.map(({ reason, total }) => `${reason} ${formatCount(total)}`),
      )})`,
      foreign: `${plural(strangers, 'attempt')} in ${formatDuration(over)} did not speak NATS`,
      noneSeen: none,
      noneDialled: none,
      unseen: 'whether any leafnode tries to connect is not known',
    };
    const from = (cause === 'foreign' ? foreign : refused).flatMap(({ samples }) =>
      samples.map(({ note }) => note.from),
    );
    return {
      summary:
        `No leafnode is connected to cluster ${cluster.name} (${plural(servers.length, 'server')}), ` +
        `expected: ${expected(cluster)}; ${says[cause]}.`,
      evidence: [
        ...(from.length > 0 ? [`who tried: ${inline([...new Set(from)], 5)}`] : []),
        ...(newest
          ? [
              `last one connected: ${newest.note.from} on ${newest.note.server} until ${formatTime(newest.at)} (${newest.reason})`,
            ]
          : []),
        ...servers.map(
          ({ name, port, remotes }) =>
            `${name}: ${port === 0 ? 'no leafnode listener' : `listens for leafnodes on port ${port}`}` +
            (remotes > 0 ? `, dials ${plural(remotes, 'remote')}` : ''),
        ),
        ...(blind.length > 0 ? [`closed connections of ${inline(blind)} could not be read`] : []),
      ],
      remedy: steps[cause],
      commands: {
        nats: 'nats server report leafnodes',
        curl: closedLeafnodesCommand(data.url),
      },
    };
  },
});
