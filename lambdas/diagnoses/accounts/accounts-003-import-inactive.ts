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
import { formatCount, plural } from '../../engine/format.ts';
import type { Account, Import } from '../../readings/decoders/account.ts';
import {
  again,
  asking,
  detailsOf,
  failureIn,
  inTurn,
  memoryKey,
  namesOf,
  newestDetails,
  noJwts,
  remembered,
} from './details.ts';
import { accountsOf } from './fleet.ts';
import { contains } from './subjects.ts';
import { accountCommand, describeAccount } from './words.ts';

/** An import of a JWT that does not work. */
type Broken = readonly [type: string, subject: string, from: string, cause: string];

/** Kept of an account; the others are counted. */
const mostKept = 5;
type Kept = { readonly count: number; readonly first: readonly Broken[] };

const keyOf = ({ type, subject, account }: Import): string => JSON.stringify([type, subject, account]);

/** What the JWT imports and the server has not among what works. */
const brokenOf = ({ claims, imports }: Account) => {
  const working = new Set(imports.map(keyOf));
  return (claims?.imports ?? []).filter((each) => !working.has(keyOf(each)));
};

/** Why an import does not work, by what the exporting account shows. */
function causeOf(
  { type, subject, hasToken }: ReturnType<typeof brokenOf>[number],
  isThere: boolean,
  exporter: Account | undefined,
): string {
  if (!isThere) return 'no server knows that account';
  if (exporter === undefined) return 'cause not known';
  if (exporter.isExpired) return 'the JWT of that account has expired';
  const offered = exporter.exports.find((each) => each.type === type && contains(each.subject, subject));
  if (offered === undefined) return `that account exports no ${type} that holds it`;
  if (offered.isPrivate && !hasToken) return 'it is private, and the import has no activation token';
  if (offered.isPrivate) return 'its activation token is refused: expired, revoked, or for something else';
  return 'cause not known';
}

/** The JWT's word against what the server made of it; what nats-server imports by itself is in no JWT. */
export default defineDiagnosis({
  id: 'ACCOUNTS_003',
  title: "Imports of an account's JWT do not work",
  brief: ['accounts', 'imports inactive'],
  scope: 'cluster',
  reads: { accstatz: from(), accountz: asked() },
  history: { broken: latest(days(1)) },
  limits: {
    inactive: atLeast({ warning: 1 }, { unit: 'count', of: "imports of one account's JWT that do not work" }),
  },
  for: minutes(10),
  why:
    'Clients of the account hear nothing of these streams and get "no responders" from these services. Nothing refuses the JWT, and ' +
    'nothing but this shows it.',
  remedy:
    'By its cause: push the exporting account (`nsc push --account`), export the subject again (`nsc add export`), make a new activation ' +
    'token (`nsc generate activation`) and import it anew, or take the import out (`nsc delete import`) where nobody needs it.',
  evaluate({ servers, history }, { at }) {
    const details = detailsOf(servers);
    const accounts = accountsOf(servers, namesOf(details)).filter(({ hasJwt }) => hasJwt);
    if (accounts.length === 0) return noJwts;
    const byKey = new Map(accounts.map((account) => [account.key, account]));
    const newest = newestDetails(details);
    const known = remembered(
      history.broken,
      () =>
        new Map(
          [...newest.values()].flatMap(({ account }) => {
            const own = byKey.get(account.key);
            if (own === undefined) return [];
            // Of an account that has expired all imports are of no use.
            const broken = account.isExpired ? [] : brokenOf(account);
            const first = broken
              .slice(0, mostKept)
              .map((each): Broken => [
                each.type,
                each.subject,
                each.account,
                causeOf(each, byKey.has(each.account), newest.get(each.account)?.account),
              ]);
            const kept: Kept = { count: broken.length, first };
            return [[memoryKey(own), broken.length === 0 ? '' : JSON.stringify(kept)] as const];
          }),
        ),
    );
    const failure = failureIn(servers);
    if (details.length === 0 && known.size === 0 && failure !== null) return unknown(failure);
    const found = accounts.flatMap((account) => {
      const text = known.get(memoryKey(account));
      return text === undefined ? [] : [{ account, kept: JSON.parse(text) as Kept }];
    });
    const exporters = found.flatMap(({ account, kept: { first } }) =>
      first.flatMap(([, , from]) => {
        const server = byKey
          .get(from)
          ?.on.find(({ target }) => account.on.some((own) => own.target.name === target.name));
        return server === undefined ? [] : [asking(server.target, from)];
      }),
    );
    const wanted = new Set(found.map(({ account }) => account.key));
    const asks = [...exporters.slice(0, 16), ...again(accounts, wanted, at), ...inTurn(accounts, at)];
    if (found.length === 0)
      return nothing(`${plural(accounts.length, 'account')}, no import known that does not work`, { asks });
    const nameOf = (key: string): string => byKey.get(key)?.entity.name ?? key;
    return measured(
      `${plural(found.length, 'account')} with imports that do not work`,
      found.map(({ account, kept }) => ({
        limit: 'inactive' as const,
        entity: account.entity,
        value: kept.count,
        data: {
          account,
          first: kept.first.map(([type, subject, from, cause]) => ({
            type,
            subject,
            from: nameOf(from),
            cause,
          })),
        },
      })),
      { asks },
    );
  },
  describe({ entity, value, data: { account, first } }) {
    const [one] = first;
    const more = value > 1 ? `, and ${plural(value - 1, 'other import')}` : '';
    return {
      summary: `Account ${entity.name} does not get ${one?.type ?? ''} ${one?.subject ?? ''} of account ${one?.from ?? ''}: ${one?.cause ?? ''}${more}.`,
      evidence: [
        ...first.map(({ type, subject, from, cause }) => `${type} ${subject} of ${from}: ${cause}`),
        ...(value > first.length ? [`and ${formatCount(value - first.length)} more`] : []),
        `account ${account.key}`,
      ],
      commands: {
        nats: describeAccount(entity.name),
        curl: accountCommand(account.on[0]?.target ?? { name: '', url: '' }, account.key),
      },
    };
  },
});
