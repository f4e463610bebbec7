import { above, attempted, defineDiagnosis, formatDuration, measured, minutes } from '../../define.ts';
import { formatTime, plural } from '../../engine/format.ts';
import { loopWindow, mostRestarts, processes, processesOf, restartsOf, unplannedOf } from './processes.ts';
import { memoryWords, reasonWords } from './restart-words.ts';

/** Restarts that looks saw: a server that starts and ends between two of them does so unseen. */
export default defineDiagnosis({
  id: 'SERVER_009',
  title: 'A server restarts again and again',
  brief: ['servers', 'restarts again and again'],
  scope: 'server',
  reads: { healthz: attempted },
  history: { processes },
  limits: {
    restarts: above(
      { critical: mostRestarts },
      {
        unit: 'count',
        of: 'restarts of one server within an hour, without those after a drain or with another version or configuration',
      },
    ),
  },
  for: minutes(0),
  why:
    'Each time its clients are cut off and the leaders of its streams move, and what is to recover begins anew. In a cluster of three ' +
    'the next failure of another server takes the quorum.',
  remedy:
    'Read the end of its log before the last start (`journalctl -u nats-server`, `kubectl logs --previous`, the log of the stopped ECS ' +
    'task): a panic with its trace, a probe that ends it before its streams are recovered (give it more time, and no probe of ' +
    '`/healthz` without `js-enabled-only`), or nothing at all with exit code 137: memory.',
  evaluate({ target, varz, healthz, history }, { at, cluster }) {
    const restarts = unplannedOf(
      restartsOf(processesOf({ varz, healthz }, history.processes, { at, cluster })),
      at,
    );
    return measured(
      `${plural(restarts.length, 'restart')} in ${formatDuration(loopWindow)} that nobody planned`,
      [
        {
          limit: 'restarts',
          entity: { kind: 'server', name: target.name },
          value: restarts.length,
          data: { target, restarts },
        },
      ],
    );
  },
  describe({ value, data: { target, restarts } }) {
    const latestFirst = restarts.toReversed();
    const [last] = latestFirst;
    const starved = restarts.filter(({ reason }) => reason === 'memory').length;
    return {
      summary:
        `${target.name} restarted ${plural(value, 'time')} within ${formatDuration(loopWindow)}` +
        `${starved === 0 ? '' : `, ${starved === value ? 'each time' : plural(starved, 'time')} short of memory`}; ` +
        `it last came back ${last === undefined ? 'at an unknown time' : formatTime(last.after.startedAt)}.`,
      evidence: [
        ...(last === undefined ? [] : [`the last time it ${reasonWords(last)}`]),
        ...latestFirst.map(
          ({ before, after }) =>
            `ran from ${formatTime(before.startedAt)}, last seen ${formatTime(before.lastSeen)} with memory ${memoryWords(before) ?? 'unknown'}, ` +
            `started again ${formatTime(after.startedAt)}`,
        ),
      ],
      commands: {
        nats: 'nats server list',
        curl: `curl -s '${target.url}/varz' | grep -E '"(server_id|start|uptime|mem|gomemlimit)"'; curl -s '${target.url}/healthz?details=true'`,
      },
    };
  },
});
