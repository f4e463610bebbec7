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
  type Target,
} from '../../define.ts';
import { formatTime, inline, plural } from '../../engine/format.ts';
import {
  asking,
  detailsOf,
  failureIn,
  inTurn,
  memoryKey,
  namesOf,
  noJwts,
  remembered,
  type Detail,
} from './details.ts';
import { shellQuoted } from '../shell-quoted.ts';
import { accountsOf, type FleetAccount, type OnServer } from './fleet.ts';
import { accountCommand } from './words.ts';

/** What a server has of an account. */
type Held = { readonly target: Target; readonly account: Detail['account']; readonly issuedAt: number };

/** Asked for in a run: of so few all, of more those whose JWT was older than another one's, or newer. */
const mostCompared = 64;

const placeOf = (account: FleetAccount, { name }: Target): string => `${memoryKey(account)} ${name}`;

/** On servers where nobody uses the account an old JWT does no harm, and a resolver that is asked on use has no other. */
const inUse = ({ on }: FleetAccount): readonly OnServer[] =>
  on.filter(({ stat }) => stat.conns + stat.leafnodes > 0);

const heldBy = (account: FleetAccount, details: readonly Detail[]): readonly Held[] =>
  details.flatMap(({ target, account: own }) =>
    own.key === account.key && own.claims !== null
      ? [{ target, account: own, issuedAt: own.claims.issuedAt }]
      : [],
  );

/** Users that the newer JWT revokes and the older does not: what they may do there they may go on doing. */
const notRevoked = (newest: Held, older: readonly Held[]): readonly string[] => {
  const missed = (held: Held) => newest.account.revoked.filter((key) => !held.account.revoked.includes(key));
  return [...new Set(older.flatMap(missed))];
};

/**
 * The JWT of an account by when it was issued, on each server that has clients of it. Who was revoked on one server and not on
 * another stays connected there: a server cuts them when it takes the JWT. Compared is what one run read.
 */
export default defineDiagnosis({
  id: 'ACCOUNTS_103',
  title: 'Servers go by different JWTs of an account, so that who is revoked may still be connected',
  brief: ['accounts', 'JWT differs by server'],
  scope: 'cluster',
  reads: { accstatz: from(), accountz: asked() },
  history: { issued: latest(days(1)) },
  limits: {
    behind: atLeast(
      { warning: 1 },
      {
        unit: 'count',
        servers: 2,
        of: 'servers with clients of an account that have an older JWT of it than another server',
      },
    ),
  },
  for: minutes(15),
  why:
    'What was changed in the account holds on some servers only: users that were revoked, limits, imports and exports, the time when ' +
    'it expires.',
  remedy:
    'Push it again (`nsc push --account NAME`), which names the servers that did not take it. With a memory resolver each server ' +
    'has its own `resolver_preload`: bring the configuration to the servers below and reload them. With a full resolver look in their ' +
    'logs for the resolver directory (disk full, permissions) and for routes of the system account.',
  evaluate({ servers, history }, { at }) {
    const details = detailsOf(servers);
    const accounts = accountsOf(servers, namesOf(details)).filter(({ hasJwt }) => hasJwt);
    if (accounts.length === 0) return noJwts;
    const byKey = new Map(accounts.map((account) => [account.key, account]));
    const known = remembered(
      history.issued,
      () =>
        new Map(
          details.flatMap(({ target, account: { key, claims } }) => {
            const account = byKey.get(key);
            return account === undefined || claims === null
              ? []
              : [[placeOf(account, target), String(claims.issuedAt / 1_000)] as const];
          }),
        ),
    );
    const failure = failureIn(servers);
    if (details.length === 0 && failure !== null) return unknown(failure);
    const shared = accounts.filter((account) => inUse(account).length > 0 && account.on.length > 1);
    const suspects = shared.flatMap((account) => {
      const issued = account.on.map(({ target }) => Number(known.get(placeOf(account, target)) ?? 0));
      const told = issued.filter((time) => time > 0);
      return new Set(told).size < 2 ? [] : account.on.map(({ target }) => asking(target, account.key));
    });
    const all = shared.flatMap(({ key, on }) => on.map(({ target }) => asking(target, key)));
    const compared = all.length <= mostCompared ? all : suspects.slice(0, mostCompared);
    const asks = [...compared, ...inTurn(accounts, at)];
    const differing = shared.flatMap((account) => {
      const held = heldBy(account, details).toSorted((a, b) => b.issuedAt - a.issuedAt);
      const [newest] = held;
      const used = new Set(inUse(account).map(({ target }) => target.name));
      const older = held.filter(
        ({ target, issuedAt }) => issuedAt < (newest?.issuedAt ?? 0) && used.has(target.name),
      );
      return newest === undefined || older.length === 0 ? [] : [{ account, newest, older }];
    });
    if (differing.length === 0)
      return nothing(`${plural(shared.length, 'account')} on several servers, none known to differ`, {
        asks,
      });
    return measured(
      `${plural(differing.length, 'account')} of which servers have different JWTs`,
      differing.map((each) => ({
        limit: 'behind' as const,
        entity: each.account.entity,
        value: each.older.length,
        data: each,
      })),
      { asks },
    );
  },
  describe({ entity, data: { account, newest, older } }) {
    const missed = notRevoked(newest, older);
    const names = inline(
      older.map(({ target }) => target.name),
      5,
    );
    const revoked =
      missed.length === 0
        ? ''
        : `; ${plural(missed.length, 'user')} revoked since may still be connected there`;
    const openOn = new Map(account.on.map(({ target, stat }) => [target.name, stat.conns + stat.leafnodes]));
    const row = ({ target, issuedAt }: Held) =>
      `${target.name}: issued ${formatTime(issuedAt)}, ${plural(openOn.get(target.name) ?? 0, 'client or leafnode', 'clients and leafnodes')}`;
    return {
      summary: `${names} ${older.length === 1 ? 'goes' : 'go'} by an older JWT of account ${entity.name} than ${newest.target.name}${revoked}.`,
      evidence: [
        ...older.map(row),
        row(newest),
        ...(missed.length === 0 ? [] : [`not revoked there: ${inline(missed, 5)}`]),
        `account ${account.key}`,
      ],
      commands: {
        nats: `nsc push --account ${shellQuoted(newest.account.name)}`,
        curl: accountCommand(older[0]?.target ?? newest.target, account.key),
      },
    };
  },
});
