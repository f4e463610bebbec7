import { atLeast, defineDiagnosis, formatDuration, from, measured, minutes, window } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { clientLimits } from './client-limits.ts';
import { clientName, shown } from '../client-name.ts';
import { classified } from './closed-classes.ts';
import { closedReportCommand, closedRowsCommand, tallied } from './closed-rows.ts';

type Note = { readonly name: string; readonly ip: string; readonly account: string };

/** A finding for each limit of each server, as their remedies differ; how grave they are, all of them decide together. */
export default defineDiagnosis({
  id: 'CONN_103',
  title: 'Connections closed by a limit',
  scope: 'server',
  reads: { closed: from() },
  history: { closes: window<Note>('closes') },
  limits: {
    closes: atLeast(
      { warning: 1, critical: 20 },
      {
        unit: 'count',
        of: 'connections of one server closed by limits (connections, payload, control line, subscriptions together)',
        over: minutes(10),
      },
    ),
  },
  for: minutes(0),
  why: 'The server closed connections because a limit was reached.',
  remedy: 'Fix the client that reaches it, or raise the limit.',
  evaluate({ target, varz, closed, history }, { cluster, limits }) {
    const rows = classified(varz, closed.rows, cluster.closeReasons).classes.limit;
    const closes = history.closes(
      rows.map((row) => ({
        key: row.reason,
        at: row.stoppedAt,
        note: { name: shown(clientName(row) ?? ''), ip: row.ip, account: shown(row.account ?? '') },
      })),
    );
    const { over } = limits.closes;
    return measured(
      `${plural(closes.total, 'connection')} closed by a limit in ${formatDuration(over)}`,
      [...closes.keys].map(([reason, { total: own, samples }]) => ({
        limit: 'closes' as const,
        entity: {
          kind: 'limit' as const,
          name: `${clientLimits[reason]?.option ?? reason} of ${target.name}`,
        },
        value: closes.total,
        data: { target, reason, own, over, varz, notes: samples.map(({ note }) => note) },
      })),
    );
  },
  describe({ value, level, data: { target, reason, own, over, varz, notes } }) {
    const limit = clientLimits[reason];
    const set = limit?.value(varz) ?? null;
    const fact = (of: keyof Note) => notes.flatMap((note) => (note[of] === '' ? [] : [note[of]]));
    const known = (what: string, of: keyof Note) =>
      fact(of).length > 0 ? [`${what}: ${tallied(fact(of), 5)}`] : [];
    const note = limit?.note?.(varz) ?? null;
    return {
      summary:
        `${target.name} closed ${plural(own, 'connection')} within ${formatDuration(over)} for ` +
        `${limit?.option ?? `"${reason}"`}${set === null ? '' : ` (${set})`}` +
        `${own < level ? `, of ${formatCount(value)} for limits of any kind` : ''}.`,
      evidence: [
        `reason: ${reason}`,
        ...known('client', 'name'),
        ...known('account', 'account'),
        ...known('address', 'ip'),
        ...(own > notes.length ? [`the latest ${formatCount(notes.length)} of ${formatCount(own)}`] : []),
        ...(own < value ? [`closed for limits of any kind: ${formatCount(value)}`] : []),
        ...(note === null ? [] : [note]),
      ],
      ...(limit === undefined ? {} : { why: limit.why, remedy: limit.remedy }),
      commands: {
        nats: closedReportCommand(reason.toLowerCase()),
        curl: closedRowsCommand(target.url, reason),
      },
    };
  },
});
