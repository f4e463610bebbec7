import {
  asked,
  atLeast,
  defineDiagnosis,
  from,
  hours,
  measured,
  notApplicable,
  nothing,
  unknown,
} from '../../define.ts';
import { plural } from '../../engine/format.ts';
import { detailsOf, failureIn, inTurn } from './details.ts';
import { accountsOf, globalAccount } from './fleet.ts';
import { overlap } from './subjects.ts';
import { accountCommand } from './words.ts';

/** All of them are read in one run, or nothing is said. */
const mostAccounts = 64;

/**
 * Accounts of a configuration alone: with an operator, who imports it may not be loaded as nobody uses it, and nothing shows that.
 */
export default defineDiagnosis({
  id: 'ACCOUNTS_004',
  title: 'Exports that no account imports',
  scope: 'cluster',
  reads: { accstatz: from(), accountz: asked() },
  history: {},
  limits: {
    orphaned: atLeast({ info: 1 }, { unit: 'count', of: 'exports of one account that no account imports' }),
  },
  for: hours(1),
  why: 'Nobody outside of the account hears it: an import was forgotten or misspelt, or the export is left over.',
  remedy:
    'Import it where it is wanted, or take the export out of the configuration. If it is for later, leave it: this is for information.',
  evaluate({ servers, unread }, { at }) {
    const accounts = accountsOf(servers);
    if (accounts.some(({ hasJwt }) => hasJwt))
      return notApplicable('with an operator, accounts that import may not be loaded');
    if (accounts.length > mostAccounts)
      return notApplicable(`${plural(accounts.length, 'account')} are too many to be compared`);
    if (accounts.every(({ key }) => key === globalAccount))
      return notApplicable('there is no account but the global one');
    const details = detailsOf(servers);
    const failure = failureIn(servers);
    if (failure !== null) return unknown(failure);
    const asks = inTurn(accounts, at);
    const read = new Map(details.map((detail) => [detail.account.key, detail]));
    const isWhole = unread.length === 0 && accounts.every(({ key }) => read.has(key));
    if (!isWhole && details.length > 0 && unread.length === 0)
      return unknown(`${plural(accounts.length, 'account')}, not all of them read`);
    if (!isWhole) return nothing(plural(accounts.length, 'account'), { asks });
    const imports = details.flatMap(({ account }) => account.imports);
    const orphaned = accounts.flatMap((account) => {
      const detail = read.get(account.key);
      if (detail === undefined || detail.account.isSystem) return [];
      const own = imports.filter((each) => each.account === account.key);
      const exports = detail.account.exports.filter(
        ({ type, subject }) => !own.some((each) => each.type === type && overlap(each.subject, subject)),
      );
      return exports.length === 0 ? [] : [{ account, exports, target: detail.target }];
    });
    if (orphaned.length === 0) return nothing('every export is imported', { asks });
    return measured(
      `${plural(orphaned.length, 'account')} with exports that nobody imports`,
      orphaned.map(({ account, exports, target }) => ({
        limit: 'orphaned' as const,
        entity: account.entity,
        value: exports.length,
        data: { account, exports, target },
      })),
      { asks },
    );
  },
  describe: ({ entity, value, data: { account, exports, target } }) => ({
    summary: `Account ${entity.name} has ${plural(value, 'export')} that no account imports.`,
    evidence: exports.map(({ type, subject }) => `${type} ${subject}`),
    commands: {
      nats: 'nats server report accounts # with a context of the system account',
      curl: accountCommand(target, account.key),
    },
  }),
});
