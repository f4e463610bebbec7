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
  type Brief,
} from '../../define.ts';
import { formatCount, formatPercent, inline, plural } from '../../engine/format.ts';
import type { AccountClaims } from '../../readings/decoders/account.ts';
import { detailsOf, failureIn, inTurn, namesOf, noJwts } from './details.ts';
import { accountsOf, perServer, type OnServer } from './fleet.ts';
import { limitedBy, limitsKnown } from './jwt-limits.ts';
import { accountCommand, accountsReport } from './words.ts';

/** What an account may have so many of on all servers together. */
type Limited = {
  readonly id: string;
  readonly title: string;
  readonly brief: Brief;
  /** `connection` */
  readonly what: string;
  readonly limit: keyof AccountClaims['limits'];
  readonly used: (on: readonly OnServer[]) => number;
  readonly figure: (stat: OnServer['stat']) => number;
  readonly why: string;
  readonly remedy: string;
};

const ratio = atLeast(
  { warning: 0.9 },
  { unit: 'ratio', of: 'what an account uses of a limit of its JWT, of 10 or more' },
);

/** Accounts near a limit of their JWTs that servers count together. Those that a configuration sets show nowhere. */
export const nearLimit = ({ id, title, brief, what, limit, used, figure, why, remedy }: Limited) =>
  defineDiagnosis({
    ...{ id, title, brief, why, remedy },
    scope: 'cluster',
    reads: { accstatz: from(), accountz: asked() },
    history: { limits: latest(days(1)) },
    limits: { used: ratio },
    for: minutes(5),
    evaluate({ servers, history }, { at }) {
      const details = detailsOf(servers);
      const accounts = accountsOf(servers, namesOf(details)).filter(({ hasJwt }) => hasJwt);
      if (accounts.length === 0) return noJwts;
      const known = limitsKnown(history.limits, accounts, details, limit);
      const failure = failureIn(servers);
      if (known.size === 0 && details.length === 0 && failure !== null) return unknown(failure);
      const asks = inTurn(accounts, at);
      const limited = limitedBy(accounts, known).map((each) => ({ ...each, now: used(each.account.on) }));
      const fullest = limited.toSorted((a, b) => b.now / b.most - a.now / a.most);
      const [first] = fullest;
      if (first === undefined)
        return nothing(`${plural(accounts.length, 'account')}, none with a limit of ${what}s`, { asks });
      return measured(
        `${plural(limited.length, 'account')} with a limit; the fullest, ${first.account.entity.name}, has ` +
          `${formatCount(first.now)} of ${formatCount(first.most)}`,
        fullest.map(({ account, most, now }) => ({
          limit: 'used' as const,
          entity: account.entity,
          value: now / most,
          data: { account, most, now },
        })),
        { asks },
      );
    },
    describe: ({ entity, value, data: { account, most, now } }) => ({
      summary: `Account ${entity.name} has ${formatCount(now)} of the ${plural(most, what)} that its JWT allows (${formatPercent(value)}).`,
      evidence: [
        `${what}s by server: ${inline(perServer(account.on, figure), 10)}`,
        `account ${account.key}`,
      ],
      commands: {
        nats: accountsReport,
        curl: accountCommand(account.on[0]?.target ?? { name: '', url: '' }, account.key),
      },
    }),
  });
