import { above, defineDiagnosis, from, measured, minutes, notApplicable, nothing } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { membersOf, notCompared } from '../members.ts';
import { byCommonEnd } from '../links/common-end.ts';
import { lowestLevel } from '../links/level.ts';
import { formatRoundTrip } from '../links/round-trip.ts';
import { routePairs, type RoutePair } from '../links/route-pairs.ts';

/**
 * The shortest of all connections between two servers, at both ends: one of a pool may have been measured in a bad moment,
 * and keeps that for half a minute. A server far from several others is one finding.
 */
export default defineDiagnosis({
  id: 'SERVER_010',
  title: 'Long way between servers of a cluster',
  scope: 'cluster',
  reads: { routez: from() },
  history: {},
  limits: {
    rtt: above(
      { warning: 0.05 },
      { unit: 'seconds', of: 'round trip between two servers of a cluster, the shortest of their routes' },
    ),
  },
  // A server that was busy for a moment answers its PINGs late.
  for: minutes(3),
  why:
    'Every message between the two, and each vote and write of replicated streams, waits so long for the other end: publishing ' +
    'to JetStream slows down, and leaders may change.',
  remedy:
    'One server with all others: is it short of CPU, does it swap, is its network (instance type, bandwidth credits) exhausted? ' +
    'Two zones or sites: `ping` between the hosts tells the network from the servers. A cluster whose servers are meant to be so ' +
    'far apart is better several with gateways; if it is to stay, raise this limit in settings.',
  evaluate({ servers, unread }, { limits }) {
    const members = membersOf(servers);
    if (members.length === 0) return notCompared(unread, 'no watched server is in a cluster');
    const pairs = routePairs(members);
    if (pairs.length === 0) return notApplicable('no route, or none that was measured yet');
    const level = lowestLevel(limits.rtt);
    const slow = byCommonEnd(
      pairs.filter(({ weight }) => weight > level),
      pairs,
    );
    const [longest] = pairs.toSorted((a, b) => b.weight - a.weight);
    if (longest === undefined || slow.length === 0)
      return nothing(`at most ${formatRoundTrip(longest?.weight ?? 0)} between two servers`);
    return measured(
      rowOf(longest),
      slow.map(({ end, pairs: own }) => ({
        limit: 'rtt' as const,
        entity: { kind: 'connections' as const, name: `routes of ${end}` },
        value: own[0]?.weight ?? 0,
        data: { end, pairs: own, others: pairs.filter(({ a, b }) => a === end || b === end).length },
      })),
    );
  },
  describe: ({ value, level, data: { end, pairs, others } }) => ({
    summary:
      `Round trips between ${end} and ${formatCount(pairs.length)} of ${plural(others, 'server')} of its cluster take up to ` +
      `${formatRoundTrip(value)}, limit ${formatRoundTrip(level)}.`,
    evidence: pairs.map(rowOf),
    commands: {
      nats: 'nats server report routes',
      curl: `curl -s '${pairs[0]?.url ?? ''}/routez' | grep -E '"(remote_name|remote_id|rtt|pending_size)"'`,
    },
  }),
});

const rowOf = ({ a, b, weight, connections }: RoutePair): string =>
  `${a} and ${b}: ${formatRoundTrip(weight)}, the shortest of ${plural(connections, 'measured connection')}`;
