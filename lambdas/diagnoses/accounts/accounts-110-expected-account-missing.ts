import { atLeast, defineDiagnosis, from, measured, minutes, notApplicable, nothing } from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import { accountsOf } from './fleet.ts';
import { accountsReport } from './words.ts';

/** By name or by key. In operator mode servers load an account when it is first used: one that nobody uses is missing too. */
export default defineDiagnosis({
  id: 'ACCOUNTS_110',
  title: 'An account that is expected is on no server',
  brief: ['accounts', 'expected one missing'],
  scope: 'cluster',
  expects: 'accounts',
  reads: { accstatz: from() },
  history: {},
  limits: {
    missing: atLeast({ warning: 1 }, { unit: 'count', of: 'expected accounts that no server knows' }),
  },
  for: minutes(10),
  why: 'Settings expect it (`expect.accounts`), and no watched server knows it: its clients cannot log in, or none does.',
  remedy:
    'Was it taken out of the configuration by a deployment, or did its JWT expire (ACCOUNTS_102) or get lost in the resolver? In operator ' +
    'mode a server knows an account only once a client of it came: then its clients are all away. Before nats-server 2.11 give its key ' +
    'instead of its name in operator mode.',
  evaluate({ servers, unread }, { cluster: { expect } }) {
    const { accounts: expected } = expect;
    if (expected === undefined) return notApplicable('settings expect no accounts');
    const accounts = accountsOf(servers);
    const known = new Set(
      accounts.flatMap(({ key, on }) => [key, ...on.flatMap(({ stat }) => stat.name ?? [])]),
    );
    const missing = [...new Set(expected)].filter((name) => !known.has(name));
    if (missing.length === 0)
      return nothing(`${plural(expected.length, 'expected account')}, all there`, { conclusive: true });
    const seen = `${formatCount(missing.length)} of ${plural(expected.length, 'expected account')} on no server: ${inline(missing, 5)}`;
    // It may be on a server that was not read.
    if (unread.length > 0) return nothing(seen);
    return measured(
      seen,
      missing.map((name) => ({
        limit: 'missing' as const,
        entity: { kind: 'account' as const, name },
        value: 1,
        data: { servers: servers.map(({ target }) => target), accounts: accounts.length },
      })),
    );
  },
  describe: ({ entity, data: { servers, accounts } }) => ({
    summary: `Account ${entity.name}, which settings expect, is on none of ${plural(servers.length, 'server')}.`,
    evidence: [`they know ${plural(accounts, 'account')}`],
    commands: {
      nats: accountsReport,
      curl: `curl -s '${servers[0]?.url ?? ''}/accountz'`,
    },
  }),
});
