import { atLeast, defineDiagnosis, measured, minutes } from '../../define.ts';

export default defineDiagnosis({
  id: 'SERVER_112',
  title: 'One server is watched as two targets',
  brief: ['servers', 'watched twice'],
  scope: 'server',
  ofTarget: true,
  reads: {},
  history: {},
  limits: {
    twins: atLeast({ warning: 1 }, { unit: 'count', servers: 2, of: 'other target that is the same server' }),
  },
  for: minutes(0),
  why:
    'Two targets stand for two servers, and there is one: a server of yours may be watched by nobody. Checks and rules count ' +
    'it once, at the first of the two; what rules would say of the other alone is not known. With the engine promql rules have ' +
    'its series twice, as in Prometheus, so that their sums over servers are too high. ' +
    'Looked for within each cluster of the settings; of one URL in two clusters synth and `npm start` warn.',
  remedy:
    'Remove one of the two targets from settings, or correct its URL: two names or addresses of one host, one port for ' +
    'two containers, or a load balancer where a server was meant.',
  evaluate({ target, varz, twin }) {
    const data = { target, twin, id: varz.server_id, name: varz.server_name ?? varz.server_id };
    const seen = twin === null ? 'a server of its own' : `the same server as ${twin.name}`;
    const entity = { kind: 'server', name: target.name } as const;
    return measured(seen, [{ limit: 'twins', entity, value: twin === null ? 0 : 1, data }]);
  },
  describe: ({ data: { target, twin, id, name } }) => ({
    summary:
      `${target.name} (${target.url}) and ${twin?.name ?? 'another target'} (${twin?.url ?? ''}) are one server, ` +
      `${name === id ? id : `${name} (${id})`}: it is counted once.`,
    evidence: [],
    commands: {
      nats: 'nats server list',
      curl: [target, ...(twin === null ? [] : [twin])]
        .map(({ url }) => `curl -s '${url}/varz' | grep -E '"server_(id|name)"'`)
        .join('; '),
    },
  }),
});
