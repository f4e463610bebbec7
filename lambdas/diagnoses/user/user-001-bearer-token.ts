import { atLeast, defineDiagnosis, from, measured, minutes, pages, unknown } from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import { keyOf } from '../client-key.ts';
import { censusOf, countBy } from '../clients/census.ts';
import { countedCommand } from '../clients/client-words.ts';
import { userKey, userWords } from '../clients/users.ts';

/**
 * A bearer JWT is left out of what newer servers show, so that it is told from the lack of one. For information, as many use them
 * on purpose, for browsers and in front of an auth callout.
 */
export default defineDiagnosis({
  id: 'USER_001',
  title: 'Users with bearer tokens are connected',
  scope: 'cluster',
  reads: { clients: from() },
  history: { counts: pages() },
  limits: {
    connections: atLeast(
      { info: 1 },
      { unit: 'count', of: 'connections of a cluster whose user needs no signature' },
    ),
  },
  for: minutes(0),
  why:
    'The JWT of such a user is all it takes to log in: whoever reads it, in a log or on a connection without TLS, is that user until it ' +
    'expires. Other users sign with a key that never leaves them.',
  remedy:
    'Are they meant to be there, as for browsers, MQTT or an auth callout? Then keep their permissions narrow, their JWTs short-lived and ' +
    'TLS on. Else make users without `--bearer` (`nsc edit user --name NAME --bearer=false`) and give clients the new credentials.',
  evaluate({ servers }, { cluster }) {
    const census = censusOf(servers, cluster, (rows) =>
      countBy(rows, (row) =>
        row.bearer === undefined
          ? []
          : [keyOf('bearer'), ...(row.bearer === 'redacted' ? [keyOf('redacted')] : [])],
      ),
    );
    if ('unknown' in census) return unknown(census.unknown);
    const count = census.counts.get(keyOf('bearer')) ?? 0;
    const redacted = census.counts.get(keyOf('redacted')) ?? 0;
    const bearers = census.clients.filter(({ row }) => row.bearer !== undefined);
    const byUser = Map.groupBy(bearers, ({ row }) => userKey(row));
    const users = [...byUser].map(([key, own]) => ({
      words: (key === null ? null : userWords(key, own)) ?? '(unnamed)',
      connections: own.length,
    }));
    return measured(`${plural(count, 'connection')} with bearer tokens`, [
      {
        limit: 'connections',
        entity: { kind: 'cluster', name: cluster.name },
        value: count,
        data: {
          users: users.sort((a, b) => b.connections - a.connections),
          redacted,
          target: servers[0]?.target,
        },
      },
    ]);
  },
  describe: ({ value, data: { users, redacted, target } }, { cluster }) => ({
    summary: `${plural(value, 'connection')} of cluster ${cluster.name} ${value === 1 ? 'is' : 'are'} of users with bearer tokens.`,
    evidence: [
      ...(users.length === 0
        ? []
        : [
            `users: ${inline(
              users.map(({ words, connections }) => `${words} ${formatCount(connections)}`),
              5,
            )}`,
          ]),
      ...(redacted === 0
        ? []
        : [
            `${formatCount(redacted)} told by the JWT that the server does not show; users of an auth callout whose own JWT is a bearer token look the same`,
          ]),
    ],
    commands: {
      nats: 'nats server report connections --top 50',
      curl: target === undefined ? '' : countedCommand(target, ['authorized_user', 'account']),
    },
  }),
});
