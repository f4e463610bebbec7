import { atLeast, defineDiagnosis, from, measured, minutes } from '../../define.ts';
import type { ClosedConnection } from '../../define.ts';
import { formatCount, formatTime, inline, plural } from '../../engine/format.ts';
import { clientName, shown } from '../client-name.ts';
import { tally } from '../tally.ts';
import { classified } from './closed-classes.ts';
import { closedRowsCommand, tallied } from './closed-rows.ts';
import { meaningOf, type Server } from './meaning.ts';

const unnamed = '(unnamed)';

/** Everything that closed since the last run, for readers of a terminal: info is never sent. */
export default defineDiagnosis({
  id: 'CONN_003',
  title: 'Connections stopped',
  scope: 'server',
  reads: { closed: from() },
  history: {},
  limits: { closed: atLeast({ info: 1 }, { unit: 'count', of: 'connections closed since the last run' }) },
  for: minutes(0),
  why:
    'Every close has a reason. Planned ones are a client that hangs up, a drain, an administrator; the others are refused ' +
    'logins, slow consumers, limits, networks, protocol errors.',
  remedy:
    'Look at the unexpected ones first: what repeats for one name, account or address has one cause there. Give every ' +
    'client a name in its connect options, so that its closes tell whose they are. Move a reason to another class with ' +
    '`closeReasons` in settings. Who leaves without a word is counted as a health probe; a client that insists on TLS ' +
    'leaves so, too, where the server offers none.',
  evaluate({ target, varz, closed }, { at, cluster }) {
    const all = classified(varz, closed.rows, cluster.closeReasons);
    const missed = closed.rows.length - all.ofNobody.size;
    const planned = all.classes.planned.filter((row) => !all.ofNobody.has(row)).length;
    const oldest = closed.rows.reduce((first, { stoppedAt }) => Math.min(first, stoppedAt), at);
    const since = closed.firstRun ? `since ${formatTime(oldest)}` : 'since the last run';
    return measured(
      closed.rows.length === 0
        ? 'nothing closed'
        : `${formatCount(missed)} closed: ${formatCount(planned)} planned, ${formatCount(missed - planned)} unexpected` +
            (all.ofNobody.size > 0 ? `; ${plural(all.ofNobody.size, 'health probe')}` : ''),
      [
        {
          limit: 'closed',
          entity: { kind: 'server', name: target.name },
          // Probes alone are nothing to read.
          value: missed,
          data: { target, server: varz, since, rows: closed.rows, all },
        },
      ],
    );
  },
  describe({ data: { target, server, since, rows, all } }) {
    const probes = [...all.ofNobody];
    const isPlanned = new Set(all.classes.planned);
    const missed = rows.filter((row) => !all.ofNobody.has(row));
    const planned = missed.filter((row) => isPlanned.has(row));
    const unexpected = missed.filter((row) => !isPlanned.has(row));
    return {
      summary:
        `${target.name} closed ${plural(planned.length + unexpected.length, 'connection')} ${since}: ` +
        `${formatCount(planned.length)} as planned, ${formatCount(unexpected.length)} unexpectedly` +
        (unexpected.length > 0 ? ` (${reasons(unexpected)})` : '') +
        `.${probes.length > 0 ? ` ${plural(probes.length, 'TCP health probe')} beside them.` : ''}`,
      evidence: [
        ...unnamedOf([...unexpected, ...planned]),
        ...(probes.length > 0
          ? [
              `health probes: ${formatCount(probes.length)} from ${tallied(probes.map(({ ip }) => ip))} connected and left without a word`,
            ]
          : []),
        ...groups(unexpected, server),
        ...groups(planned, server),
      ],
      commands: { nats: 'nats events', curl: closedRowsCommand(target.url) },
    };
  },
});

const reasons = (rows: readonly ClosedConnection[]): string =>
  inline(tally(rows.map(({ reason }) => reason)).map(([reason, count]) => `${formatCount(count)} ${reason}`));

/** Rows of refused connections have no name because the server closed them before they could say one. */
const spoke = ({ lang, version, mqtt_client: id }: ClosedConnection) =>
  lang !== undefined || version !== undefined || id !== undefined;

function unnamedOf(rows: readonly ClosedConnection[]): readonly string[] {
  const clients = rows.filter((row) => row.kind === 'Client' && spoke(row));
  const without = clients.filter((row) => clientName(row) === undefined);
  if (without.length === 0) return [];
  return [
    `no name: ${formatCount(without.length)} of ${plural(clients.length, 'client')}, from ${tallied(without.map(({ ip }) => ip))}; a name in the connect options would tell whose they are`,
  ];
}

/** `3 × Read Error (its connection was reset): billing (2), web (1); account APP; from 10.0.0.7` */
function groups(rows: readonly ClosedConnection[], server: Server): readonly string[] {
  const key = (row: ClosedConnection) =>
    JSON.stringify([row.kind, row.reason, row.account, meaningOf(row, server)]);
  return [...Map.groupBy(rows, key).values()]
    .sort((a, b) => b.length - a.length)
    .flatMap((group) => {
      const [row] = group;
      if (row === undefined) return [];
      const means = meaningOf(row, server);
      const who = [
        `${row.kind === 'Leafnode' ? 'leafnode ' : ''}${tallied(group.map((each) => clientName(each) ?? unnamed))}`,
        ...(row.account === undefined ? [] : [`account ${shown(row.account)}`]),
        `from ${tallied(group.map(({ ip }) => ip))}`,
      ];
      return [
        `${formatCount(group.length)} × ${row.reason}${means === undefined ? '' : ` (${means})`}: ${who.join('; ')}`,
      ];
    });
}
