import {
  asked,
  atLeast,
  attempted,
  defineDiagnosis,
  from,
  latest,
  measured,
  minutes,
  nothing,
  unknown,
} from '../../define.ts';
import { inline, plural } from '../../engine/format.ts';
import { complaintsOf } from '../complaints.ts';
import { again, detailsOf, inTurn, namesOf, noJwts } from './details.ts';
import { expiringAccounts, expiryWords, rememberedFor } from './expiry.ts';
import { accountsOf, entityOf } from './fleet.ts';
import { describeAccount } from './words.ts';

const keyIn = /\bA[A-Z2-7]{55}\b/;

/**
 * Seen on 2.10.27 and 2.15.1: a server that starts with streams of an account whose JWT has expired answers /healthz with 503,
 * "could not be resolved". One that goes on running does not, unless its resolver fails, up to 2.12.13 and 2.14.3. For information:
 * SERVER_016 tells of the servers, ACCOUNTS_102 of the account.
 */
export default defineDiagnosis({
  id: 'ACCOUNTS_104',
  title: 'Servers call themselves unhealthy for an account that has expired',
  scope: 'cluster',
  reads: { accstatz: from(), accountz: asked(), healthz: attempted },
  history: { expiring: latest(rememberedFor) },
  limits: {
    unhealthy: atLeast(
      { info: 1 },
      { unit: 'count', of: 'servers whose /healthz is 503 for one account whose JWT has expired' },
    ),
  },
  for: minutes(5),
  why:
    'No server is at fault: they hold streams of an account that they do not load any more. But /healthz is 503 for the whole server, so ' +
    'that probes and load balancers take it out, or restart it again and again, which makes nothing better.',
  remedy:
    'Renew the JWT (`nsc edit account --name NAME --expiry 1y`, `nsc push --account NAME`): /healthz is 200 again as soon as the servers ' +
    'have it. Until then let probes ask `/healthz?js-server-only=true`. If the account is given up, renew it once more to delete its streams.',
  evaluate({ servers, history }, { at }) {
    const details = detailsOf(servers);
    const accounts = accountsOf(servers, namesOf(details)).filter(({ hasJwt }) => hasJwt);
    const expired = expiringAccounts(history.expiring, accounts, details).filter(
      ({ expiresAt }) => expiresAt <= at,
    );
    if (accounts.length === 0 && expired.length === 0) return noJwts;
    const complaining = servers.flatMap(({ target, healthz }) => {
      const complaints = healthz.ok ? complaintsOf(healthz.value) : [];
      return complaints.flatMap(({ subject, words }) => {
        const [key] = subject === 'ACCOUNT' ? (keyIn.exec(words) ?? []) : [];
        return key === undefined ? [] : [{ key, target, words, isAlone: complaints.length === 1 }];
      });
    });
    const asks = [...again(accounts, new Set(expired.map(({ key }) => key)), at), ...inTurn(accounts, at)];
    const blamed = expired.flatMap((expiring) => {
      const by = complaining.filter(({ key }) => key === expiring.key);
      return by.length === 0 ? [] : [{ expiring, by }];
    });
    const [unheard] = servers.flatMap(({ healthz }) => (healthz.ok ? [] : [healthz.failure.message]));
    if (blamed.length === 0 && expired.length > 0 && details.length > 0 && unheard !== undefined)
      return unknown(unheard);
    if (blamed.length === 0)
      return nothing(`${plural(expired.length, 'expired account')}, and no server ill of one`, { asks });
    return measured(
      `${plural(new Set(blamed.flatMap(({ by }) => by.map(({ target }) => target.name))).size, 'server')} ill of expired accounts`,
      blamed.map(({ expiring, by }) => ({
        limit: 'unhealthy' as const,
        entity:
          accounts.find(({ key }) => key === expiring.key)?.entity ?? entityOf(expiring.key, expiring.name),
        value: by.length,
        data: { expiring, by },
      })),
      { asks },
    );
  },
  describe: ({ entity, data: { expiring, by } }, { at }) => ({
    summary:
      `/healthz of ${inline(
        by.map(({ target }) => target.name),
        5,
      )} is 503 for account ${entity.name}, whose JWT expired ${expiryWords(expiring, at)}` +
      `${by.every(({ isAlone }) => isAlone) ? ': nothing else is wrong there' : ''}.`,
    evidence: by.map(({ target, words }) => `${target.name} /healthz: ${words}`),
    commands: {
      nats: describeAccount(expiring.name),
      curl: `curl -sS -m 5 '${by[0]?.target.url ?? ''}/healthz?details=true'`,
    },
  }),
});
