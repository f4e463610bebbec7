import {
  atLeast,
  attempted,
  below,
  days,
  defineDiagnosis,
  formatDuration,
  from,
  measured,
  minutes,
  notApplicable,
  set,
  unknown,
  window,
} from '../../define.ts';
import { formatCount, formatTime, inline, plural } from '../../engine/format.ts';
import { isNamed, missedLeafnodes, type GoneLeafnode } from './missed.ts';
import { formatSeconds } from './pace.ts';
import {
  closedLeafnodes,
  closedLeafnodesCommand,
  isDialled,
  lastingName,
  leafnodeId,
  namesLeafnodes,
} from '../leafnodes.ts';

const memory = days(7);
/** How long one is missed that settings do not expect: for so long the findings alarm stays and hides the next one. */
const unexpected = days(1);

type Closed = { readonly reason: string; readonly server: string; readonly lifetimeSeconds: number };

/**
 * A leafnode is missed where it is on no server: leafnodes choose their hub and change it, which is no finding.
 * The connections that a watched server dials itself are LEAF_103's.
 */
export default defineDiagnosis({
  id: 'LEAF_102',
  title: 'A leafnode is gone',
  scope: 'cluster',
  reads: { leafz: from(), closed: attempted },
  history: {
    named: set(memory),
    addressed: set(memory),
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
    'not come back. With a number in `expect.leafnodes` no leafnode is missed while as many are connected; with names ' +
    'these are missed for as long as they are gone, and any others may come and go.',
  evaluate({ servers, unread, history }, { at, cluster }) {
    const accepted = servers.map(({ target, varz, leafz }) => ({
      target,
      listens: varz.leaf.port > 0,
      rows: leafz.leafs.filter((row) => !isDialled(varz, row)),
    }));
    const rows = accepted.flatMap((each) => each.rows);
    const known = servers.every(({ varz }) => namesLeafnodes(varz));
    // One without a lasting name would be missed after each restart: only a number covers it.
    const byName = history.named(rows.filter(({ name }) => lastingName(name) !== null).map(leafnodeId));
    // On a server without names a leafnode is its account and address: a cluster of both kinds knows only these.
    const { gone } = known
      ? byName
      : history.addressed(rows.map(({ account, ip }) => leafnodeId({ account, ip, name: undefined })));
    const { leafnodes: expected } = cluster.expect;
    const isMet = typeof expected === 'number' && rows.length >= expected;
    const wasMet = history.met(isMet ? [String(expected)] : []);
    const closes = history.closes(
      servers.flatMap(({ target, varz, closed }) =>
        (closed.ok ? closedLeafnodes(closed.value.rows) : [])
          .filter((row) => !isDialled(varz, row))
          .map((row) => ({
            key: (known ? lastingName(row.name) : null) ?? row.ip,
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
      return unknown(
        `${inline(dark.map(({ target }) => target.name))} could not be read: a leafnode may be there`,
      );
    }

    const { missed, others, unexplained, untold } = missedLeafnodes({
      expected,
      connected: rows.length,
      present: new Set(rows.flatMap((row) => (row.name === undefined ? [] : [row.name, leafnodeId(row)]))),
      gone: gone.map(({ member, ...times }) => ({ id: member, ...times })),
      named: known,
      recently: at - unexpected,
      lastMet: isMet ? at : (wasMet.gone.find(({ member }) => member === String(expected))?.lastSeen ?? null),
    });
    if (untold.length > 0 && missed.length === 0) {
      return notApplicable(
        `before nats-server 2.9.15 leafnodes have no names: ${inline(untold)} cannot be told`,
      );
    }
    const where = accepted.flatMap(({ target, listens, rows: { length } }) =>
      listens ? [`${target.name} ${formatCount(length)}`] : [],
    );
    const lastOf = ({ id }: GoneLeafnode) => {
      const [key = ''] = [...closes.keys.keys()].filter((name) => isNamed(id, name));
      return closes.keys.get(key)?.samples.at(-1);
    };
    const url = servers[0]?.target.url ?? '';
    const dataOf = (leafnode: GoneLeafnode | null) => {
      const last = leafnode === null ? undefined : lastOf(leafnode);
      return { leafnode, last, connected: rows.length, expected, others, where, url };
    };
    const measurements = [
      ...missed.map((leafnode) => ({
        limit: 'connections' as const,
        entity: { kind: 'leafnode' as const, name: leafnode.id },
        value: 0,
        data: dataOf(leafnode),
      })),
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
    const { leafnode, connected, expected, others, where, last, url } = data;
    const elsewhere = `leafnodes now: ${where.join(', ')}`;
    const commands = { nats: 'nats server report leafnodes', curl: closedLeafnodesCommand(url) };
    const ago = (lastSeen: number) =>
      `last seen ${formatDuration(at - lastSeen)} ago, ${formatTime(lastSeen)}`;
    if (limit === 'others') {
      const newest = [...others].reverse();
      const expectation = typeof expected === 'number' ? formatCount(expected) : inline(expected ?? []);
      return {
        summary:
          `${plural(value, 'leafnode')} that settings do not miss (expected: ${expectation}) ` +
          `${value === 1 ? 'is' : 'are'} on no server of cluster ${cluster.name}: ${inline(newest.map(({ id }) => id))}.`,
        evidence: [elsewhere, ...newest.map(({ id, lastSeen }) => `${id}: ${ago(lastSeen)}`)],
        why: 'Leafnodes that are replaced or removed are no trouble, one that others wait for is.',
        remedy: 'Nothing, if these were to go. To have one missed, put its name in `expect.leafnodes`.',
        commands,
      };
    }
    if (leafnode === null) {
      return {
        summary:
          `Cluster ${entity.name} has ${plural(connected, 'leafnode connection')} of the ${formatCount(Number(expected))} ` +
          `that settings expect: ${formatCount(value)} missing of which no name is known.`,
        evidence: [elsewhere],
        commands,
      };
    }
    const { id, firstSeen, lastSeen } = leafnode;
    const since = lastSeen === null ? 'it is expected by settings and was not seen' : ago(lastSeen);
    return {
      summary: `Leafnode ${id} is on no server of cluster ${cluster.name}: ${since}.`,
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
