import {
  above,
  defineDiagnosis,
  from,
  measured,
  minutes,
  pages,
  unknown,
  type Target,
} from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { nameKey, nameOfKey, censusOf } from '../clients/census.ts';
import { byAddress, countByAddress, manyAtAddress } from '../clients/by-address.ts';
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
      { info: manyAtAddress, warning: 1_000 },
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
        data: { ...at, key, clients: census.clients, servers: servers.map(({ target }) => target) },
      })),
    );
  },
  describe({ entity, value, level, data: { address, total, addresses, key, clients, servers } }) {
    const own = clients.filter(({ row }) => nameKey(row) === key);
    const here = own.filter(({ row }) => row.ip === address);
    const libraries = new Set(own.map(({ row: { lang = '', version = '' } }) => `${lang} ${version}`.trim()));
    const byServer = Map.groupBy(here, ({ target }) => target.name);
    const countOn = ({ name }: Target) => byServer.get(name)?.length ?? 0;
    return {
      summary: `Client ${entity.name} holds ${plural(value, 'connection')} from ${address} alone, limit ${formatCount(level)}.`,
      evidence: [
        `in all: ${plural(total, 'connection')} from ${plural(addresses, 'address', 'addresses')}`,
        `servers now: ${servers.map((server) => `${server.name} ${formatCount(countOn(server))}`).join(', ')}`,
        ...(libraries.size === 0 ? [] : [`library: ${[...libraries].slice(0, 3).join(', ')}`]),
      ],
      commands: {
        nats: `nats server report connections --filter 'conns.ip == "${address}"'`,
        curl: servers[0] === undefined ? '' : countedCommand(servers[0], ['ip', 'name']),
      },
    };
  },
});
