import { above, defineDiagnosis, from, measured, minutes, notApplicable, nothing } from '../../define.ts';
import { formatBytes, formatCount, inline } from '../../engine/format.ts';
import { byCommonEnd, type Pair } from '../links/common-end.ts';
import { lowestLevel } from '../links/level.ts';
import { peerNames } from '../links/route-pairs.ts';
import { membersOf } from '../members.ts';

/** From one server to another, or to another cluster. */
type Way = Pair & { readonly kind: 'routes' | 'gateways'; readonly url: string };

/** A way with less waiting is none: a busy one has some MiB for a moment. */
export default defineDiagnosis({
  id: 'CLUSTER_115',
  title: 'Messages pile up before a route or gateway',
  scope: 'cluster',
  reads: { routez: from(), gatewayz: from() },
  history: {},
  limits: {
    pending: above(
      { warning: 8 * 1_024 ** 2 },
      { unit: 'bytes', of: 'what waits at a server to be sent over one route or gateway' },
    ),
  },
  // What is there in one look, and gone in the next, was a burst.
  for: minutes(2),
  why:
    'More is to be sent to that server than the connection carries, or the other end does not read as fast. All that goes there waits, ' +
    "JetStream's raft included, and once a write takes longer than `write_deadline` it is lost with the connection (SERVER_004).",
  remedy:
    'One server before which others wait: is it short of CPU, does it swap, is it paused, is its network exhausted? A gateway: is its ' +
    'way too thin or too long for what it carries: what crosses it (`nats server report gateways`), and must it? Compression of routes ' +
    '(`compression: s2_fast`, from 2.10 on) trades CPU for bytes, a larger `pool_size` spreads accounts.',
  evaluate({ servers }, { limits }) {
    const members = membersOf(servers);
    const nameOf = peerNames(members);
    const ways = [
      ...members.flatMap(({ target, routez }) =>
        routez.routes.map((route): Way => {
          const { name: a, url } = target;
          return { kind: 'routes', a, b: nameOf(route), weight: route.pending_size, url };
        }),
      ),
      ...servers.flatMap(({ target, gatewayz }) => {
        const { name: a, url } = target;
        const all = [
          ...Object.entries(gatewayz.outbound).map(([b, row]) => [b, [row]] as const),
          ...Object.entries(gatewayz.inbound),
        ];
        return all.flatMap(([b, rows]) =>
          rows.map(({ connection }): Way => {
            return { kind: 'gateways', a, b: `cluster ${b}`, weight: connection.pending_bytes, url };
          }),
        );
      }),
    ];
    const [fullest] = ways.toSorted((x, y) => y.weight - x.weight);
    if (fullest === undefined) return notApplicable('no routes and no gateways');
    const level = lowestLevel(limits.pending);
    const congested = ways.filter(({ weight }) => weight > level);
    if (congested.length === 0) return nothing(`at most ${formatBytes(fullest.weight)} wait`);
    return measured(
      inline(congested.map(rowOf)),
      [...Map.groupBy(congested, ({ kind }) => kind)].flatMap(([kind, own]) =>
        byCommonEnd(
          own,
          ways.filter((way) => way.kind === kind),
        ).map(({ end, pairs }) => ({
          limit: 'pending' as const,
          entity: {
            kind: 'connections' as const,
            name: `${kind} ${end.startsWith('cluster ') ? 'to' : 'of'} ${end}`,
          },
          value: pairs[0]?.weight ?? 0,
          data: { kind, end, pairs },
        })),
      ),
    );
  },
  describe: ({ value, level, data: { kind, end, pairs } }) => ({
    summary:
      `Up to ${formatBytes(value)} wait to be sent over ${formatCount(pairs.length)} ${pairs.length === 1 ? kind.slice(0, -1) : kind} ` +
      `of ${end}, limit ${formatBytes(level)}: ${inline(pairs.map(rowOf))}.`,
    evidence: pairs.map(rowOf),
    commands: {
      nats: `nats server report ${kind}`,
      curl: `curl -s '${pairs[0]?.url ?? ''}/${kind === 'routes' ? 'routez' : 'gatewayz'}' | grep -E '"(remote_name|remote_id|name|pending_size|pending_bytes|rtt)"'`,
    },
  }),
});

const rowOf = ({ a, b, weight }: Way): string => `${a} to ${b}: ${formatBytes(weight)}`;
