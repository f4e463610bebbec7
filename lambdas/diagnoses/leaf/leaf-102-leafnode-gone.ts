import {
  atLeast,
  below,
  days,
  defineDiagnosis,
  explaining,
  formatDuration,
  from,
  measured,
  minutes,
  notApplicable,
  set,
  unknown,
  window,
  type SetDifference,
} from '../../define.ts';
import { closeReasons } from '../../engine/close-reasons.ts';
import { formatCount, formatTime, inline, plural } from '../../engine/format.ts';
import { unseenText } from '../../engine/unseen.ts';
import {
  closedLeafnodes,
  closedLeafnodesCommand,
  globalAccount,
  isDialled,
  lastingName,
  namesLeafnodes,
  type LeafRow,
} from '../leafnodes.ts';
import { tally } from '../tally.ts';
import { formatLeafnode, leafnodeId, namesOf, nthOf, parseLeafnode } from './identity.ts';
import { missedLeafnodes, type Missed } from './missed.ts';
import { formatSeconds } from './pace.ts';
import { callRoll, nameByAddress, withFormer } from './roll-call.ts';

const memory = days(7);
/** How long one is missed that settings do not expect: for so long the findings alarm stays and hides the next one. */
const unexpected = days(1);

type Closed = { readonly reason: string; readonly server: string; readonly lifetimeSeconds: number };
/** One that is missed was closed since the last run, or a little earlier: its hub may have changed. */
const shortlyBefore = minutes(10);

/** How many connections go by a name that settings may give. */
function countByName(rows: readonly LeafRow[]): (name: string) => number {
  const named = rows.flatMap(({ account, name }) => (name === undefined ? [] : namesOf({ account, name })));
  const counts = new Map(tally(named));
  return (name) => counts.get(name) ?? 0;
}
type Last = { readonly at: number; readonly note: Closed };

/** One that is missed, of so many connections that its leafnode had. */
type Absent = {
  readonly leafnode: Missed;
  readonly there: number;
  readonly of: number;
  readonly last: Last | undefined;
};

/**
 * A leafnode is missed where it is on no server: leafnodes choose their hub and change it, which is no finding.
 * The connections that a watched server dials itself are LEAF_103's.
 */
export default defineDiagnosis({
  id: 'LEAF_102',
  title: 'A leafnode is gone',
  scope: 'cluster',
  reads: { leafz: from(), closed: explaining(shortlyBefore) },
  history: {
    leafnodes: set(memory),
    /** Where servers tell no names: accounts, and addresses to name the missing after. */
    accounts: set(memory),
    addressed: set(memory),
    /** Further connections of one id: those there without a break of a few runs, and those that are counted. */
    together: set(minutes(3)),
    further: set(memory),
    /** Leafnodes as they were remembered before their ids were whole. */
    named: set(memory),
    /** The number that settings expect, in runs that saw as many. */
    met: set(memory),
    /** Targets without a leafnode listener. */
    deaf: set(memory),
    closes: window<Closed>(days(1)),
  },
  limits: {
    connections: below({ warning: 1 }, { unit: 'count', of: 'connections of a leafnode that is missed' }),
    missing: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'leafnode connections fewer than settings expect, of leafnodes not known' },
    ),
    others: atLeast({ info: 1 }, { unit: 'count', of: 'leafnodes that were there and may come and go' }),
  },
  for: minutes(5),
  why:
    'Clients at that leafnode go on among themselves but have lost this cluster: requests and messages do not cross, ' +
    'and JetStream sources and mirrors over it fall behind.',
  remedy:
    'Is its leaf server running, and does it say why in its log ("Leafnode connection closed", "Error trying to connect ' +
    'as leafnode")? Compare its `remotes` (URLs, credentials, account) with a leafnode that works, and try the port from ' +
    'its host: `nc -vz <hub> 7422`. Was it removed on purpose, or replaced under another name? Where settings expect none, ' +
    `it is forgotten ${formatDuration(unexpected)} after it was last seen: the finding is then resolved, though the leafnode did ` +
    'not come back. Leafnodes of one account and name are counted: give each leaf server a `server_name` of its own to ' +
    'have the missing one named. With a number in `expect.leafnodes` no leafnode is missed while as many are ' +
    'connected; with names these are missed for as long as they are gone, and any others may come and go.',
  evaluate({ servers, unread, history }, { at, cluster }) {
    const accepted = servers.map(({ target, varz, leafz }) => ({
      target,
      listens: varz.leaf.port > 0,
      rows: leafz.leafs.filter((row) => !isDialled(varz, row)),
    }));
    const rows = accepted.flatMap((each) => each.rows);
    const known = servers.every(({ varz }) => namesLeafnodes(varz));
    const noticedWithin = Math.max(
      ...servers.map(({ varz }) => (varz.ping_interval / 1e6) * (varz.ping_max + 1) + minutes(1)),
    );
    // One without a lasting name would be missed after each restart: only a number covers it. A cluster in which a server
    // tells no names knows how many there are.
    const { together, further } = history;
    const lasting = rows.filter(({ name }) => lastingName(name) !== null).map(leafnodeId);
    const byName = history.leafnodes(lasting);
    const former = history.named([]).gone;
    const call = (ids: readonly string[], recorded: SetDifference, kind: 'name' | 'account') =>
      callRoll(ids, { at, noticedWithin }, { ids: recorded, together, further, kind });
    const callAccounts = () => {
      const accounts = rows.map(({ account }) => account);
      const addresses = history.addressed(
        rows.map(({ account, ip }) => leafnodeId({ account, ip, name: undefined })),
      );
      return nameByAddress(call(accounts, history.accounts(accounts), 'account'), addresses.gone);
    };
    const { present, gone } = known ? withFormer(call(lasting, byName, 'name'), former) : callAccounts();
    const connectedAs = countByName(rows);
    const { leafnodes: expected } = cluster.expect;
    const isMet = typeof expected === 'number' && rows.length >= expected;
    const wasMet = history.met(isMet ? [String(expected)] : []);
    const closes = history.closes(
      servers.flatMap(({ target, varz, closed }) =>
        (closed?.ok === true ? closedLeafnodes(varz, closed.value.rows) : [])
          .filter(({ dialled }) => !dialled)
          .map((row) => ({
            key: formatLeafnode({
              account: row.account,
              name: (known ? lastingName(row.name) : null) ?? row.ip,
            }),
            at: row.stoppedAt,
            note: { reason: row.reason, server: target.name, lifetimeSeconds: row.lifetimeSeconds },
          })),
      ),
    );
    // Who never listened for leafnodes has none, silent or not: so a watched leaf server that is down is missed too.
    const deaf = history.deaf(accepted.flatMap(({ target, listens }) => (listens ? [] : [target.name])));
    const dark = unread.filter(({ target }) => !deaf.gone.some(({ member }) => member === target.name));
    const partly = servers.find(({ leafz }) => leafz.leftOut !== undefined);
    if (partly?.leafz.leftOut) {
      const { count, problem } = partly.leafz.leftOut;
      return unknown(
        `${plural(count, 'row')} of ${partly.target.name} /leafz could not be read (${problem}): a leafnode may be there`,
      );
    }
    if (dark.length > 0) {
      const unseen = dark.map(({ target: { name }, why }) => ({ name, why }));
      return unknown(`${unseenText(unseen)}: a leafnode may be there`, dark);
    }

    const { missed, others, unexplained, undecided } = missedLeafnodes({
      expected,
      connected: rows.length,
      connectedAs,
      gone,
      named: known,
      recently: at - unexpected,
      lastMet: isMet ? at : (wasMet.gone.find(({ member }) => member === String(expected))?.lastSeen ?? null),
    });
    if (undecided.length > 0 && missed.length === 0) {
      return notApplicable(
        `before nats-server 2.9.15 leafnodes have no names: ${inline(undecided)} cannot be identified`,
      );
    }
    const where = accepted.flatMap(({ target, listens, rows: { length } }) =>
      listens ? [`${target.name} ${formatCount(length)}`] : [],
    );
    // Rows of `$G` have no account, nor have those of who was refused, whichever account it wanted.
    const lastOf = (id: string) => {
      const { account, name } = parseLeafnode(id);
      const last = (of: string | undefined) =>
        closes.keys.get(formatLeafnode({ account: of, name }))?.samples.at(-1);
      if (account === globalAccount) return last(undefined);
      const own = last(account);
      const refused = last(undefined);
      const isRefused = refused !== undefined && closeReasons[refused.note.reason]?.class === 'auth';
      return isRefused && refused.at > (own?.at ?? 0) ? refused : own;
    };
    const url = servers[0]?.target.url ?? '';
    const dataOf = (absent: Absent | null) => ({
      absent,
      connected: rows.length,
      expected,
      others,
      where,
      url,
    });
    const measurements = [
      ...[...Map.groupBy(missed, ({ id }) => id)].flatMap(([id, alike]) => {
        // What settings say is a name, of any account; what was seen is one leafnode.
        const isSeen = alike.every(({ firstSeen }) => firstSeen !== null);
        const there = present.get(id) ?? (isSeen ? 0 : connectedAs(id));
        const of = Math.max(there + alike.length, ...alike.map(({ nth }) => nth));
        const firstToGo = alike.toSorted((a, b) => b.nth - a.nth);
        return firstToGo.map((leafnode, i) => ({
          limit: 'connections' as const,
          entity: { kind: 'leafnode' as const, name: nthOf(id, i + 1) },
          value: 0,
          data: dataOf({ leafnode, there, of, last: lastOf(id) }),
        }));
      }),
      {
        limit: 'missing' as const,
        entity: { kind: 'cluster' as const, name: cluster.name },
        value: unexplained,
        data: dataOf(null),
      },
      {
        limit: 'others' as const,
        entity: { kind: 'connections' as const, name: `other leafnodes of ${cluster.name}` },
        value: others.length,
        data: dataOf(null),
      },
    ];
    const coming = others.length > 0 ? `; ${formatCount(others.length)} gone that may come and go` : '';
    const seen = `${plural(rows.length, 'leafnode')} connected, ${formatCount(missed.length + unexplained)} missing${coming}`;
    return measured(seen, measurements, { conclusive: true });
  },
  describe({ limit, entity, value, data }, { at, cluster }) {
    const { absent, connected, expected, others, where, url } = data;
    const elsewhere = `leafnodes now: ${where.join(', ')}`;
    const commands = { nats: 'nats server report leafnodes', curl: closedLeafnodesCommand(url) };
    const ago = (lastSeen: number) =>
      `last seen ${formatDuration(at - lastSeen)} ago, ${formatTime(lastSeen)}`;
    if (limit === 'others') {
      const newest = [...others].reverse();
      const expectation = typeof expected === 'number' ? formatCount(expected) : inline(expected ?? []);
      return {
        summary:
          `${plural(value, 'leafnode')} ${value === 1 ? 'is' : 'are'} on no server of cluster ${cluster.name} any more, and settings do ` +
          `not miss ${value === 1 ? 'it' : 'them'} (expected: ${expectation}): ${inline(newest.map(({ id }) => id))}.`,
        evidence: [elsewhere, ...newest.map(({ id, lastSeen }) => `${id}: ${ago(lastSeen)}`)],
        why: 'Leafnodes that are replaced or removed are no trouble, one that others wait for is.',
        remedy: 'Nothing, if these were to go. To have one missed, put its name in `expect.leafnodes`.',
        commands,
      };
    }
    if (absent === null) {
      return {
        summary:
          `Cluster ${entity.name} has ${plural(connected, 'leafnode connection')} of the ${formatCount(Number(expected))} ` +
          `that settings expect: ${formatCount(value)} missing of which no name is known.`,
        evidence: [elsewhere],
        commands,
      };
    }
    const { leafnode, there, of, last } = absent;
    const { id, firstSeen, lastSeen } = leafnode;
    const since = lastSeen === null ? 'it is expected by settings and was not seen' : ago(lastSeen);
    return {
      summary:
        of === 1
          ? `Leafnode ${id} is on no server of cluster ${cluster.name}: ${since}.`
          : `Leafnode ${id} has ${formatCount(there)} of ${formatCount(of)} connections to cluster ${cluster.name}: ` +
            `the missing one was ${lastSeen === null ? 'never seen' : ago(lastSeen)}.`,
      evidence: [
        ...(last
          ? [
              `its last connection: ${last.note.server} closed it ${formatTime(last.at)} after ` +
                `${formatSeconds(last.note.lifetimeSeconds)} with ${last.note.reason}`,
            ]
          : ['how its last connection ended was not seen']),
        ...(firstSeen === null ? [] : [`known since ${formatTime(firstSeen)}`]),
        elsewhere,
      ],
      commands,
    };
  },
});
