import { atLeast, defineDiagnosis, formatDuration, from, measured, minutes, nothing } from '../../define.ts';
import type { Healthz, Varz } from '../../readings/endpoints.ts';
import { complaintsOf } from '../complaints.ts';
import { healthCommand, seenOnce, silenceOn } from './health.ts';

type Cause = { readonly words: RegExp; readonly why: string; readonly remedy: string };

const notContacted = /not established contact/;

/** What nats-server's own words mean (monitor.go, healthz). */
const causes: readonly Cause[] = [
  {
    words: notContacted,
    why:
      'It knows no leader of the meta group. Either so many servers with JetStream are down that the others are no ' +
      'majority, or it is cut off from them itself. Without a leader no stream or consumer can be created, changed or ' +
      'moved, and those whose own majority is gone refuse publishes and deliver nothing.',
    remedy:
      'Bring back the servers that are down (SERVER_101) or cut off (CLUSTER_005, CLUSTER_112): a majority is enough, and waiting ' +
      'loses nothing. Every server that ever joined counts until it is removed as a peer, dead ones too. Remove one ' +
      '(`nats server cluster peer-remove`) only if it never returns, and only once there is a leader again.',
  },
  {
    words: /not current with/,
    why: 'It is behind the leader of the meta group: it does not know of streams and consumers that changed since.',
    remedy:
      'Compare with the other servers (below). If this one alone is behind, look at its routes (CLUSTER_005, CLUSTER_112), its CPU ' +
      'and its disk. If all are, the group has lost its leader: look for servers that are down (SERVER_101).',
  },
  {
    words: /recovering/,
    why: 'It still reads or catches up on what streams and consumers there are, and serves none of them meanwhile.',
    remedy:
      'Wait, and restart no other server of the cluster meanwhile. If it does not end: is the disk slow or full ' +
      '(`store_dir`), has it routes to the others (CLUSTER_005, CLUSTER_112), has another server its name (CLUSTER_102)?',
  },
  {
    words: /not enabled/,
    why:
      'JetStream is configured, but the server has shut it down while running: its disk was full or failed, or it was removed ' +
      'from the meta group (`peer-remove`). Its streams are served by their other replicas, or by none.',
    remedy:
      'Find the error in its log (look for "JetStream", "DISABLED" and the name of `store_dir`), make room or mend the disk, then ' +
      'restart the server: JetStream does not come back by itself.',
  },
  {
    words: /write error|apply error|not running/,
    why: 'Its part of the meta group has stopped on an error, mostly of the disk: it follows no change any more.',
    remedy:
      'Read the error (evidence, and its log), make room or mend the disk (`store_dir`), then restart the server: it ' +
      'stays so until then.',
  },
];

export default defineDiagnosis({
  id: 'SERVER_014',
  title: 'JetStream is not healthy on a server',
  brief: ['servers', 'JetStream unhealthy'],
  scope: 'server',
  reads: { healthz: from() },
  history: {},
  limits: {
    unhealthy: atLeast(
      { critical: 1 },
      { unit: 'count', of: 'complaints of `/healthz` about JetStream itself' },
    ),
    /** META_006 pages for them all at once. */
    leaderless: atLeast(
      { info: 1 },
      {
        unit: 'count',
        of: 'complaints of a server that knows no meta leader, as all that were read know none',
      },
    ),
    recovering: atLeast(
      { warning: 0, critical: 600 },
      { unit: 'seconds', of: 'uptime of a server that still recovers its meta layer' },
    ),
  },
  // Seen in two runs in a row: a change of leader passes within seconds.
  for: minutes(1),
  why: 'The server itself says that its JetStream does not work, while its port answers and clients stay connected.',
  remedy: 'Read what it says (evidence) and its log around the time of the first finding.',
  evaluate(server) {
    const { target, varz, healthz } = server;
    const silence = silenceOn(['JETSTREAM'], { varz, healthz });
    if (silence !== null) return silence;
    const [complaint, ...more] = complaintsOf(healthz).filter(({ subject }) => subject === 'JETSTREAM');
    if (complaint === undefined) return nothing('JetStream is healthy');
    const { words } = complaint;
    const isRecovering = /recovering/.test(words);
    const isAlike =
      notContacted.test(words) && varz.cluster.name !== undefined && noneContacted(varz, server.peers);
    return measured(words, [
      {
        limit: isRecovering
          ? ('recovering' as const)
          : isAlike
            ? ('leaderless' as const)
            : ('unhealthy' as const),
        entity: { kind: 'server', name: target.name },
        value: isRecovering ? varz.uptime : 1 + more.length,
        data: { target, words: [words, ...more.map((each) => each.words)], http: healthz.http_status },
      },
    ]);
  },
  describe({ limit, value, data: { target, words, http } }, { firstRun }) {
    const [said = ''] = words;
    const cause = causes.find((each) => each.words.test(said));
    const since = limit === 'recovering' ? `, ${formatDuration(value * 1_000)} after its start` : '';
    return {
      summary: `${target.name} says${since}: ${said}.`,
      evidence: [
        ...words.map((each) => `/healthz (${http}): ${each}`),
        ...(limit === 'leaderless'
          ? ['no server that was read knows a leader: META_006 tells of them all']
          : []),
        ...seenOnce(firstRun),
      ],
      ...(cause === undefined ? {} : { why: cause.why, remedy: cause.remedy }),
      commands: { nats: 'nats server report jetstream', curl: healthCommand(target.url) },
    };
  },
});

type Peer = { readonly varz: Varz; readonly healthz: Healthz };

/** Whether all others of its cluster with JetStream that were read miss the meta leader too. */
const noneContacted = (own: Varz, peers: readonly Peer[]): boolean =>
  peers
    .filter(({ varz }) => varz.cluster.name === own.cluster.name && varz.jetstream.stats !== undefined)
    .every(({ healthz }) =>
      complaintsOf(healthz).some(({ subject, words }) => subject === 'JETSTREAM' && notContacted.test(words)),
    );
