import {
  asked,
  atLeast,
  days,
  defineDiagnosis,
  from,
  hours,
  measured,
  minutes,
  nothing,
  set,
} from '../../define.ts';
import { formatCount, formatTime, inline, plural } from '../../engine/format.ts';
import { detailsOf, inTurn, namesOf } from '../accounts/details.ts';
import { accountsOf, isAccountKey } from '../accounts/fleet.ts';
import { accountsReport } from '../accounts/words.ts';

const memory = days(30);
/** How long a change is told. */
const toldFor = hours(1);

/**
 * Over all servers, so that a rolling reload tells it once. In operator mode servers load accounts when they are used, and forget
 * them when they start: there only one whose JWT was issued since these are watched is new, and none is removed.
 */
export default defineDiagnosis({
  id: 'CHANGE_003',
  title: 'Accounts were added or removed',
  scope: 'cluster',
  reads: { accstatz: from(), accountz: asked() },
  history: { accounts: set(memory), watched: set(memory) },
  limits: {
    changed: atLeast({ info: 1 }, { unit: 'count', of: 'accounts that came or went within the hour' }),
  },
  for: minutes(0),
  why: 'Clients of an account that is gone cannot log in any more; of a new one nobody watches the limits yet.',
  remedy:
    'Was it meant? Then this ends by itself within the hour. Else find which deployment or person changed the accounts.',
  evaluate({ servers, unread, history }, { at }) {
    const details = detailsOf(servers);
    const accounts = accountsOf(servers, namesOf(details));
    const { since, gone } = history.accounts(accounts.map(({ key }) => key));
    // A server that was not read when watching began would bring in all of its accounts.
    const begun = unread.length === 0 ? history.watched(['all servers']).since.get('all servers') : undefined;
    const isRecent = (time: number): boolean => at - time < toldFor;
    const fresh = accounts.filter(({ key }) => {
      const time = since.get(key) ?? at;
      return begun !== undefined && time > begun && isRecent(time);
    });
    const issued = new Map(details.map(({ account: { key, claims } }) => [key, claims?.issuedAt ?? 0]));
    const added = fresh
      .filter(({ key, hasJwt }) => !hasJwt || (issued.get(key) ?? 0) > (begun ?? at))
      .map(({ key, entity: { name } }) => ({ name, time: since.get(key) ?? at }));
    // What stands on a server that was not read is not gone.
    const removed =
      unread.length > 0
        ? []
        : gone.flatMap(({ member, lastSeen }) =>
            isRecent(lastSeen) && !isAccountKey(member) ? [{ name: member, time: lastSeen }] : [],
          );
    const value = added.length + removed.length;
    const asks = inTurn(
      fresh.filter(({ hasJwt }) => hasJwt),
      at,
    );
    const seen = `${plural(accounts.length, 'account')}, ${formatCount(value)} changed within the hour`;
    if (value === 0) return nothing(seen, { asks });
    const target = servers[0]?.target ?? { name: '', url: '' };
    return measured(
      seen,
      [
        {
          limit: 'changed',
          entity: { kind: 'cluster', name: 'accounts' },
          value,
          data: { added, removed, target },
        },
      ],
      { asks },
    );
  },

  describe({ data: { added, removed, target } }) {
    const named = (all: readonly { readonly name: string }[]) =>
      inline(
        all.map(({ name }) => name),
        5,
      );
    const said = [
      ...(added.length === 0 ? [] : [`${plural(added.length, 'account')} added: ${named(added)}`]),
      ...(removed.length === 0 ? [] : [`${plural(removed.length, 'account')} removed: ${named(removed)}`]),
    ];
    return {
      summary: `${said.join('; ')}.`,
      evidence: [
        ...removed.map(({ name, time }) => `${name}: last seen ${formatTime(time)}`),
        ...added.map(({ name, time }) => `${name}: first seen ${formatTime(time)}`),
      ],
      commands: { nats: accountsReport, curl: `curl -s '${target.url}/accountz'` },
    };
  },
});
