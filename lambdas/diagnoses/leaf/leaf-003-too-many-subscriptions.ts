import { above, days, defineDiagnosis, from, measured, minutes, nothing, trend } from '../../define.ts';
import type { Target } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import type { Leafz } from '../../replies/endpoints.ts';
import { isDialled, leafnodeId, type LeafRow } from '../leafnodes.ts';
import { formatSeconds } from './pace.ts';
import { subjectShapes } from './subject-shapes.ts';
import { generalRemedy, subscriptionCause } from './subscription-cause.ts';

/** The same connection in another reading: by id where the server says it (from 2.11.7 and 2.12.0), else by address. */
const isSame = (a: LeafRow, b: LeafRow): boolean =>
  a.id === undefined || b.id === undefined ? a.ip === b.ip && a.port === b.port : a.id === b.id;

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
    // With names two connections of a leafnode may be one key, without them those of one address: the worst counts.
    const ranked = leafs.toSorted((a, b) => b.subscriptions - a.subscriptions);
    const worst = new Map<string, LeafRow>();
    for (const row of ranked) if (!worst.has(leafnodeId(row))) worst.set(leafnodeId(row), row);
    const growth = history.growth(new Map([...worst].map(([id, { subscriptions }]) => [id, subscriptions])));
    const [top] = ranked;
    if (top === undefined) return nothing('no leafnodes');
    return measured(
      `${plural(leafs.length, 'leafnode')}, at most ${plural(top.subscriptions, 'subscription')} (${leafnodeId(top)})`,
      [...worst].map(([id, row]) => ({
        limit: 'subscriptions' as const,
        entity: { kind: 'leafnode' as const, name: id },
        value: row.subscriptions,
        data: {
          target,
          id,
          row,
          origin: isDialled(varz, row) ? ('hub' as const) : ('leaf' as const),
          perDay: growth(id),
          cpu: varz.cpu,
          cores: varz.cores,
        },
      })),
    );
  },
  describe: ({ value, level, data: { target, id, row, origin, perDay, cpu, cores } }) => ({
    summary:
      `${origin === 'hub' ? `The connection of ${target.name} to its hub ${id}` : `Leafnode ${id}`} brings ${formatCount(value)} ` +
      `subscriptions to ${target.name}, limit ${formatCount(level)}.`,
    evidence: [
      `growth: ${perDay === null ? 'not known yet' : `${perDay < 0 ? '' : '+'}${formatCount(Math.round(perDay))} a day`}`,
      `round trip ${row.rtt === undefined || row.rtt === 0 ? 'not measured yet' : formatSeconds(row.rtt)}` +
        (row.compression === undefined ? '' : `, compression ${row.compression}`),
      `CPU of ${target.name}: ${formatCount(cpu)} % of one core (${plural(cores, 'core')})`,
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
  `${url}/leafz?subs=1&acc=${encodeURIComponent(account).replaceAll("'", '%27')}`;

const subjectsOf = ({ leafs }: Leafz, row: LeafRow): readonly string[] | undefined =>
  leafs.find((other) => isSame(row, other))?.subscriptions_list;
