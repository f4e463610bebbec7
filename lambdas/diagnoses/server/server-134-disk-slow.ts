import {
  atLeast,
  defineDiagnosis,
  formatDuration,
  from,
  increase,
  measured,
  minutes,
  notApplicable,
  nothing,
  previous,
} from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { serverEntity } from './jetstream.ts';

/** First releases that count waits. */
const counted = ['2.12.14', '2.14.4'] as const;

/**
 * A server lets thousands of operations run at once: that another has to wait for five minutes on end is no burst. A wait is counted
 * when it ends: while a disk hangs, only those that wait at the moment show.
 */
export default defineDiagnosis({
  id: 'SERVER_134',
  title: "JetStream's disk is too slow",
  brief: ['store', 'slow disk'],
  scope: 'server',
  reads: { varz: from(...counted) },
  history: { waited: increase(), waits: increase(), waiters: previous() },
  limits: {
    waiting: atLeast(
      { warning: 1 },
      {
        unit: 'count',
        of: 'operations on disk of one server that wait for others, on average since the last run',
      },
    ),
  },
  for: minutes(5),
  why:
    'The disk takes longer than JetStream has to write: publishers wait for their acknowledgements, replicas fall behind, leaders ' +
    'lose their office. Nothing fails at first.',
  remedy:
    'Look at the disk of `store_dir`: IOPS and throughput at their limit (EBS: `VolumeQueueLength`, burst balance), shared with ' +
    'other work, or slow by kind (HDD, network file systems)? Give JetStream a faster one of its own. `sync_interval` or `sync_always`' +
    ' write through more often: are they set so on purpose?',
  evaluate({ target, varz, history }) {
    const stats = varz.disk_io_wait_stats;
    if (stats === undefined) return notApplicable(`counted from nats-server ${counted.join(' and ')} on`);
    const [waited, waits] = [history.waited(stats.wait_time), history.waits(stats.waits)];
    const before = history.waiters(stats.waiters);
    if (waited === null || waited.seconds <= 0)
      return nothing(`${plural(stats.waits, 'wait')} since its start`);
    const ended = waited.value / 1e9 / waited.seconds;
    const waiting = Math.max(ended, Math.min(stats.waiters, before?.value ?? 0));
    return measured(`${formatCount(waiting)} waiting on average`, [
      {
        limit: 'waiting',
        entity: serverEntity(target),
        value: waiting,
        data: { target, stats, many: waits?.value ?? 0, nanoseconds: waited.value },
      },
    ]);
  },
  describe: ({ value, data: { target, stats, many, nanoseconds } }) => ({
    summary:
      many === 0
        ? `The disk of ${target.name} hangs: ${plural(value, 'operation')} on it waited, and none has gone on since the last look.`
        : `On ${target.name} ${formatCount(value)} operations on disk wait for others on average: ` +
          `${plural(many, 'operation')} since the last look, ${formatDuration(nanoseconds / 1e6 / many)} each.`,
    evidence: [
      `${formatCount(stats.waiters)} wait at this moment, the longest wait that ended since its start was ` +
        formatDuration(stats.max_wait_time / 1e6),
    ],
    ...(many === 0 ? hung : {}),
    commands: {
      nats: 'nats server report jetstream',
      curl: `curl -s '${target.url}/varz' | grep -A5 '"disk_io_wait_stats"'`,
    },
  }),
});

const hung = {
  why:
    'What needs the disk waits for good: publishers get no acknowledgement, replicas here fall behind. `/healthz` says ok until a ' +
    'stream that is asked for waits too; from then on it and `/jsz` answer nothing, while clients stay connected.',
  remedy:
    'Is the volume of `store_dir` attached and does it answer (EBS: `VolumeStalledIOCheck`; a network file system: its server)? When it ' +
    'answers again, the server goes on by itself and loses nothing. Until then move its leaders away by ending this server, ' +
    'which may have to be killed: other replicas take over, streams of one replica wait.',
};
