import {
  atLeast,
  defineDiagnosis,
  formatDuration,
  from,
  measured,
  minutes,
  notApplicable,
  nothing,
  set,
} from '../../define.ts';
import { plural } from '../../engine/format.ts';
import { hasFrom } from '../../engine/versions.ts';
import { classesOf, mayCatchUp, saysThatItCatchesUp, isInNoGroup } from './asset-classes.ts';
import { complaintsOf, type Complaint } from '../complaints.ts';
import { healthCommand, seenOnce, silenceOn } from './health.ts';

/** First release whose `/healthz` looks at the streams of a server without cluster. */
const looksAtLoneServers = ['2.9.11'];
/** Catching up, so many streams are told apart; a server that has more to catch up with is as long at it. */
const mostFollowed = 200;

/**
 * A replica that catches up is on its way, and after a restart under load that takes minutes: it is for information until it has
 * taken long.
 */
export default defineDiagnosis({
  id: 'SERVER_015',
  title: 'Streams or consumers of a server are not recovered or not current',
  brief: ['servers', 'streams or consumers not current'],
  scope: 'server',
  reads: { healthz: from() },
  history: { catchingUp: set(minutes(3)) },
  limits: {
    failing: atLeast(
      { critical: 1 },
      { unit: 'count', of: 'streams and consumers of one server that are not there, or stopped on an error' },
    ),
    /** JETSTREAM_109 warns of it. */
    alone: atLeast(
      { info: 1 },
      {
        unit: 'count',
        of: 'streams and consumers of one server that are in no raft group, though configured with replicas',
      },
    ),
    catchingUp: atLeast(
      { info: 0, warning: 15 * 60, critical: 2 * 60 * 60 },
      {
        unit: 'seconds',
        of: 'time for which a stream of one server has not been current, while it may catch up',
      },
    ),
  },
  // Seen in two runs in a row: what passes within seconds is no news.
  for: minutes(1),
  why:
    'A replica that is not current is none: if the servers with the others fail, its messages are gone. Where there is ' +
    'no other replica, the stream or consumer does not work at all.',
  remedy:
    'Are other servers down (SERVER_101) or cut off (CLUSTER_005, CLUSTER_112)? Bring them back first. If only this one complains, ' +
    'read the reason (evidence): each kind has a cure of its own.',
  evaluate({ target, varz, healthz, history }, { at }) {
    const silence = silenceOn(['STREAM', 'CONSUMER'], { varz, healthz });
    if (silence !== null) return silence;
    const isLone = varz.cluster.cluster_port === undefined;
    if (isLone && !hasFrom(varz.version, looksAtLoneServers)) {
      return notApplicable(
        `nats-server ${varz.version} looks at streams in clusters only (from 2.9.11 on at all)`,
      );
    }
    const complaints = complaintsOf(healthz).filter(
      ({ subject }) => subject === 'STREAM' || subject === 'CONSUMER',
    );
    const slow = complaints.filter(mayCatchUp);
    const alone = complaints.filter(isInNoGroup);
    const failing = complaints.filter((each) => !mayCatchUp(each) && !isInNoGroup(each));
    const { since } = history.catchingUp(slow.slice(0, mostFollowed).map(({ words }) => words));
    if (complaints.length === 0) return nothing('streams and consumers are recovered and current');
    const longest = (at - Math.min(at, ...since.values())) / 1_000;
    const of = (limit: 'failing' | 'alone' | 'catchingUp', own: readonly Complaint[], value: number) => ({
      limit,
      entity: { kind: 'server' as const, name: target.name },
      value,
      data: {
        target,
        own,
        others: complaints.filter((each) => !own.includes(each)),
        http: healthz.http_status,
      },
    });
    return measured(counted(complaints), [
      ...(failing.length > 0 ? [of('failing', failing, failing.length)] : []),
      ...(alone.length > 0 ? [of('alone', alone, alone.length)] : []),
      ...(slow.length > 0 ? [of('catchingUp', slow, longest)] : []),
    ]);
  },
  describe({ limit, value, data: { target, own, others, http } }, { firstRun }) {
    const evidence = [
      ...seenOnce(firstRun),
      ...[...own, ...others].map(({ words }) => `/healthz (${http}): ${words}`),
    ];
    const commands = { nats: 'nats stream report', curl: healthCommand(target.url) };
    if (limit === 'failing') {
      const classes = classesOf(own);
      const are = own.length === 1 ? 'is' : 'are';
      const kinds = classes.map(({ words, many }) => (many === own.length ? words : `${many} ${words}`));
      return {
        summary: `${counted(own)} of ${target.name} ${are} not there or not current: ${kinds.join(', ')}.`,
        evidence,
        ...(classes[0] === undefined ? {} : { why: classes[0].why, remedy: classes[0].remedy }),
        commands,
      };
    }
    if (limit === 'alone') {
      return {
        summary: `${counted(own)} of ${target.name} ${own.length === 1 ? 'is' : 'are'} in no raft group, though configured with replicas: alone, or stopped here.`,
        evidence,
        ...lone,
        commands,
      };
    }
    const long = value >= 60 ? `, for ${formatDuration(value * 1_000)}` : '';
    const isOne = own.length === 1;
    if (!own.every(saysThatItCatchesUp)) {
      return {
        summary: `${counted(own)} of ${target.name} ${isOne ? 'is' : 'are'} not current${long}: catching up, or without a leader.`,
        evidence,
        ...behind,
        commands,
      };
    }
    return {
      summary: `${counted(own)} of ${target.name} still ${isOne ? 'catches' : 'catch'} up with the leader${long}.`,
      evidence,
      why:
        'After a restart or a cut a replica copies what it missed. Until it has all, the stream is short of one replica: ' +
        'a second server that fails or is restarted may stop it.',
      remedy:
        'Wait, and restart no other server of the cluster meanwhile. Compare `messages` of the replicas (/jsz?streams=true): ' +
        'if they do not come closer, look at CPU, disk and network of this server.',
      commands,
    };
  },
});

const lone = {
  why:
    'Where the servers of its other replicas were removed from the meta group, what is here is served and takes messages, and there is no ' +
    'copy of it. Where there are others, this one stands still. `/healthz` answers 503 for either, so that a load balancer or an ' +
    'orchestrator may take the server away.',
  remedy:
    'Look at its replicas (`nats stream info`). None but this: add servers, or say that one is enough (`nats stream edit --replicas 1`); ' +
    'JETSTREAM_109 tells of it until either is done. Others that are current: restart this server, so that it joins them.',
};

const behind = {
  why:
    'A replica that is not current is none: if the servers with the others fail, its messages are gone. One that copies what it ' +
    'missed says the same as one whose group has no leader, which JETSTREAM_008 or JETSTREAM_107 tells.',
  remedy:
    'Are other servers down (SERVER_101) or cut off (CLUSTER_005, CLUSTER_112)? Bring them back first: without a majority it cannot be current. ' +
    'Compare `messages` of the replicas (/jsz?streams=true): while they come closer, wait, and restart no other server. If they do ' +
    'not, look at CPU, disk and network of this server and restart it; if that does not help, give the stream another replica ' +
    '(`nats stream cluster peer-remove` for this server: this copy is given up).',
};

/** `2 streams and 1 consumer`. */
function counted(complaints: readonly Complaint[]): string {
  const streams = complaints.filter(({ subject }) => subject === 'STREAM').length;
  const consumers = complaints.length - streams;
  return [
    ...(streams > 0 ? [plural(streams, 'stream')] : []),
    ...(consumers > 0 ? [plural(consumers, 'consumer')] : []),
  ].join(' and ');
}
