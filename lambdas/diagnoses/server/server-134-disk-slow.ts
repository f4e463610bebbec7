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
} from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { serverEntity } from './jetstream.ts';

/** First releases that count waits. */
const counted = ['2.12.14', '2.14.4'] as const;

/** A server lets thousands of operations run at once: that another has to wait for five minutes on end is no burst. */
export default defineDiagnosis({
  id: 'SERVER_134',
  title: "JetStream's disk is too slow",
  brief: ['store', 'slow disk'],
  scope: 'server',
  reads: { varz: from(...counted) },
  history: { waited: increase(), waits: increase() },
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
    if (waited === null || waited.seconds <= 0)
      return nothing(`${plural(stats.waits, 'wait')} since its start`);
    const waiting = waited.value / 1e9 / waited.seconds;
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
      `On ${target.name} ${formatCount(value)} operations on disk wait for others on average: ` +
      `${plural(many, 'operation')} since the last look, ${formatDuration(nanoseconds / 1e6 / Math.max(1, many))} each.`,
    evidence: [
      `${formatCount(stats.waiters)} wait at this moment, the longest wait since its start was ${formatDuration(stats.max_wait_time / 1e6)}`,
    ],
    commands: {
      nats: 'nats server report jetstream',
      curl: `curl -s '${target.url}/varz' | grep -A5 '"disk_io_wait_stats"'`,
    },
  }),
});
