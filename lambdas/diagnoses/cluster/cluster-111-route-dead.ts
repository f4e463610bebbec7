import {
  atLeast,
  days,
  defineDiagnosis,
  formatDuration,
  from,
  hours,
  latest,
  measured,
  minutes,
  nothing,
  seconds,
} from '../../define.ts';
import { formatCount, formatTime, inline, plural } from '../../engine/format.ts';
import { byCommonEnd } from '../links/common-end.ts';
import { heardOf, type Heard } from '../links/heard.ts';
import { lowestLevel } from '../links/level.ts';
import { silentPeers } from '../links/silent-peers.ts';
import { membersOf, notCompared } from '../members.ts';

/**
 * Every server sends its STATSZ to all others every 10 s, so that of a peer whose routes stand still nothing comes. Not by
 * `last_activity`, which what is sent keeps fresh. A peer that does not answer PINGs is cut off after 90 s, unless `ping_max` is
 * high: then CLUSTER_005 or CLUSTER_112 tells. A watched peer that does not answer is SERVER_101's.
 */
export default defineDiagnosis({
  id: 'CLUSTER_111',
  title: 'A route is open and nothing comes over it',
  scope: 'cluster',
  reads: { routez: from() },
  history: { heard: latest(hours(1)), ids: latest(days(30)) },
  limits: {
    silent: atLeast(
      { critical: 180 },
      {
        unit: 'seconds',
        of: 'time that a server has received nothing from another over routes that are open',
      },
    ),
  },
  for: minutes(0),
  why:
    'Both ends take the route for a good one: what is sent over it is lost without an error, subscribers on one side do not hear ' +
    'the other, and JetStream waits for votes that do not come. It does not mend itself.',
  remedy:
    'Is the process at the other end alive (`kill -CONT`, a paused virtual machine, a disk that hangs)? Was the network between ' +
    'them cut without a word, as a firewall or security group does that drops packets? Open it. If both answer and the ' +
    'way is free, restart one of the two, the one that leads fewer streams. With `ping_max` of 2 a server finds such a route ' +
    'itself and dials anew.',
  evaluate({ servers, unread, history }, { limits }) {
    const members = membersOf(servers);
    if (members.length === 0) return notCompared(unread, 'no watched server is in a cluster');
    const silent = silentPeers(servers, unread, history.ids);
    const heard = heardOf(members, (peer) => silent.has(peer), history.heard);
    if (heard.length === 0) return nothing('no route');
    const level = lowestLevel(limits.silent);
    const dead = heard.filter(({ weight }) => weight >= level);
    if (dead.length === 0) return nothing('something comes over every route');
    return measured(
      inline(dead.map(rowOf)),
      byCommonEnd(dead, heard).map(({ end, pairs }) => ({
        limit: 'silent' as const,
        entity: { kind: 'connections' as const, name: `routes of ${end}` },
        value: pairs[0]?.weight ?? 0,
        data: { end, pairs },
      })),
    );
  },
  describe: ({ value, data: { end, pairs } }) => ({
    summary: `Routes of ${end} are open, and nothing has come over them for ${formatDuration(seconds(value))}: ${inline(pairs.map(rowOf))}.`,
    evidence: pairs.map(
      ({ a, b, routes, received, sent, start, since }) =>
        `${a} from ${b}: ${formatCount(received)} messages, no other since ${formatTime(since)}; ${formatCount(sent)} sent; ` +
        `${plural(routes, 'route')}, open since ${formatTime(start)}`,
    ),
    commands: {
      nats: 'nats server report routes',
      curl: `curl -s '${pairs[0]?.url ?? ''}/routez' | grep -E '"(remote_name|remote_id|start|in_msgs|out_msgs|pending_size)"'`,
    },
  }),
});

const rowOf = ({ a, b }: Heard): string => `${a} from ${b}`;
