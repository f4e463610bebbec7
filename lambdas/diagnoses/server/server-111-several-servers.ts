import { atLeast, defineDiagnosis, measured, minutes } from '../../define.ts';
import type { AnsweringServer } from '../../define.ts';
import { formatCount, formatTime, inline, plural } from '../../engine/format.ts';

const named = ({ name, id }: AnsweringServer): string =>
  name === null || name === id ? id : `${name} (${id})`;

/** Told by the ids, at `/varz` and at one more path in each run: of two servers that both were running when either answered, none is the other's successor. */
export default defineDiagnosis({
  id: 'SERVER_111',
  title: "A target's URL leads to several servers",
  brief: ['servers', 'several behind one URL'],
  scope: 'server',
  ofTarget: true,
  reads: {},
  history: {},
  limits: {
    servers: atLeast({ warning: 2 }, { unit: 'count', of: 'servers that answered at one URL within 15 min' }),
  },
  for: minutes(0),
  why:
    'A look sees one of them, and the next one may see another: what the others hold and close meanwhile is unseen, and ' +
    'that one of them dies is not reported. So checks and rules say unknown of this target instead of ok, each check from ' +
    'when its own runs met two of them: for some minutes one may say ok while another knows. Windows and `for` of rules ' +
    'begin anew each time another server answers, and nothing is published of a rule that does not fire, so that its alarm ' +
    'keeps its state. An alarm that compares a series itself compares whoever answered. With the engine promql, which ' +
    'evaluates in CloudWatch, counters seem to be reset each time, as in Prometheus.',
  remedy:
    'Give each server a target of its own in settings, with an address that is its own: not a load balancer, a proxy or ' +
    'a Kubernetes Service, but a host, or a pod by its headless service (`http://nats-0.nats-headless:8222`). A DNS name ' +
    'with an address for each of them is one target as `dns`. Did the address move to another server that was running ' +
    'already? Then nothing: this ends 15 min after the former one last answered there. (Where a proxy sends /healthz ' +
    'alone to another server nothing shows it: that reply does not say who gives it.)',
  evaluate: ({ target, servers }) =>
    measured(
      servers.length < 2
        ? 'one server answers'
        : `${formatCount(servers.length)} servers answer: ${inline(servers.map(named))}`,
      [
        {
          limit: 'servers',
          entity: { kind: 'server', name: target.name },
          value: servers.length,
          data: { target, servers },
        },
      ],
    ),
  describe: ({ value, data: { target, servers } }) => ({
    summary: `${target.url} (${target.name}) leads to ${plural(value, 'server')}: ${inline(servers.map(named))}.`,
    evidence: servers.map(
      (server) =>
        `${named(server)}: last answered ${formatTime(server.seenAt)}` +
        (server.start === null ? '' : `, running since ${formatTime(server.start)}`),
    ),
    commands: {
      nats: 'nats server list',
      curl: `for p in varz varz varz jsz leafz routez gatewayz connz; do curl -s '${target.url}/'$p | grep -m 1 '"server_id"'; done`,
    },
  }),
});
