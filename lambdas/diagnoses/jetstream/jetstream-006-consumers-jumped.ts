import {
  atLeast,
  defineDiagnosis,
  formatDuration,
  from,
  measured,
  minutes,
  nothing,
  previous,
  window,
} from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { jetStreamIsOff } from '../assets/assets.ts';
import { jetStreamServers } from '../assets/systems.ts';

/** After its start a server finds its consumers one by one: they are not new. */
const starting = 600;

/**
 * Of all watched servers, by the replicas that each holds, so that nothing changes where a server cannot be read or replicas move.
 * Which stream they belong to is told where streams are read.
 */
export default defineDiagnosis({
  id: 'JETSTREAM_006',
  title: 'Many more or fewer consumers than before',
  brief: ['streams', 'consumers jumped'],
  scope: 'cluster',
  reads: { jsz: from() },
  history: { held: previous(), changes: window('jump') },
  limits: {
    jump: atLeast(
      { info: 5_000, warning: 20_000 },
      { unit: 'count', of: 'replicas of consumers that came or went over all servers', over: minutes(10) },
    ),
  },
  for: minutes(1),
  why:
    'Each consumer costs memory and, with replicas, a raft group. So many at once come from clients that create one for each ' +
    'message or connection and leave it behind; so many fewer from a stream that was deleted, or clients that are gone.',
  remedy:
    'Which stream has them (`nats stream report --consumers`), and who made them? Give consumers of clients that come ' +
    'and go an `inactive_threshold`, let clients keep theirs, and limit them (`max_consumers` of the stream or account).',
  evaluate({ servers, history }, { at }) {
    const running = jetStreamServers(servers, ({ jsz }) => jsz);
    if (running.length === 0) return jetStreamIsOff;
    const changes = servers.map((server) => {
      const { jsz, varz } = server;
      const held = jsz.disabled ? 0 : jsz.consumers;
      const last = jsz.disabled ? null : server.history.held(held);
      const isSteady = varz.uptime >= starting;
      return last === null || !isSteady ? 0 : held - last.value;
    });
    const change = changes.reduce((sum, each) => sum + each, 0);
    const { keys } = history.changes([{ key: change > 0 ? 'made' : 'gone', at, count: Math.abs(change) }]);
    const [made, gone] = ['made', 'gone'].map((key) => keys.get(key)?.total ?? 0) as [number, number];
    const now = running.reduce((sum, { reading }) => sum + reading.consumers, 0);
    const seen = `${formatCount(now)} replicas of consumers`;
    if (made === gone) return nothing(seen);
    const names = [...new Set(running.map(({ system }) => system.name))];
    const entity = { kind: 'cluster' as const, name: names.join(', ') };
    return measured(`${seen}, ${formatCount(made)} new and ${formatCount(gone)} gone lately`, [
      {
        limit: 'jump' as const,
        entity,
        value: Math.abs(made - gone),
        data: { made, gone, now, running },
      },
    ]);
  },
  describe: ({ value, data: { made, gone, now, running } }, { limits }) => ({
    summary:
      `${plural(value, 'replica')} of consumers ${made > gone ? 'came' : 'went'} within ` +
      `${formatDuration(limits.jump.over)}: ${formatCount(now)} are there.`,
    evidence: running
      .toSorted((a, b) => b.reading.consumers - a.reading.consumers)
      .map(
        ({ target, reading }) =>
          `${target.name} holds ${formatCount(reading.consumers)}, of ${plural(reading.streams, 'stream')}`,
      ),
    commands: {
      nats: 'nats server report jetstream',
      curl: `curl -s '${running[0]?.target.url ?? ''}/jsz?streams=true' | grep -E '"(name|consumer_count)"'`,
    },
  }),
});
