import {
  above,
  defineDiagnosis,
  formatDuration,
  from,
  hours,
  measured,
  minutes,
  pages,
  trend,
  unknown,
} from '../../define.ts';
import { formatCount, formatTime, plural } from '../../engine/format.ts';
import { byAddress, countByAddress } from '../clients/by-address.ts';
import { censusOf, nameOfKey } from '../clients/census.ts';
import { countedCommand } from '../clients/client-words.ts';
import { steadyRise } from '../clients/steady-rise.ts';

/** Fewer from one address are not followed. */
const fewest = 20;

/** By connections from one address, which more instances do not make more. A client whose connections each have a name of their own is not seen. */
export default defineDiagnosis({
  id: 'CONN_114',
  title: 'A client leaks connections',
  scope: 'cluster',
  reads: { clients: from() },
  history: { counts: pages(), samples: trend(hours(24)) },
  limits: {
    growth: above(
      { warning: 100 },
      {
        unit: 'count',
        of: 'connections of one name from one address more than 8 hours or longer ago, which only ever rose',
      },
    ),
  },
  for: minutes(10),
  why:
    'Connections that are opened and never closed end at a limit: file descriptors of the client or the server, `max_connections`, ' +
    'memory. Then others are refused, too.',
  remedy:
    'Look in the application for a connection that is made on each request, retry or reload and not closed. Restarting it frees ' +
    'them for now. The age of its connections (`uptime`) tells when it began.',
  evaluate({ servers, history }, { at, cluster }) {
    const census = censusOf(servers, cluster, countByAddress);
    if ('unknown' in census) return unknown(census.unknown);
    const followed = [...byAddress(census.counts)].filter(([, { most }]) => most >= fewest);
    const samples = history.samples(new Map(followed.map(([key, { most }]) => [key, most])));
    const rising = followed.flatMap(([key, { address, most, total }]) => {
      const rise = steadyRise(samples.samples(key), at, most);
      return rise === null
        ? []
        : [
            {
              limit: 'growth' as const,
              entity: { kind: 'client' as const, name: nameOfKey(key) },
              value: rise.growth,
              data: {
                ...rise,
                address,
                most,
                total,
                samples: samples.samples(key),
                target: servers[0]?.target,
              },
            },
          ];
    });
    return measured(
      followed.length === 0
        ? `no name has ${fewest} connections from one address`
        : `${plural(followed.length, 'name')} with ${fewest} or more connections from one address, ${formatCount(rising.length)} growing`,
      rising.sort((a, b) => b.value - a.value).slice(0, 20),
    );
  },
  describe: ({ entity, value, data: { from: before, most, span, address, total, samples, target } }) => ({
    summary:
      `Client ${entity.name} has ${plural(value, 'connection')} more from ${address} than ${formatDuration(span)} ago ` +
      `(${formatCount(before)} then, ${formatCount(most)} now), and they only ever rose.`,
    evidence: [
      `over time: ${samples
        .slice(-8)
        .map(([sampledAt, count]) => `${formatTime(sampledAt).slice(11, 16)} ${formatCount(count)}`)
        .join(', ')}`,
      `in all: ${plural(total, 'connection')} of that name`,
      `at this pace ${formatCount(Math.round((value / span) * hours(24)))} more a day`,
    ],
    commands: {
      nats: `nats server report connections --sort uptime --filter 'conns.ip == "${address}"'`,
      curl: target === undefined ? '' : countedCommand(target, ['ip', 'name']),
    },
  }),
});
