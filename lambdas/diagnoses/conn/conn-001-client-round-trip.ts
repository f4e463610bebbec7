import {
  above,
  defineDiagnosis,
  formatDuration,
  from,
  measured,
  minutes,
  notApplicable,
  nothing,
} from '../../define.ts';
import { formatCount, formatPercent, plural } from '../../engine/format.ts';
import type { ClientRow } from '../../readings/decoders/clients.ts';
import { isTold } from '../clients/census.ts';
import { clientsCommand, clientWords } from '../clients/client-words.ts';
import { leastLevel } from '../clients/least-level.ts';

const inWords = (seconds: number): string => formatDuration(seconds * 1_000);

/** Fewer say nothing of the server. */
const fewest = 10;

/** By then each round trip was measured since the client came, at the latest an hour after: the first one is of a busy moment. */
const settled = minutes(70);

/**
 * Insights warns of each client beyond 100 ms. One that is far away is so in good health, so that a single one is for
 * information; where most are slow, the server or the way to it is. A busy client's round trip is up to an hour old, an MQTT
 * client's is never measured. All that come at once, as after a restart, are measured while the server is busy with them: they
 * count once they were measured again.
 */
export default defineDiagnosis({
  id: 'CONN_001',
  title: 'Long round trips to clients',
  scope: 'server',
  reads: { clients: from() },
  history: {},
  limits: {
    rtt: above(
      { info: 0.1 },
      {
        unit: 'seconds',
        of: `the longest round trip to a client of a server, of those connected for ${formatDuration(settled)}`,
      },
    ),
    slow: above(
      { warning: 0.5 },
      { unit: 'ratio', of: `those beyond the limit \`rtt\` among them, where ${fewest} or more are` },
    ),
  },
  for: minutes(10),
  why:
    'Each request, acknowledgement and pull of such a client takes that much longer. Where most clients of a server are slow at ' +
    'once, it is the server (CPU, memory, a full network card) or the way to it.',
  remedy:
    "One client or place: is it far away, or its host busy? A client that reads too slowly shows here, too: its PONG waits behind what it has not read. Most of a server's clients: look at " +
    "its CPU and its network, and at the other servers' clients. Clients that are meant to be far away: a server or leafnode near " +
    'them, or `clients.ignore` in settings.',
  evaluate({ target, clients }, { cluster, limits }) {
    const slowest = clients.most.rtt;
    if (slowest === null)
      return notApplicable(
        'an older server than 2.9.17 with many connections does not sort them by round trip',
      );
    const isOfInterest = (row: ClientRow) => isTold(cluster)(row) && clients.now - row.start >= settled;
    const known = clients.rows.filter((row) => isOfInterest(row) && row.rtt > 0);
    const rows = slowest.filter(isOfInterest);
    const [first] = rows;
    if (first === undefined)
      return nothing(`no client of ${formatDuration(settled)} or longer whose round trip is known`);
    const level = leastLevel(limits.rtt);
    const slow = known.filter(({ rtt }) => rtt > level);
    const data = {
      target,
      rows: rows.filter(({ rtt }) => rtt > level),
      slow: slow.length,
      known: known.length,
      level,
    };
    const entity = { kind: 'server', name: target.name } as const;
    return measured(`${plural(known.length, 'round trip')} known, the longest ${inWords(first.rtt)}`, [
      { limit: 'rtt', entity, value: first.rtt, data },
      ...(slow.length < fewest
        ? []
        : [{ limit: 'slow', entity, value: slow.length / known.length, data } as const]),
    ]);
  },
  describe({ limit, value, data: { target, rows, slow, known, level } }) {
    const worst = rows.map((row) => `${inWords(row.rtt)}: ${clientWords(row)}`);
    return {
      summary:
        limit === 'slow'
          ? `${formatCount(slow)} of ${plural(known, 'client')} of ${target.name} (${formatPercent(value)}) answer later than after ${inWords(level)}.`
          : `The slowest client of ${target.name} answers after ${inWords(value)}, limit ${inWords(level)}.`,
      evidence: worst,
      commands: {
        nats: 'nats server report connections --top 20',
        curl: clientsCommand(target, 'rtt', ['rtt']),
      },
    };
  },
});
