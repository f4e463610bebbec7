import {
  asked,
  atMost,
  days,
  defineDiagnosis,
  formatDuration,
  from,
  latest,
  measured,
  minutes,
  nothing,
  unknown,
} from '../../define.ts';
import { formatTime, plural } from '../../engine/format.ts';
import { again, detailsOf, failureIn, inTurn, namesOf, noJwts } from './details.ts';
import { expiringAccounts, expiryWords, isShortLived, rememberedFor } from './expiry.ts';
import { accountsOf, entityOf } from './fleet.ts';
import { accountCommand, describeAccount } from './words.ts';

/** JWTs that live for less than 60 days are renewed by something: they are told when it is late with that. */
export default defineDiagnosis({
  id: 'ACCOUNTS_101',
  title: "An account's JWT expires soon",
  brief: ['accounts', 'JWT expires soon'],
  scope: 'cluster',
  reads: { accstatz: from(), accountz: asked() },
  history: { expiring: latest(rememberedFor) },
  limits: {
    left: atMost(
      { warning: days(30) / 1_000, critical: days(7) / 1_000 },
      { unit: 'seconds', of: 'time until a JWT expires that was made for 60 days or more' },
    ),
    share: atMost(
      { warning: 0.1 },
      { unit: 'ratio', of: 'what is left of the life of a JWT that was made for less than 60 days' },
    ),
  },
  for: minutes(5),
  why: 'At that moment every server cuts all clients and leafnodes of the account and lets none in any more. Nothing is heard of it before.',
  remedy:
    'Renew it: `nsc edit account --name NAME --expiry 1y` and `nsc push --account NAME`, or with a memory resolver the new JWT in ' +
    '`resolver_preload` of every server and a reload. Clients stay connected. `nsc expirations --skip` lists what else expires.',
  evaluate({ servers, history }, { at }) {
    const details = detailsOf(servers);
    const accounts = accountsOf(servers, namesOf(details)).filter(({ hasJwt }) => hasJwt);
    const all = expiringAccounts(history.expiring, accounts, details);
    if (accounts.length === 0) return noJwts;
    const failure = failureIn(servers);
    if (details.length === 0 && all.length === 0 && failure !== null) return unknown(failure);
    const soon = all.filter(({ expiresAt }) => expiresAt - at <= days(30)).map(({ key }) => key);
    const asks = [...again(accounts, new Set(soon), at), ...inTurn(accounts, at)];
    const byKey = new Map(accounts.map((account) => [account.key, account]));
    const coming = all
      .filter(({ key, expiresAt }) => byKey.has(key) && expiresAt > at)
      .toSorted((a, b) => a.expiresAt - b.expiresAt);
    const [first] = coming;
    if (first === undefined)
      return nothing(`${plural(accounts.length, 'account')}, none whose JWT expires`, { asks });
    return measured(
      `${plural(coming.length, 'account')} whose JWT expires, ${first.name} first, ${expiryWords(first, at)}`,
      coming.map((expiring) => {
        const account = byKey.get(expiring.key);
        const left = expiring.expiresAt - at;
        const life = expiring.expiresAt - expiring.issuedAt;
        const data = { expiring, url: account?.on[0]?.target.url ?? '' };
        const entity = account?.entity ?? entityOf(expiring.key, expiring.name);
        return isShortLived(expiring)
          ? { limit: 'share' as const, entity, value: left / life, data }
          : { limit: 'left' as const, entity, value: left / 1_000, data };
      }),
      { asks },
    );
  },
  describe: ({ entity, data: { expiring, url } }, { at }) => ({
    summary: `The JWT of account ${entity.name} expires ${expiryWords(expiring, at)}.`,
    evidence: [
      `issued ${formatTime(expiring.issuedAt)}, for ${formatDuration(expiring.expiresAt - expiring.issuedAt)}`,
      `${plural(expiring.used, 'client or leafnode', 'clients and leafnodes')} of it now, on the watched servers`,
      `account ${expiring.key}`,
    ],
    commands: {
      nats: describeAccount(expiring.name),
      curl: accountCommand({ name: '', url }, expiring.key),
    },
  }),
});
