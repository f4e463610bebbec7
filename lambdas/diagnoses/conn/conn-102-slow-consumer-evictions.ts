import { atLeast, defineDiagnosis, formatDuration, from, measured, minutes, window } from '../../define.ts';
import { formatBytes, inline, plural } from '../../engine/format.ts';
import { clientKey, clientNames } from '../client-key.ts';
import { classified } from './closed-classes.ts';
import { closedReportCommand, closedRowsCommand, tallied, uncounted } from './closed-rows.ts';

type Note = { readonly ip: string; readonly reason: string; readonly pending: number };

/**
 * Counted from the closed ring, not from `slow_consumers`: that counter also grows for stale clients whose last bytes
 * could not be written, twice for some, and from 2.12 on without a close (`write_timeout: retry`).
 */
export default defineDiagnosis({
  id: 'CONN_102',
  title: 'Slow consumers evicted',
  scope: 'server',
  reads: { closed: from() },
  history: { clients: window<Note>('evictions'), minutes: window('runs') },
  limits: {
    evictions: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'slow consumers evicted by one server', over: minutes(10) },
    ),
    runs: atLeast(
      { critical: 3 },
      { unit: 'count', of: 'minutes with an eviction, of the last five', over: minutes(5) },
    ),
  },
  for: minutes(0),
  why:
    'The server dropped the client and what waited for it: core NATS messages are lost; JetStream delivers again what was ' +
    'not acknowledged. A client that comes back as slow is evicted again.',
  remedy:
    'On the client: take work out of message handlers, read faster, share the load over a queue group, or use a JetStream ' +
    'pull consumer, which asks for no more than it can take. Check its CPU and its network. `write_deadline` (a reload ' +
    'is enough) and `max_pending` (needs a restart) only buy time and memory.',
  evaluate({ target, varz, closed, history }, { at, cluster, limits }) {
    const evictions = classified(varz, closed.rows, cluster.closeReasons).classes.slow;
    const evicted = history.clients(
      evictions.map((row) => ({
        key: clientKey(row),
        at: row.stoppedAt,
        note: { ip: row.ip, reason: row.reason, pending: row.pending_bytes },
      })),
    );
    const busy = history.minutes(
      evictions.map(({ stoppedAt }) => {
        // A run stands for the minute that ends with it; rows that stopped while it read belong to that minute too.
        const minute = Math.floor(Math.min(stoppedAt, at - 1) / minutes(1));
        return { key: String(minute), at: (minute + 0.5) * minutes(1) };
      }),
    );
    const entity = { kind: 'server', name: target.name } as const;
    const data = {
      target,
      over: limits.evictions.over,
      runsOver: limits.runs.over,
      total: evicted.total,
      busyMinutes: busy.keys.size,
      keys: [...evicted.keys],
      others: evicted.others,
      maxPending: varz.max_pending,
      writeDeadlineMs: varz.write_deadline / 1e6,
    };
    return measured(`${plural(evicted.total, 'slow consumer')} evicted in ${formatDuration(data.over)}`, [
      { limit: 'runs', entity, value: busy.keys.size, data },
      { limit: 'evictions', entity, value: evicted.total, data },
    ]);
  },
  describe({ severity, data: { target, over, runsOver, total, busyMinutes, keys, others, ...limits } }) {
    const samples = keys.flatMap(([, kept]) => kept.samples);
    const reasons = tallied(samples.map(({ note }) => note.reason));
    const names = clientNames(keys.map(([key]) => key));
    const often =
      severity === 'critical' ? `, in ${busyMinutes} of the last ${formatDuration(runsOver)}` : '';
    return {
      summary:
        `${target.name} evicted ${plural(total, 'slow consumer')} within ${formatDuration(over)}${often}: ` +
        `${inline(names)}.`,
      evidence: [
        `reason: ${reasons}; at most ${formatBytes(limits.maxPending)} may wait (max_pending), and a write may take ${formatDuration(limits.writeDeadlineMs)} (write_deadline)`,
        ...keys.slice(0, 5).map(([, kept], i) => {
          const most = Math.max(...kept.samples.map(({ note }) => note.pending));
          const from = tallied(kept.samples.map(({ note }) => note.ip));
          return `${names[i]}: ${plural(kept.total, 'time')}, from ${from}, up to ${formatBytes(most)} pending`;
        }),
        ...(keys.length > 5 ? [`and ${plural(keys.length - 5, 'more client')}`] : []),
        ...uncounted(others, 'clients'),
      ],
      commands: {
        nats: closedReportCommand('slow consumer'),
        curl: closedRowsCommand(target.url, 'Slow Consumer'),
      },
    };
  },
});
