import { above, defineDiagnosis, known, measured, minutes, unknown } from '../../define.ts';
import { formatPercent, plural } from '../../engine/format.ts';
import type { Varz } from '../../readings/endpoints.ts';
import { loadOf, loadWords } from '../load.ts';
import { traffic, trafficOf, trafficRows } from './traffic.ts';

/** Percent of the processors that Go may use; null where it does not say how many. */
const usedOf = ({ cpu, gomaxprocs }: Varz): number | null => (gomaxprocs > 0 ? cpu / gomaxprocs : null);

/**
 * `cpu` is percent of one core over about the last second, so that one look proves nothing: each of several in a row has to
 * show it. `cores` would count those of the host, of which a container may use some.
 */
export default defineDiagnosis({
  id: 'SERVER_003',
  title: 'High CPU usage',
  scope: 'server',
  reads: {},
  history: traffic,
  limits: {
    cpu: above({ warning: 80 }, { unit: 'percent', of: 'CPU of all processors that the server may use' }),
  },
  for: minutes(5),
  rule: { alert: 'NatsHighCpuUsage', limit: 'cpu' },
  why:
    'Messages wait, routes and raft with them, and clients that wait too long reconnect and cost more. Elections of JetStream ' +
    'leaders begin when heartbeats are late.',
  remedy:
    'Look for who sends or receives most (`/connz?sort=msgs_to`, `sort=msgs_from`), for wildcards that match everything, and for TLS ' +
    'handshakes of clients that reconnect without end: the finding says how many came. Or its memory is at GOMEMLIMIT (SERVER_142): ' +
    'then the garbage collector takes it. Spread clients over more servers, or give this one more cores.',
  evaluate(server) {
    const { target, varz, history } = server;
    const used = usedOf(varz);
    const data = {
      target,
      processors: varz.gomaxprocs,
      load: loadOf(varz),
      traffic: trafficOf(varz, history),
      spread: () =>
        server.peers.flatMap((peer) => {
          const theirs = known(() => usedOf(peer.varz));
          return theirs === null ? [] : [`${peer.target.name} ${formatPercent(theirs / 100)}`];
        }),
    };
    if (used === null) return unknown(`${target.name} does not say how many processors it may use`);
    return measured(`${formatPercent(used / 100)} of ${plural(varz.gomaxprocs, 'processor')}`, [
      { limit: 'cpu', entity: { kind: 'server', name: target.name }, value: used, data },
    ]);
  },
  describe({ value, level, data: { target, processors, load, traffic: passing, spread } }) {
    const others = spread();
    return {
      summary:
        `${target.name} uses ${formatPercent(value / 100)} of ${plural(processors, 'processor')}, ` +
        `above the limit of ${formatPercent(level / 100)}.`,
      evidence: [
        loadWords(load),
        ...trafficRows(passing),
        ...(others.length > 0 ? [`elsewhere in the cluster: ${others.join(', ')}`] : []),
      ],
      commands: {
        nats: 'nats server report connections --sort out-msgs --top 20',
        curl: `curl -s '${target.url}/connz?sort=msgs_to&limit=10' | grep -E '"(name|ip|in_msgs|out_msgs)"'`,
      },
    };
  },
});
