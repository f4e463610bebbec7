import { above, days, defineDiagnosis, from, latest, measured, minutes, nothing } from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import {
  againstUsual,
  formatRoundTrip,
  isLong,
  longWords,
  roundTripsOf,
  timesUsual,
} from '../links/round-trip.ts';
import { ownRows } from './accepted.ts';
import { leafnodeId, nthOf } from './identity.ts';

/** A shorter one is nobody's trouble, whatever it usually is. */
const shortest = 0.1;

/**
 * Edges are far away, and 100 ms no finding: a round trip is compared with what it usually is, and with a second. All leafnodes
 * of one server are one finding. On the hub's side of a busy link it may be up to an hour old.
 */
export default defineDiagnosis({
  id: 'LEAF_002',
  title: 'Long way to leafnodes',
  scope: 'server',
  reads: { leafz: from() },
  history: { usual: latest(days(14)) },
  limits: {
    rtt: above({ warning: 1 }, { unit: 'seconds', of: 'round trip of a leafnode connection' }),
    risen: above(
      { warning: 3 },
      {
        unit: 'count',
        of: `times that a round trip of more than ${formatRoundTrip(shortest)} is longer than usual`,
      },
    ),
  },
  for: minutes(5),
  why:
    'Requests over the leafnode take as much longer, and JetStream sources and mirrors over it fall behind. A leaf server ' +
    'that does not answer in time is found stale and cut off.',
  remedy:
    'All leafnodes of this server: is it short of CPU, is its network exhausted? One site: `ping` between the hosts tells its ' +
    'uplink from its leaf server, which may be busy or paused. If the longer way is to stay, it is the usual one within two ' +
    'days, or raise the limit in settings.',
  evaluate(server, { at, limits }) {
    const { target, history } = server;
    const rows = Map.groupBy(ownRows(server), leafnodeId);
    const links = [...rows].flatMap(([id, own]) =>
      own.flatMap(({ rtt = 0 }, i) => (rtt > 0 ? [{ link: nthOf(id, i + 1), seconds: rtt }] : [])),
    );
    const trips = roundTripsOf(links, history.usual, at).toSorted((a, b) => b.seconds - a.seconds);
    const [longest] = trips;
    if (longest === undefined) return nothing('no leafnode, or none that was measured yet');
    const long = trips.filter((trip) => isLong(trip, limits, shortest));
    const entity = { kind: 'connections' as const, name: `leafnodes of ${target.name}` };
    const data = { target, long, all: trips.length };
    return measured(`at most ${formatRoundTrip(longest.seconds)} (${longest.link})`, [
      { limit: 'rtt' as const, entity, value: longest.seconds, data },
      {
        limit: 'risen' as const,
        entity,
        value: Math.max(...trips.map((trip) => timesUsual(trip, shortest))),
        data,
      },
    ]);
  },
  describe: ({ limit, value, level, data: { target, long, all } }) => ({
    summary:
      `Round trips to ${formatCount(long.length)} of ${plural(all, 'leafnode')} of ${target.name} (${inline(long.map(({ link }) => link))}): ` +
      `${longWords(limit, value, level)}.`,
    evidence: long.map((trip) => `${trip.link}: ${againstUsual(trip)}`),
    commands: {
      nats: 'nats server report leafnodes',
      curl: `curl -s '${target.url}/leafz' | grep -E '"(name|account|ip|rtt)"'`,
    },
  }),
});
