import { above, defineDiagnosis, from, measured, minutes, pages, unknown } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { nameKey, nameOfKey, censusOf } from '../clients/census.ts';
import { byAddress, countByAddress } from '../clients/by-address.ts';
import { countedCommand } from '../clients/client-words.ts';

/** A name counts by its connections from one address: a thousand instances of one deployment are a thousand addresses. */
export default defineDiagnosis({
  id: 'CONN_113',
  title: 'One client name on very many connections from one address',
  scope: 'cluster',
  reads: { clients: from() },
  history: { counts: pages() },
  limits: {
    connections: above(
      { info: 100, warning: 1_000 },
      { unit: 'count', of: 'connections of one name from one address' },
    ),
  },
  for: minutes(10),
  why:
    'A process needs one connection to NATS, which carries all it sends and receives. Hundreds of one name from one host are a ' +
    'connection for each request, thread or task, or a leak: each costs memory and a file descriptor on both sides, and all of ' +
    'them come at once after a restart of the server.',
  remedy:
    'Let the application make one connection and share it. If a proxy, a NAT gateway or a load balancer stands between, the address ' +
    'is that of many hosts: raise this limit, or name these clients in `clients.ignore` in settings.',
  evaluate({ servers }, { cluster }) {
    const census = censusOf(servers, cluster, countByAddress);
    if ('unknown' in census) return unknown(census.unknown);
    const names = [...byAddress(census.counts)].sort(([, a], [, b]) => b.most - a.most);
    const [most] = names;
    return measured(
      most === undefined
        ? 'no client has a name'
        : `at most ${plural(most[1].most, 'connection')} of one name from one address`,
      names.slice(0, 20).map(([key, at]) => ({
        limit: 'connections' as const,
        entity: { kind: 'client' as const, name: nameOfKey(key) },
        value: at.most,
        data: {
          ...at,
          target: servers[0]?.target,
          on: servers.map(({ target, clients }) => {
            const here = clients.rows.filter((row) => row.ip === at.address && nameKey(row) === key);
            return `${target.name} ${formatCount(here.length)}`;
          }),
          libraries: [
            ...new Set(
              census.clients
                .filter(({ row }) => nameKey(row) === key)
                .map(({ row: { lang = '', version = '' } }) => `${lang} ${version}`.trim()),
            ),
          ],
        },
      })),
    );
  },
  describe: ({ entity, value, level, data: { address, total, addresses, target, on, libraries } }) => ({
    summary: `Client ${entity.name} holds ${plural(value, 'connection')} from ${address} alone, limit ${formatCount(level)}.`,
    evidence: [
      `in all: ${plural(total, 'connection')} from ${plural(addresses, 'address', 'addresses')}`,
      `servers now: ${on.join(', ')}`,
      ...(libraries.length === 0 ? [] : [`library: ${libraries.slice(0, 3).join(', ')}`]),
    ],
    commands: {
      nats: `nats server report connections --filter 'conns.ip == "${address}"'`,
      curl: target === undefined ? '' : countedCommand(target, ['ip', 'name']),
    },
  }),
});
