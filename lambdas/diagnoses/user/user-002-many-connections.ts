import { above, defineDiagnosis, from, measured, minutes, pages, unknown } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import type { ClientRow } from '../../readings/decoders/clients.ts';
import { censusOf, countBy } from '../clients/census.ts';
import { countByUserAtAddress, crowdedOf } from '../clients/by-address.ts';
import { countedCommand } from '../clients/client-words.ts';
import { namesOf, userKey, userWords } from '../clients/users.ts';
import { tally } from '../tally.ts';

/** Users that are told of, the largest. */
const most = 20;

const keysOf = (row: ClientRow): readonly string[] => {
  const key = userKey(row);
  return key === null ? [] : [key];
};

/**
 * A deployment of hundreds with one user is in good health, so that it is for information. What one name holds at one address is left to
 * CONN_113, which tells of more than 100 such.
 */
export default defineDiagnosis({
  id: 'USER_002',
  title: 'One user holds many connections',
  scope: 'cluster',
  reads: { clients: from() },
  history: { counts: pages(), atAddress: pages() },
  limits: {
    connections: above(
      { info: 100 },
      {
        unit: 'count',
        of: 'open connections of one user on all servers of a cluster, beside those that CONN_113 tells of',
      },
    ),
  },
  for: minutes(0),
  why:
    'What one user does wrong, all of these connections do; and its credentials cannot be changed without all of them. A user for each ' +
    'application can be limited and revoked by itself.',
  remedy:
    'Is it one application with many instances? Then that is what it takes. Are they several? Give each its own user. Are they more than ' +
    'there are instances? Then connections leak (CONN_114) or are made for each request (CONN_113).',
  evaluate({ servers }, { cluster }) {
    const census = censusOf(servers, cluster, (rows) => countBy(rows, keysOf));
    if ('unknown' in census) return unknown(census.unknown);
    const places = censusOf(
      servers.map((server) => ({ ...server, history: { counts: server.history.atAddress } })),
      cluster,
      countByUserAtAddress,
    );
    if ('unknown' in places) return unknown(places.unknown);
    const crowded = crowdedOf(places.counts);
    const largest = [...census.counts]
      .map(([key, total]) => ({ key, total, count: Math.max(0, total - (crowded.get(key) ?? 0)) }))
      .sort((a, b) => b.count - a.count)
      .slice(0, most);
    const byUser = Map.groupBy(census.clients, ({ row }) => userKey(row) ?? '');
    const users = largest.flatMap(({ key, total, count }) => {
      const clients = byUser.get(key) ?? [];
      const name = userWords(key, clients);
      return name === null ? [] : [{ total, count, clients, name }];
    });
    const [first] = largest;
    return measured(
      first === undefined
        ? 'nobody logs in by name'
        : `at most ${plural(first.count, 'connection')} of one user`,
      users.map(({ total, count, clients, name }) => ({
        limit: 'connections' as const,
        entity: { kind: 'user' as const, name },
        value: count,
        data: { total, clients, target: servers[0]?.target },
      })),
    );
  },
  describe: ({ entity, value, level, data: { total, clients, target } }) => ({
    summary: `User ${entity.name} holds ${plural(total, 'connection')}, ${total === value ? '' : `${formatCount(value)} of them beside what CONN_113 tells of, `}limit ${formatCount(level)}.`,
    evidence:
      clients.length === 0
        ? []
        : [
            `client names: ${namesOf(clients)}`,
            `addresses: ${formatCount(new Set(clients.map(({ row }) => row.ip)).size)}`,
            `servers: ${tally(clients.map(({ target: { name } }) => name))
              .map(([name, count]) => `${name} ${formatCount(count)}`)
              .join(', ')}`,
          ],
    commands: {
      nats: 'nats server report connections --top 100',
      curl: target === undefined ? '' : countedCommand(target, ['name', 'ip', 'account']),
    },
  }),
});
