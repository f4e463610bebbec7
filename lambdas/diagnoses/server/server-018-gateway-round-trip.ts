import {
  above,
  days,
  defineDiagnosis,
  from,
  latest,
  measured,
  minutes,
  notApplicable,
  nothing,
} from '../../define.ts';
import { inline } from '../../engine/format.ts';
import { byCommonEnd } from '../links/common-end.ts';
import {
  endsOf,
  gatewayCommands,
  gatewayServersOf,
  gatewaysWith,
  noGateways,
  type GatewayServer,
} from '../links/gateways.ts';
import {
  againstUsual,
  formatRoundTrip,
  isLong,
  isMeasured,
  longWords,
  roundTripsOf,
  timesUsual,
  type RoundTrip,
} from '../links/round-trip.ts';

/** A shorter one is nobody's trouble, whatever it usually is. */
const shortest = 0.05;

type GatewayTrip = RoundTrip & { readonly server: GatewayServer; readonly remote: string };

/**
 * Between continents 50 ms are no finding: a round trip is compared with what it usually is, and with what no way on earth
 * takes. Gateways with a server or a remote cluster in common are one finding.
 */
export default defineDiagnosis({
  id: 'SERVER_018',
  title: 'Long way to another cluster',
  scope: 'cluster',
  reads: { gatewayz: from() },
  history: { usual: latest(days(14)) },
  limits: {
    rtt: above({ warning: 0.5 }, { unit: 'seconds', of: 'round trip of a gateway' }),
    risen: above(
      { warning: 3 },
      {
        unit: 'count',
        of: `times that a round trip of more than ${formatRoundTrip(shortest)} is longer than usual`,
      },
    ),
  },
  for: minutes(3),
  why:
    'Requests between the clusters take as much longer, and JetStream sources and mirrors over the gateway fall behind: what is in ' +
    'flight is limited.',
  remedy:
    'One server with all clusters: is it short of CPU, is its network exhausted? One cluster from all servers: was the way between the ' +
    'regions or its provider (peering, VPN, transit) changed, is it congested, or is the other side busy? `ping` between the hosts ' +
    'tells the network from the servers. If the longer way is to stay, it is the usual one within two days, or raise the limit in ' +
    'settings.',
  evaluate({ servers, unread, history }, { at, limits, cluster: { expect } }) {
    const own = gatewayServersOf(servers, expect.gateways);
    const links = own.flatMap((server) =>
      [...server.outbound].flatMap(([remote, { connection }]) =>
        isMeasured(connection, server.gatewayz.now)
          ? [{ server, remote, link: `${server.target.name} ${remote}`, seconds: connection.rtt }]
          : [],
      ),
    );
    const trips: readonly GatewayTrip[] = roundTripsOf(links, history.usual, at);
    if (own.length === 0) return noGateways(unread);
    const [longest] = trips.toSorted((a, b) => b.seconds - a.seconds);
    if (longest === undefined) return notApplicable('no gateway, or none that was measured yet');
    const pairs = trips.map((trip) => ({ ...endsOf(trip), weight: trip.seconds, trip }));
    const long = pairs.filter(({ trip }) => isLong(trip, limits, shortest));
    if (long.length === 0) return nothing(`at most ${formatRoundTrip(longest.seconds)}`);
    const measurements = byCommonEnd(long, pairs).flatMap(({ end, pairs: common }) => {
      const own = common.map(({ trip }) => trip);
      const [first] = own;
      if (first === undefined) return [];
      const entity = { kind: 'connections' as const, name: gatewaysWith(end, first.server.own) };
      const data = { trips: own, name: entity.name };
      return [
        { limit: 'rtt' as const, entity, value: Math.max(...own.map(({ seconds }) => seconds)), data },
        {
          limit: 'risen' as const,
          entity,
          value: Math.max(...own.map((trip) => timesUsual(trip, shortest))),
          data,
        },
      ];
    });
    return measured(inline(long.map(({ trip }) => rowOf(trip))), measurements);
  },
  describe: ({ limit, value, level, data: { trips, name } }) => ({
    summary: `Round trips of ${name}: ${longWords(limit, value, level)}.`,
    evidence: trips.map(rowOf),
    commands: gatewayCommands(trips[0]?.server.target ?? { name: '', url: '' }),
  }),
});

const rowOf = (trip: GatewayTrip): string =>
  `${trip.server.target.name} to ${trip.remote}: ${againstUsual(trip)}`;
