import {
  attempted,
  below,
  defineDiagnosis,
  isOurs,
  known,
  measured,
  minutes,
  unknown,
  window,
} from '../../define.ts';
import type { Failure } from '../../readings/reading.ts';
import { failed, firstSteps, isAnswered } from './failure-words.ts';
import { isDraining } from '../lame-duck.ts';

type Process = { readonly port: number };

/** What was seen of the process before, as a sentence ends. */
const past = {
  drained: ' after it was drained: it was in lame-duck mode within the last hour',
  up: '; it did within the last hour',
  unseen: '; nobody saw it answer before',
} as const;

const noReply: Failure = { code: 'unreachable', message: 'no reply' };

/** The only diagnosis that reports a server that cannot be reached; elsewhere such a server is `unknown`, quietly. */
export default defineDiagnosis({
  id: 'SERVER_101',
  title: 'No usable answer from a server',
  scope: 'server',
  ofTarget: true,
  reads: { varz: attempted, healthz: attempted },
  history: { alive: window<Process>(minutes(60)), draining: window(minutes(60)) },
  limits: {
    up: below({ critical: 1 }, { unit: 'count', of: '1 if `/varz` was read and understood, else 0' }),
  },
  for: minutes(2),
  rule: { alert: 'NatsServerDown', limit: 'up' },
  why: 'Clients of this server are disconnected or about to be, and no other check can see it: they all say unknown.',
  remedy:
    'The finding says how it fails. Refused: is the process running (service status, ECS task, pod), did its address change? ' +
    'Timed out: does a security group or network ACL keep the checks from the monitoring port (`http_port`, usually 8222), or ' +
    'does the server hang? No address: the name in DNS. Answered, but not understood: TLS, port and path of its URL in settings.',
  evaluate({ target, varz, healthz, history }, { at }) {
    const drains =
      varz.ok && healthz.ok && known(() => isDraining({ varz: varz.value, healthz: healthz.value })) === true;
    // By the process' start: what a drain ended does not explain why its successor is silent.
    const running = varz.ok ? [{ key: String(varz.value.start), at, note: { port: varz.value.port } }] : [];
    const alive = history.alive(running);
    const draining = history.draining(drains ? running : []);
    if (!varz.ok && isOurs(varz.failure)) return unknown(varz.failure.message, [{ target }]);
    const newest = [...alive.keys.keys()].sort((a, b) => Number(b) - Number(a))[0] ?? '';
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
          failure: varz.ok ? noReply : varz.failure,
          before: draining.keys.has(newest)
            ? ('drained' as const)
            : alive.total > 0
              ? ('up' as const)
              : ('unseen' as const),
          port: alive.keys.get(newest)?.samples.at(-1)?.note.port ?? 4_222,
        },
      },
    ] as const;
    // An answer is one, whichever server behind the URL gave it.
    return measured(state, measurements, { conclusive: varz.ok, without: varz.ok ? [] : [{ target }] });
  },
  describe: ({ data: { target, failure, before, port } }) => ({
    summary: `${target.name} ${failed(failure)}${past[before]}.`,
    evidence: [
      failure.message,
      {
        drained: 'drain: /healthz refused clients before it stopped; CLUSTER_101 says how many it sent away',
        up:
          'whether it was drained is not known: a drain waits 10 s unless configured and then takes up to a second a client, ' +
          'none without clients, so that one of few clients falls between two runs; if CLUSTER_101 saw connections closed by ' +
          'one, it says so',
        unseen: 'no run of the last hour saw it answer, so nothing is known of how it ended',
      }[before],
    ],
    ...(isAnswered(failure)
      ? {
          why:
            'Something is there, but no check can read what it says, so that all of them say unknown: its clients may be ' +
            'well or not.',
        }
      : {}),
    remedy:
      before === 'drained' && !isAnswered(failure)
        ? 'This looks planned: was it a deployment, scale-in or restart? Then wait for its successor, or remove the target ' +
          'from settings. If nobody planned it, find who sent the signal (`nats-server --signal ldm`, a host going away).'
        : firstSteps(failure),
    commands: {
      nats: `nats server check connection --server nats://${new URL(target.url).hostname}:${port}`,
      curl: `curl -sS -m 5 '${target.url}/varz' | head -5; curl -sS -m 5 '${target.url}/healthz'`,
    },
  }),
});
