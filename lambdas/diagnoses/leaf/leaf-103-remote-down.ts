import {
  atLeast,
  defineDiagnosis,
  explaining,
  formatDuration,
  from,
  measured,
  minutes,
  notApplicable,
  unknown,
  window,
} from '../../define.ts';
import { formatCount, formatTime, inline, plural } from '../../engine/format.ts';
import { closedLeafnodes, closedLeafnodesCommand, globalAccount, namesLeafnodes } from '../leafnodes.ts';
import { causeOf } from './loop-cause.ts';
import { closeOf, formatSeconds, reasonsOf, type Close } from './pace.ts';
import { compareRemotes, type Remote } from './remotes.ts';

const over = minutes(10);
/** A leaf server tries again every second, after a loop or a violation every 30 s: what ended longer ago is no attempt. */
const stillTrying = minutes(2);

const noConnection =
  'No connection came about at all, so the reason is only in this server\'s log: "Error trying to connect as leafnode to ' +
  'remote server" with "i/o timeout" (packets dropped: security group, network ACL, firewall, route), "connection ' +
  'refused" (wrong port, or the hub is down) or "no such host" (DNS). Try it from this host: `nc -vz <hub> 7422`.';
const switchedOff =
  ' A remote with `disabled: true` (from 2.12 on) looks the same in /varz: take it out of the configuration, or switch ' +
  'this diagnosis off in settings (`limits: {LEAF_103: {down: {warning: off}}}`).';

const urlsOf = (remotes: readonly Remote[]): string =>
  remotes.map(({ urls }) => inline(urls)).join('; ') || 'no URL';

export default defineDiagnosis({
  id: 'LEAF_103',
  title: 'A leaf server has lost a remote',
  scope: 'server',
  reads: { leafz: from(), closed: explaining(over) },
  history: { closes: window<Close>(over) },
  limits: {
    down: atLeast({ warning: 1 }, { unit: 'count', of: 'remotes of one account without a connection' }),
  },
  for: minutes(5),
  why:
    'What this server should reach through that remote is cut off; clients here see no more than missing messages and ' +
    'requests without responders.',
  remedy: noConnection + switchedOff,
  evaluate({ target, varz, leafz, closed, history }) {
    const { remotes, port: listener } = varz.leaf;
    if (remotes.length === 0) return notApplicable('no remotes are configured: this is no leaf server');
    if (listener > 0 && !namesLeafnodes(varz)) {
      return notApplicable(
        `nats-server ${varz.version} does not tell remotes from the leafnodes it accepts (from 2.9.15 on)`,
      );
    }
    const rows =
      closed?.ok === true ? closedLeafnodes(varz, closed.value.rows).filter(({ dialled }) => dialled) : [];
    const closes = history.closes(
      rows.map((row) => ({
        key: row.account ?? globalAccount,
        at: row.stoppedAt,
        note: closeOf(row, target.name),
      })),
    );
    if (leafz.leftOut !== undefined) {
      const { count, problem } = leafz.leftOut;
      return unknown(
        `${plural(count, 'row')} of /leafz could not be read (${problem}): a remote may be there`,
      );
    }
    const accounts = compareRemotes(varz, leafz);
    const missing = accounts.reduce((sum, each) => sum + each.missing, 0);
    return measured(
      `${formatCount(remotes.length - missing)} of ${plural(remotes.length, 'remote')} connected`,
      accounts.map((each) => {
        const { total, samples } = closes.keys.get(each.account) ?? { total: 0, samples: [] };
        return {
          limit: 'down' as const,
          entity: { kind: 'remote' as const, name: `${target.name} -> ${each.account}` },
          value: each.missing,
          data: {
            ...each,
            target,
            all: remotes.filter(({ local_account: account }) => (account ?? globalAccount) === each.account),
            attempts: total,
            closes: samples,
            canSeeAttempts: closed?.ok === true,
          },
        };
      }),
    );
  },
  describe({ value, data }, { at }) {
    const { target, account, configured, down, all, attempts, closes, canSeeAttempts } = data;
    const last = closes.at(-1);
    const cause = last !== undefined && at - last.at <= stillTrying ? causeOf(closes, 'remote') : null;
    const which = down === null ? '' : `: ${urlsOf(down)}`;
    const tries = cause
      ? `; ${plural(attempts, 'connection')} ended in ${formatDuration(over)}: ${cause.says}`
      : canSeeAttempts
        ? `; no connection came about ${last ? `since ${formatTime(last.at)}` : `in ${formatDuration(over)}`}`
        : '';
    const part =
      configured === 1 ? 'its only remote' : `${formatCount(value)} of its ${plural(configured, 'remote')}`;
    return {
      summary: `${target.name} has no leafnode connection for ${part} of account ${account}${which}${tries}.`,
      evidence: [
        ...(down === null
          ? [
              `which of them it is, /varz and /leafz do not show: ${all.map(({ urls }) => inline(urls)).join('; ')}`,
            ]
          : []),
        ...(closes.length > 0
          ? [
              `reasons of the last ${plural(closes.length, 'close')}: ${reasonsOf(closes)
                .map(([reason, n]) => `${reason} (${formatCount(n)})`)
                .join(', ')}`,
            ]
          : []),
        ...(last
          ? [
              `last: ${formatTime(last.at)}, ${last.note.reason} after ${formatSeconds(last.note.lifetimeSeconds)}, address ${last.note.ip}`,
            ]
          : []),
      ],
      remedy: (cause?.step ?? noConnection) + switchedOff,
      commands: {
        nats: 'nats server report leafnodes',
        curl: `curl -s '${target.url}/varz' | grep -A 25 '"leaf":'; curl -s '${target.url}/leafz'; ${closedLeafnodesCommand(target.url)}`,
      },
    };
  },
});
