import { above, defineDiagnosis, from, measured, minutes, pages, unknown } from '../../define.ts';
import { formatCount, formatPercent, plural } from '../../engine/format.ts';
import type { ClientRow } from '../../readings/decoders/clients.ts';
import { clientName, shown } from '../client-name.ts';
import { accountOf, censusOf, countBy } from '../clients/census.ts';
import { countedCommand } from '../clients/client-words.ts';
import { tally } from '../tally.ts';

const isUnnamed = (row: ClientRow): boolean => clientName(row) === undefined;

export default defineDiagnosis({
  id: 'CONN_112',
  title: 'Clients without a name',
  scope: 'cluster',
  reads: { clients: from() },
  history: { counts: pages() },
  limits: { unnamed: above({ info: 10 }, { unit: 'count', of: 'clients of a cluster without a name' }) },
  for: minutes(0),
  why: 'Nothing else in a connection says whose it is: of slow consumers, leaks and refused logins an address alone is told.',
  remedy:
    'Give each application a name in its connect options (`nats.Name("orders")` in Go, `name` in most libraries), best with the ' +
    'instance behind it. MQTT clients have their client id.',
  evaluate({ servers }, { cluster }) {
    const census = censusOf(servers, cluster, (rows) =>
      countBy(rows, (row) => (isUnnamed(row) ? ['all', 'unnamed'] : ['all'])),
    );
    if ('unknown' in census) return unknown(census.unknown);
    const count = census.counts.get('unnamed') ?? 0;
    const all = census.counts.get('all') ?? 0;
    const data = {
      all,
      rows: census.clients.map(({ row }) => row).filter(isUnnamed),
      target: servers[0]?.target,
    };
    return measured(`${formatCount(count)} of ${plural(all, 'client')} without a name`, [
      { limit: 'unnamed', entity: { kind: 'cluster', name: cluster.name }, value: count, data },
    ]);
  },
  describe({ value, data: { all, rows, target } }, { cluster }) {
    const row = (what: string, of: (row: ClientRow) => string) =>
      `${what}: ${tally(rows.map(of))
        .slice(0, 5)
        .map(([text, count]) => `${shown(text)} ${formatCount(count)}`)
        .join(', ')}`;
    return {
      summary: `${formatCount(value)} of ${plural(all, 'client')} of cluster ${cluster.name} (${formatPercent(value / all)}) have no name.`,
      evidence:
        rows.length === 0
          ? []
          : [
              row('addresses', ({ ip }) => ip),
              row('accounts', accountOf),
              row('libraries', ({ lang = 'not said', version = '' }) => `${lang} ${version}`.trim()),
            ],
      commands: {
        nats: `nats server report connections --filter 'conns.name == ""'`,
        curl: target === undefined ? '' : countedCommand(target, ['ip', 'name', 'lang']),
      },
    };
  },
});
