import {
  above,
  defineDiagnosis,
  formatDuration,
  known,
  measured,
  minutes,
  nothing,
  previous,
} from '../../define.ts';
import { formatCount } from '../../engine/format.ts';

export default defineDiagnosis({
  id: 'CLUSTER_006',
  title: 'The number of connections changed at once',
  scope: 'server',
  reads: {},
  history: { connections: previous() },
  limits: {
    change: above({ warning: 500 }, { unit: 'count', of: 'clients more or fewer than at the last run' }),
  },
  for: minutes(0),
  why: 'Many clients coming or going at once is a deployment, a reconnect storm, or a network that broke.',
  remedy:
    'Ask whether something was deployed or scaled at that time. If not: a fall means clients lost the server (load ' +
    'balancer, firewall, client crash; see the close reasons of connection-stopped), a rise that they fled from another ' +
    'server or reconnect without end. Look for the mirror image on the other servers of the cluster.',
  evaluate(server, { at }) {
    const { target, history } = server;
    const { connections } = server.varz;
    const before = history.connections(connections);
    if (before === null)
      return nothing(`${formatCount(connections)} clients, no earlier run to compare with`);
    const change = connections - before.value;
    const spread = () =>
      server.peers.flatMap((peer) => {
        const theirs = known(() => peer.varz.connections);
        return theirs === null ? [] : [`${peer.target.name} ${formatCount(theirs)}`];
      });
    const data = { target, before: before.value, now: connections, passed: at - before.at, spread };
    return measured(`${change >= 0 ? '+' : ''}${formatCount(change)} clients since the last run`, [
      { limit: 'change', entity: { kind: 'server', name: target.name }, value: Math.abs(change), data },
    ]);
  },
  describe({ value, level, data: { target, before, now, passed, spread } }) {
    const others = spread();
    return {
      summary:
        `${target.name} went from ${formatCount(before)} to ${formatCount(now)} clients within ${formatDuration(passed)}: ` +
        `${formatCount(value)} ${now > before ? 'more' : 'fewer'}, limit ${formatCount(level)}.`,
      evidence: others.length > 0 ? [`elsewhere in the cluster now: ${others.join(', ')}`] : [],
      commands: {
        nats: 'nats server report connections --sort uptime --top 20',
        curl: `curl -s '${target.url}/connz?state=closed&sort=stop&limit=100' | grep '"reason"' | sort | uniq -c`,
      },
    };
  },
});
