import { atLeast, defineDiagnosis, from, hours, measured, minutes, nothing, set } from '../../define.ts';
import { formatTime, inline } from '../../engine/format.ts';
import { jetStreamIsOffHere, serverEntity } from '../server/jetstream.ts';

const called = (domain: string): string => (domain === '' ? 'no domain' : `domain ${domain}`);

/** Told for an hour: a domain changes with a restart, on purpose or by another configuration. */
export default defineDiagnosis({
  id: 'CHANGE_002',
  title: 'JetStream domain changed',
  brief: ['servers', 'domain changed'],
  scope: 'server',
  reads: { jsz: from() },
  history: { domains: set(hours(1)) },
  limits: {
    changed: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'servers whose JetStream domain is another one than before' },
    ),
  },
  for: minutes(1),
  why:
    'Clients, mirrors and sources reach JetStream of a domain by its name ($JS.DOMAIN.API): those that name the old one get no ' +
    'answer any more. Servers of one cluster in different domains see different streams.',
  remedy:
    'Was it meant? Then change it on all servers of the cluster and in clients, mirrors and sources that name it. If not, put the ' +
    'old `jetstream.domain` back and restart the server: streams are kept.',
  evaluate(server) {
    const { target, varz, jsz, history } = server;
    if (jsz.disabled) return jetStreamIsOffHere;
    const { domain = '' } = jsz.config;
    const before = history.domains([domain]).gone.at(-1);
    if (before === undefined) return nothing(called(domain));
    const others = server.peers
      .filter((peer) => !peer.jsz.disabled && peer.varz.cluster.name === varz.cluster.name)
      .map((peer) => `${peer.target.name}: ${called(peer.jsz.config.domain ?? '')}`);
    return measured(`${called(domain)}, before ${called(before.member)}`, [
      {
        limit: 'changed',
        entity: serverEntity(target),
        value: 1,
        data: { target, domain, before: before.member, lastSeen: before.lastSeen, others },
      },
    ]);
  },
  describe: ({ data: { target, domain, before, lastSeen, others } }) => ({
    summary: `JetStream of ${target.name} is in ${called(domain)} now, until ${formatTime(lastSeen)} it was in ${called(before)}.`,
    evidence: others.length === 0 ? [] : [`others of its cluster: ${inline(others, 5)}`],
    commands: {
      nats: 'nats server report jetstream',
      curl: `curl -s '${target.url}/jsz' | grep '"domain"'`,
    },
  }),
});
