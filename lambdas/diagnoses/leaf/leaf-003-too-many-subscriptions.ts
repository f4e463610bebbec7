import { above, days, defineDiagnosis, from, measured, minutes, nothing, trend } from '../../define.ts';
import type { Target } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import type { Leafz, Varz } from '../../readings/endpoints.ts';
import { isDialled, type LeafRow } from '../leafnodes.ts';
import { cpuWords, loadOf } from '../load.ts';
import { leafnodeId, nthOf } from './identity.ts';
import { formatSeconds } from './pace.ts';
import { remoteOf } from './remotes.ts';
import { subjectShapes } from './subject-shapes.ts';
import { generalRemedy, subscriptionCause, type Origin } from './subscription-cause.ts';
import { accountQuery } from '../shell-quoted.ts';

/** The same connection in another reading: by id where the server says it (from 2.11.7 and 2.12.0), else by address. */
const isSame = (a: LeafRow, b: LeafRow): boolean =>
  a.id === undefined || b.id === undefined ? a.ip === b.ip && a.port === b.port : a.id === b.id;

/** A leafnode, or the remote that the server dialled, whichever hub it found there. */
const whoseOf = (target: Target, varz: Varz, row: LeafRow): string =>
  isDialled(varz, row) ? `${target.name} -> ${remoteOf(varz, row)}` : leafnodeId(row);

export default defineDiagnosis({
  id: 'LEAF_003',
  title: 'A leafnode brings too many subscriptions',
  scope: 'server',
  reads: { leafz: from() },
  history: { growth: trend(days(7)) },
  limits: {
    subscriptions: above(
      { warning: 20_000, critical: 50_000 },
      { unit: 'count', of: 'subscriptions of one leafnode connection' },
    ),
  },
  for: minutes(0),
  why:
    'Both ends keep every one of them in memory, routes carry them on to the other servers, and all are sent anew each ' +
    'time the leafnode is connected again: after a restart of the hub, the lists of all its leafnodes come at once.',
  remedy: generalRemedy('leaf'),
  evaluate({ target, varz, leafz: { leafs }, history }) {
    const ranked = leafs.toSorted((a, b) => b.subscriptions - a.subscriptions);
    const connections = [...Map.groupBy(ranked, (row) => whoseOf(target, varz, row))].flatMap(
      ([whose, rows]) => rows.map((row, i) => ({ id: nthOf(whose, i + 1), row })),
    );
    const growth = history.growth(new Map(connections.map(({ id, row }) => [id, row.subscriptions])));
    const [top] = ranked;
    if (top === undefined) return nothing('no leafnodes');
    return measured(
      `${plural(leafs.length, 'leafnode')}, at most ${plural(top.subscriptions, 'subscription')} (${leafnodeId(top)})`,
      connections.map(({ id, row }) => {
        const origin: Origin = isDialled(varz, row) ? 'hub' : 'leaf';
        return {
          limit: 'subscriptions' as const,
          entity: { kind: origin === 'hub' ? ('remote' as const) : ('leafnode' as const), name: id },
          value: row.subscriptions,
          data: { target, row, origin, perDay: growth(id), load: loadOf(varz) },
        };
      }),
    );
  },
  describe: ({ entity, value, level, data: { target, row, origin, perDay, load } }) => ({
    summary:
      `${origin === 'hub' ? `The connection of ${target.name} to its hub ${leafnodeId(row)}` : `Leafnode ${entity.name}`} brings ${formatCount(value)} ` +
      `subscriptions to ${target.name}, limit ${formatCount(level)}.`,
    evidence: [
      `growth: ${perDay === null ? 'not known yet' : `${perDay < 0 ? '' : '+'}${formatCount(Math.round(perDay))} a day`}`,
      `round trip ${row.rtt === undefined || row.rtt === 0 ? 'not measured yet' : formatSeconds(row.rtt)}` +
        (row.compression === undefined ? '' : `, compression ${row.compression}`),
      `CPU of ${target.name}: ${cpuWords(load)}`,
    ],
    remedy: generalRemedy(origin),
    commands: {
      nats: `nats server report leafnodes --sort subs`,
      curl: `curl -s '${subsUrl(target, row)}' | grep -oE '"_INBOX|"[A-Za-z$_-]+\\.' | sort | uniq -c | sort -rn | head -20`,
    },
  }),
  details: ({ data: { target, row } }) => [{ target, endpoint: 'leafzSubs', account: row.account }],
  enrich: ({ data: { row, origin } }, { leafzSubs: [page], failures: [failure] }) => {
    const subjects = page === undefined ? undefined : subjectsOf(page, row);
    if (subjects === undefined) {
      return {
        evidence: [`what they are could not be read: ${failure?.message ?? 'the connection has ended'}`],
      };
    }
    const { rows, remedy } = subscriptionCause(subjectShapes(subjects), origin);
    return { evidence: rows, remedy, ...(rows[0] === undefined ? {} : { cause: rows[0] }) };
  },
});

const subsUrl = ({ url }: Target, { account }: LeafRow): string =>
  `${url}/leafz?subs=1&${accountQuery(account)}`;

const subjectsOf = ({ leafs }: Leafz, row: LeafRow): readonly string[] | undefined =>
  leafs.find((other) => isSame(row, other))?.subscriptions_list;
