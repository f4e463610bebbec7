import { above, defineDiagnosis, known, measured, minutes } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { holdersOf, openConnections, withHolders } from './connections.ts';
import { loadOf, loadWords } from '../load.ts';
import { traffic, trafficOf, trafficRows } from './traffic.ts';

/**
 * Mirrors `gnatsd_connz_num_connections > 1000` for 5m. The exporter's figure is the rows of one `/connz` page and
 * stops at 1,024; this one goes on counting.
 */
export default defineDiagnosis({
  id: 'SERVER_103',
  title: 'More connections than the team wants on one server',
  scope: 'server',
  reads: {},
  history: traffic,
  limits: { connections: above({ warning: 1_000 }, { unit: 'count', of: 'open connections of one server' }) },
  for: minutes(5),
  rule: { alert: 'NatsHighNumberOfConnections', limit: 'connections' },
  why: 'Each connection costs memory, a file descriptor and a share of CPU; a leak or a reconnect storm shows here first.',
  remedy:
    'Find who holds the connections: the finding names them. A leak: fix the client so that it reuses one connection. Legitimate growth: ' +
    'spread clients over the cluster by giving them all server URLs, add a server, or raise this limit in settings. ' +
    'Cap one tenant with its account limit (`conn` in the account JWT, `max_connections` for all of a server).',
  evaluate(server) {
    const { target, varz, history } = server;
    const connections = openConnections(varz);
    const data = {
      target,
      load: loadOf(varz),
      traffic: trafficOf(varz, history),
      spread: () =>
        server.peers.flatMap((peer) => {
          const theirs = known(() => openConnections(peer.varz));
          return theirs === null ? [] : [`${peer.target.name} ${formatCount(theirs)}`];
        }),
    };
    return measured(plural(connections, 'connection'), [
      { limit: 'connections', entity: { kind: 'server', name: target.name }, value: connections, data },
    ]);
  },
  describe({ value, level, data }) {
    const others = data.spread();
    const spread = others.length > 0 ? [`elsewhere in the cluster: ${others.join(', ')}`] : [];
    return {
      summary: `${data.target.name} holds ${plural(value, 'connection')}, above the limit of ${formatCount(level)}.`,
      evidence: [loadWords(data.load), ...trafficRows(data.traffic), ...spread],
      commands: {
        nats: 'nats server report connections --top 20',
        curl:
          `curl -s '${data.target.url}/connz?auth=1&limit=${Math.max(1_024, Math.ceil(value))}' | ` +
          `grep -E '"(ip|name|mqtt_client|account)":' | sort | uniq -c | sort -rn | head -30`,
      },
    };
  },
  details: ({ value, data }) => holdersOf(data.target, value),
  enrich: (_, details) => withHolders(details),
});
