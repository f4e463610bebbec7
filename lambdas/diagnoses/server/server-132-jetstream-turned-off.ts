import {
  atLeast,
  days,
  defineDiagnosis,
  from,
  measured,
  minutes,
  notApplicable,
  nothing,
  set,
} from '../../define.ts';
import { formatTime, inline } from '../../engine/format.ts';
import type { Varz } from '../../readings/endpoints.ts';
import { jetStreamIsOffHere, serverEntity } from './jetstream.ts';

/** Which start and which reload a server runs with; times are its own. */
const runOf = ({ start, config_load_time: loaded = start }: Varz): string => `${start} ${loaded}`;

/**
 * Off by its configuration, where it was on: `/healthz` is content with that, and `/varz` goes on showing the old figures. A server
 * that shut JetStream down by itself says so in `/healthz`, which SERVER_014 tells: then neither a start nor a reload came between.
 */
export default defineDiagnosis({
  id: 'SERVER_132',
  title: 'JetStream is off on a server that had it',
  brief: ['servers', 'JetStream off'],
  scope: 'server',
  reads: { jsz: from() },
  history: { runs: set(days(7)) },
  limits: {
    here: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'servers whose JetStream was turned off, while others of the cluster run it' },
    ),
    everywhere: atLeast(
      { critical: 1 },
      { unit: 'count', of: 'servers whose JetStream was turned off, while no other of the cluster runs it' },
    ),
  },
  for: minutes(1),
  why:
    'Streams and consumers that had their only replica here are gone from sight, others are short of one. No health probe says so: ' +
    'a server whose configuration has no JetStream is healthy without it.',
  remedy:
    'Was it meant? Then remove it from the meta group (`nats server cluster peer-remove`): after a restart it counts as a member until ' +
    'then, and its replicas are not made anew. ' +
    'If not: the configuration that it was started or reloaded with has no `jetstream` (a lost mount, another file, a changed chart). ' +
    'Put it back with the same `store_dir` and `server_name` and restart the server: what is on its disk comes back.',
  evaluate(server) {
    const { target, varz, jsz, history } = server;
    const { gone } = history.runs(jsz.disabled ? [] : [runOf(varz)]);
    if (!jsz.disabled) return nothing('JetStream is on');
    const last = gone.at(-1);
    if (last === undefined) return jetStreamIsOffHere;
    if (last.member === runOf(varz))
      return notApplicable('it shut JetStream down by itself: SERVER_014 tells that');
    const restarted = !last.member.startsWith(`${varz.start} `);
    const others = server.peers
      .filter((peer) => !peer.jsz.disabled && peer.varz.cluster.name === varz.cluster.name)
      .map((peer) => peer.target.name);
    const when = restarted ? varz.start : (varz.config_load_time ?? varz.start);
    return measured('JetStream is off, and was on', [
      {
        limit: others.length > 0 ? ('here' as const) : ('everywhere' as const),
        entity: serverEntity(target),
        value: 1,
        data: { target, lastSeen: last.lastSeen, others, restarted, when },
      },
    ]);
  },
  describe: ({ data: { target, lastSeen, others, restarted, when } }) => ({
    summary:
      `JetStream is off on ${target.name}, which had it until ${formatTime(lastSeen)}: ` +
      `${restarted ? 'it was restarted' : 'its configuration was reloaded'} without it.`,
    evidence: [
      `${restarted ? 'started' : 'reloaded'} at ${formatTime(when)}, by its own clock`,
      others.length > 0
        ? `JetStream is on on ${inline(others, 5)}`
        : 'JetStream is on on no other server that was read',
    ],
    commands: {
      nats: 'nats server report jetstream',
      curl: `curl -s '${target.url}/jsz' | grep '"disabled"'`,
    },
  }),
});
