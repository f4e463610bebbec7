import { atLeast, defineDiagnosis, from, measured, minutes, notApplicable, nothing } from '../../define.ts';
import { formatCount, formatPercent, plural } from '../../engine/format.ts';
import { clientsCommand, clientWords } from '../clients/client-words.ts';
import { leastLevel } from '../clients/least-level.ts';

/** `max_subscriptions` of a server holds for each connection. A subscription beyond it is refused, which shows nowhere else. */
export default defineDiagnosis({
  id: 'CONN_123',
  title: 'A client is near max_subscriptions',
  scope: 'server',
  reads: { clients: from() },
  history: {},
  limits: {
    used: atLeast(
      { warning: 0.8, critical: 1 },
      { unit: 'ratio', of: 'subscriptions of one connection to `max_subscriptions` of its server' },
    ),
  },
  for: minutes(5),
  why:
    'Beyond it the server refuses each further subscription with an error that many clients only log, and keeps the connection: what ' +
    'was to be heard there is not, and no counter tells.',
  remedy:
    'Does the number grow (CONN_121), or does the client have one subject many times (CONN_122)? Then the client is at fault. Else let it subscribe to ' +
    'wildcards, or raise `max_subscriptions`, which takes a restart of the server.',
  evaluate({ target, varz, clients }, { limits }) {
    const { max_subscriptions: most = 0 } = varz;
    if (most <= 0) return notApplicable('the server has no max_subscriptions');
    const rows = clients.most.subs ?? [];
    const [first] = rows;
    if (first === undefined) return nothing('no client subscribes to anything');
    const level = leastLevel(limits.used);
    const data = { target, most, rows: rows.filter(({ subscriptions: n }) => n / most >= level) };
    return measured(`at most ${plural(first.subscriptions, 'subscription')} of ${formatCount(most)}`, [
      {
        limit: 'used',
        entity: { kind: 'server', name: target.name },
        value: first.subscriptions / most,
        data,
      },
    ]);
  },
  describe: ({ value, level, data: { target, most, rows } }) => ({
    summary:
      `${rows.length <= 1 ? 'A client' : plural(rows.length, 'client')} of ${target.name} ${rows.length <= 1 ? 'has' : 'have'} up to ${formatPercent(value)} of the ` +
      `${plural(most, 'subscription')} that one may have, limit ${formatPercent(level)}.`,
    evidence: rows.map((row) => `${formatCount(row.subscriptions)}: ${clientWords(row)}`),
    commands: {
      nats: 'nats server report connections --sort subs --top 20',
      curl: clientsCommand(target, 'subs', ['subscriptions']),
    },
  }),
});
