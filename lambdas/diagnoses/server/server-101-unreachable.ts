import { attempted, below, defineDiagnosis, measured, minutes, window } from '../../define.ts';
import type { FailureCode } from '../../readings.ts';
import { isDraining } from '../lame-duck.ts';

const steps: Record<FailureCode, string> = {
  unreachable:
    'Nothing accepts connections there. Is the process running (service status, ECS task, pod)? Did its address change? ' +
    'Does a security group or network ACL allow the checks to reach the monitoring port (`http_port`, usually 8222)?',
  timeout:
    'Packets vanish or the server hangs. Compare with another host in the same subnet: a security group, network ACL or ' +
    'route drops them, or the server is out of CPU, memory or disk I/O. If it hangs, keep its log and a stack dump ' +
    '(`kill -SIGQUIT`) before the restart.',
  tls: 'The TLS handshake failed: an expired or renewed certificate, an authority that settings do not know (`tls.caFile`), or `http` where the server speaks `https`.',
  status:
    'Something answers, but not with a reply of nats-server: a proxy or load balancer in between, or a wrong base path in settings.',
  'too-large': 'The reply is larger than any of nats-server: the URL in settings points to something else.',
  'not-json':
    'Something answers, but it is not nats-server: compare the URL in settings with `http_port` and `http_base_path`.',
  'unexpected-shape':
    'The reply is not that of a nats-server this release knows: is it one, and how old or new is it?',
  'another-server': 'Several servers answer at that URL: give each a target of its own (SERVER_111).',
};

type Process = { readonly port: number; readonly shutdowns: number };

/** What was seen of the process before, as a sentence ends. */
const past = {
  drained: ' after it was drained: it was in lame-duck mode within the last hour',
  up: ', and it was not seen draining before',
  unseen: '; nobody saw it answer before',
} as const;

/** The only diagnosis that tells of a server that cannot be reached; elsewhere such a server is `unknown`, quietly. */
export default defineDiagnosis({
  id: 'SERVER_101',
  title: 'Server does not answer',
  scope: 'server',
  ofTarget: true,
  reads: { varz: attempted, healthz: attempted, closed: attempted },
  history: { alive: window<Process>(minutes(60)), draining: window<Process>(minutes(60)) },
  limits: {
    up: below({ critical: 1 }, { unit: 'count', of: '1 if `/varz` was read and understood, else 0' }),
  },
  for: minutes(2),
  rule: { alert: 'NatsServerDown', limit: 'up' },
  why: 'Clients of this server are disconnected or about to be, and no other check can see it: they all say unknown.',
  remedy: steps.unreachable,
  evaluate({ target, varz, healthz, closed, history }, { at }) {
    const shutdowns = closed.ok
      ? closed.value.rows.filter(({ reason }) => reason === 'Server Shutdown').length
      : 0;
    // A server that is only starting misses its client listener too, but has never had a client.
    const hadClients = varz.ok && varz.value.total_connections > 0;
    const drains = (hadClients && healthz.ok && isDraining(healthz.value)) || shutdowns > 0;
    // By the process' start: what a drain ended does not explain why its successor is silent.
    const running = varz.ok
      ? [{ key: String(varz.value.start), at, note: { port: varz.value.port, shutdowns } }]
      : [];
    const alive = history.alive(running);
    const draining = history.draining(drains ? running : []);
    const newest = [...alive.keys.keys()].sort((a, b) => Number(b) - Number(a))[0] ?? '';
    const drain = draining.keys.get(newest);
    const state = varz.ok
      ? `up, ${varz.value.version}${drains ? ', draining (lame duck)' : ''}`
      : varz.failure.message;
    const measurements = [
      {
        limit: 'up',
        entity: { kind: 'server', name: target.name },
        value: varz.ok ? 1 : 0,
        data: {
          target,
          failure: varz.ok ? null : varz.failure,
          before: drain ? ('drained' as const) : alive.total > 0 ? ('up' as const) : ('unseen' as const),
          moved: drain?.samples.reduce((sum, { note }) => sum + note.shutdowns, 0) ?? 0,
          port: alive.keys.get(newest)?.samples.at(-1)?.note.port ?? 4_222,
        },
      },
    ] as const;
    // An answer is one, whichever server behind the URL gave it.
    return measured(state, measurements, { conclusive: varz.ok });
  },
  describe: ({ data: { target, failure, before, moved, port } }) => ({
    summary: `${target.name} does not answer (${failure?.code ?? 'no reply'})${past[before]}.`,
    evidence: [
      failure?.message ?? 'no reply',
      {
        drained: `drain: /healthz refused clients or connections closed with "Server Shutdown" (${moved} seen) before it stopped`,
        up: 'no drain: neither a refusing /healthz nor "Server Shutdown" rows since this process was first seen, in the last hour',
        unseen: 'no run of the last hour saw it answer, so nothing is known of how it ended',
      }[before],
    ],
    remedy:
      before === 'drained'
        ? 'This looks planned: was it a deployment, scale-in or restart? Then wait for its successor, or remove the target ' +
          'from settings. If nobody planned it, find who sent the signal (`nats-server --signal ldm`, a host going away).'
        : steps[failure?.code ?? 'unreachable'],
    commands: {
      nats: `nats server check connection --server nats://${new URL(target.url).hostname}:${port}`,
      curl: `curl -sS -m 5 '${target.url}/varz' | head -5; curl -sS -m 5 '${target.url}/healthz'`,
    },
  }),
});
