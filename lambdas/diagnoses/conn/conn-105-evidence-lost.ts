import {
  atLeast,
  atMost,
  defineDiagnosis,
  formatDuration,
  from,
  increase,
  measured,
  minutes,
  nothing,
} from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { hasFrom } from '../../engine/versions.ts';
import { closedRowsCommand, isProbe, tallied } from './closed-rows.ts';

/** The ring's size can be configured from this release on (nats-server PR 6497); before, it is 10,000. */
const configurable = ['2.10.26'];

/** A drain closes everyone on purpose: neither does it fill the ring by mistake, nor does anyone miss its rows. */
const ofDrain = 'Server Shutdown';

export default defineDiagnosis({
  id: 'CONN_105',
  title: 'Evidence of closed connections is lost',
  scope: 'server',
  reads: { closed: from() },
  history: { closedTotal: increase() },
  limits: {
    lost: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'times the closed ring turned over since the last run' },
    ),
    runsToFill: atMost(
      { warning: 3 },
      { unit: 'count', of: 'runs until the closed ring is full of new rows' },
    ),
  },
  for: minutes(0),
  why:
    'The server keeps its last closed connections in a ring and overwrites the oldest. What it overwrote between two runs ' +
    'nobody has seen: counts are too low, and a cause may be missing.',
  remedy:
    'Stop what closes so often (see the reasons). To keep more, set `max_closed_clients` (default 10,000 rows of about ' +
    "700 B) higher in the server's configuration; it takes a restart. Say the same number in settings as `maxClosedClients`.",
  evaluate({ target, varz, closed, history }) {
    // Clients only: leafnodes are in neither total (server.go:3308).
    const total = history.closedTotal(varz.total_connections - varz.connections);
    const { held, size } = closed.ring;
    const ring = `ring ${formatCount(held)} of ${formatCount(size)} rows`;
    if (closed.firstRun || total === null) return nothing(`${ring}, no earlier run to compare with`);
    if (closed.lost && closed.rows.some(({ reason }) => reason === ofDrain))
      return nothing(`${ring}, turned over by a drain`);

    const fresh = closed.rows.filter(({ reason }) => reason !== ofDrain);
    // A run after a pause finds the rows of several: the ring fills no faster for that.
    const runs = Math.max(1, Math.round(total.seconds / 60));
    const aRun = fresh.length / runs;
    const entity = { kind: 'server', name: target.name } as const;
    const data = {
      target,
      size,
      aRun,
      seconds: total.seconds,
      read: closed.rows.length,
      missed: Math.max(0, total.value - closed.rows.filter(({ kind }) => kind === 'Client').length),
      fresh,
      canGrow: hasFrom(varz.version, configurable),
      version: varz.version,
    };
    return measured(
      `${ring}, ${plural(closed.rows.length, 'new row')}${closed.lost ? ', turned over' : ''}` +
        (total.restarted ? '; the restart emptied it' : ''),
      [
        { limit: 'lost', entity, value: closed.lost ? 1 : 0, data },
        ...(fresh.length > 0 ? [{ limit: 'runsToFill', entity, value: size / aRun, data } as const] : []),
      ],
    );
  },
  describe({ limit, data: { target, size, aRun, seconds, read, missed, fresh, ...server } }) {
    const reasons = tallied(fresh.map((row) => (isProbe(row) ? 'TCP health probes' : row.reason)));
    const minute = `${formatCount(Math.round(aRun))} rows a minute`;
    return {
      summary:
        limit === 'lost'
          ? `${target.name} closed more connections within ${formatDuration(seconds * 1_000)} than its ring of ` +
            `${formatCount(size)} holds: ${formatCount(read)} were read, about ${formatCount(missed)} are lost.`
          : `${target.name} fills its ring of ${formatCount(size)} closed connections within ` +
            `${formatDuration((size / aRun) * 60_000)} (${minute}): a missed run or two would lose evidence.`,
      evidence: [
        `reasons: ${reasons}`,
        ...(server.canGrow
          ? []
          : [
              `nats-server ${server.version} reads no \`max_closed_clients\` (from 2.10.26 on): its ring holds 10,000`,
            ]),
      ],
      commands: {
        nats: 'nats events',
        curl: `${closedRowsCommand(target.url)} | grep '"reason"' | sort | uniq -c | sort -rn`,
      },
    };
  },
});
