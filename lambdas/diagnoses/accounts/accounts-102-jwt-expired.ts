import {
  asked,
  atLeast,
  days,
  defineDiagnosis,
  from,
  latest,
  measured,
  minutes,
  nothing,
  unknown,
} from '../../define.ts';
import { formatTime, plural } from '../../engine/format.ts';
import { again, detailsOf, failureIn, inTurn, namesOf, noJwts } from './details.ts';
import { expiringAccounts, expiryWords, rememberedFor } from './expiry.ts';
import { accountsOf, entityOf } from './fleet.ts';
import { accountCommand, describeAccount } from './words.ts';

/** One that nobody renewed for so long is not wanted any more. */
const wantedFor = days(7);

/**
 * A server that is restarted does not load an account that has expired, and shows it no more: it is told by what was read before.
 */
export default defineDiagnosis({
  id: 'ACCOUNTS_102',
  title: "An account's JWT has expired",
  brief: ['accounts', 'JWT expired'],
  scope: 'cluster',
  reads: { accstatz: from(), accountz: asked() },
  history: { expiring: latest(rememberedFor) },
  limits: {
    cutOff: atLeast(
      { warning: 0, critical: 1 },
      { unit: 'count', of: 'clients and leafnodes that an account had before its JWT expired' },
    ),
  },
  for: minutes(5),
  why:
    'All its clients and leafnodes were cut off ("account authentication expired") and none is let in. Its streams stand, and nobody ' +
    'reaches them.',
  remedy:
    'Renew it: `nsc edit account --name NAME --expiry 1y` and `nsc push --account NAME`, or with a memory resolver the new JWT in ' +
    '`resolver_preload` of every server and a reload. Clients come back by themselves. If it was meant to end, leave it, or take it ' +
    'out (`nsc delete account`, `nsc push --account-removal NAME`): this ends by itself a week after it expired.',
  evaluate({ servers, history }, { at }) {
    const details = detailsOf(servers);
    const accounts = accountsOf(servers, namesOf(details)).filter(({ hasJwt }) => hasJwt);
    const all = expiringAccounts(history.expiring, accounts, details);
    const expired = all.filter(({ expiresAt }) => expiresAt <= at && at - expiresAt <= wantedFor);
    if (accounts.length === 0 && expired.length === 0) return noJwts;
    const failure = failureIn(servers);
    if (details.length === 0 && all.length === 0 && failure !== null) return unknown(failure);
    const wanted = new Set(expired.map(({ key }) => key));
    const asks = [...again(accounts, wanted, at), ...inTurn(accounts, at)];
    if (expired.length === 0)
      return nothing(`${plural(accounts.length, 'account')}, none has expired`, { asks });
    const byKey = new Map(accounts.map((account) => [account.key, account]));
    return measured(
      `${plural(expired.length, 'account')} with a JWT that has expired`,
      expired.map((expiring) => {
        const account = byKey.get(expiring.key);
        const target = account?.on[0]?.target ?? servers[0]?.target;
        return {
          limit: 'cutOff' as const,
          entity: account?.entity ?? entityOf(expiring.key, expiring.name),
          value: expiring.used,
          data: { expiring, target: target ?? { name: '', url: '' }, isShown: account !== undefined },
        };
      }),
      { asks },
    );
  },
  describe: ({ entity, value, data: { expiring, target, isShown } }, { at }) => ({
    summary:
      `The JWT of account ${entity.name} expired ${expiryWords(expiring, at)}` +
      `${value === 0 ? '' : `, and ${plural(value, 'client or leafnode', 'clients and leafnodes')} of it ${value === 1 ? 'was' : 'were'} cut off`}.`,
    evidence: [
      `issued ${formatTime(expiring.issuedAt)}`,
      ...(isShown
        ? []
        : ['no watched server knows the account any more: those that started since do not load it']),
      `account ${expiring.key}`,
    ],
    commands: {
      nats: describeAccount(expiring.name),
      curl: accountCommand(target, expiring.key),
    },
  }),
});
