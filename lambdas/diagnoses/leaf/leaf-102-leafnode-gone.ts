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

type Closed = { readonly reason: string; readonly server: string; readonly lifetimeSeconds: number };
type Gone = {
  /** When the first and the last run saw it; null for one that only settings know. */
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
};

/** `APP/leaf1` is a leafnode named `leaf1`, whatever its account. */
const isNamed = (id: string, name: string) => id === name || id.endsWith(`/${name}`);

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
    /** Targets without a leafnode listener. */
    deaf: set(memory),
    closes: window<Closed>(days(1)),
  },
  limits: {
    connections: below(
      { warning: 1 },
      { unit: 'count', of: 'connections of a leafnode that is known or expected' },
    ),
    missing: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'leafnode connections fewer than settings expect' },
    ),
  },
  for: minutes(5),
  why:
    'Clients at that leafnode go on among themselves but have lost this cluster: requests and messages do not cross, ' +
    'and JetStream sources and mirrors over it fall behind.',
  remedy:
    'Is its leaf server running, and does it say why in its log ("Leafnode connection closed", "Error trying to connect ' +
    'as leafnode")? Compare its `remotes` (URLs, credentials, account) with a leafnode that works, and try the port from ' +
    `its host: \`nc -vz <hub> 7422\`. One that was removed on purpose is forgotten ${formatDuration(memory)} after it was ` +
    'last seen; names in `expect.leafnodes` never are.',
  evaluate({ servers, unread, history }, { cluster }) {
    const accepted = servers.map(({ target, varz, leafz }) => ({
      target,
      listens: varz.leaf.port > 0,
      rows: leafz.leafs.filter((row) => !isDialled(varz, row)),
    }));
    const rows = accepted.flatMap((each) => each.rows);
    const known = servers.every(({ varz }) => namesLeafnodes(varz));
    const byName = history.named(rows.filter(({ name }) => name !== undefined).map(leafnodeId));
    // On a server without names a leafnode is its account and address: a cluster of both kinds knows only these.
    const gone = known
      ? byName.gone
      : history.addressed(rows.map(({ account, ip }) => leafnodeId({ account, ip, name: undefined }))).gone;
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
    if (dark.length > 0) {
      return unknown(
        `${inline(dark.map(({ target }) => target.name))} could not be read: a leafnode may be there`,
      );
    }

    const present = new Set(rows.flatMap(({ name }) => name ?? []));
    const { leafnodes } = cluster.expect;
    const names = typeof leafnodes === 'object' ? leafnodes : [];
    const absent = names.filter((name) => !present.has(name));
    const neverSeen = absent.filter((name) => !gone.some(({ member }) => isNamed(member, name)));
    if (!known && neverSeen.length > 0 && gone.length === 0) {
      return notApplicable(
        `before nats-server 2.9.15 leafnodes have no names: ${inline(neverSeen)} cannot be told`,
      );
    }
    const where = accepted.flatMap(({ target, listens, rows: { length } }) =>
      listens ? [`${target.name} ${formatCount(length)}`] : [],
    );
    const of = (id: string, seen: Gone) => {
      const [name] = [...closes.keys.keys()].filter((key) => isNamed(id, key));
      return {
        ...seen,
        id,
        where,
        last: closes.keys.get(name ?? '')?.samples.at(-1),
        url: servers[0]?.target.url ?? '',
      };
    };
    const missed = [
      ...gone.map(({ member, firstSeen, lastSeen }) => of(member, { firstSeen, lastSeen })),
      ...(known ? neverSeen : []).map((name) => of(name, { firstSeen: null, lastSeen: null })),
    ];
    const fewer = typeof leafnodes === 'number' ? leafnodes - rows.length : 0;
    const unexplained = fewer > missed.length ? fewer : 0;
    const measurements = [
      ...missed.map((data) => ({
        limit: 'connections' as const,
        entity: { kind: 'leafnode' as const, name: data.id },
        value: 0,
        data: { ...data, connected: rows.length, expected: null },
      })),
      {
        limit: 'missing' as const,
        entity: { kind: 'cluster' as const, name: cluster.name },
        value: unexplained,
        data: {
          ...of(cluster.name, { firstSeen: null, lastSeen: null }),
          connected: rows.length,
          expected: typeof leafnodes === 'number' ? leafnodes : null,
        },
      },
    ];
    const seen = `${plural(rows.length, 'leafnode')} connected, ${formatCount(missed.length)} missing`;
    return measured(seen, measurements, { conclusive: true });
  },
  describe({ entity, value, data }, { at, cluster }) {
    const { firstSeen, lastSeen, connected, expected, where, last, url } = data;
    const elsewhere = `leafnodes now: ${where.join(', ')}`;
    const commands = { nats: 'nats server report leafnodes', curl: closedLeafnodesCommand(url) };
    if (entity.kind === 'cluster') {
      return {
        summary:
          `Cluster ${entity.name} has ${plural(connected, 'leafnode connection')} of the ${formatCount(expected ?? 0)} ` +
          `that settings expect: ${formatCount(value)} missing, and which was not seen.`,
        evidence: [elsewhere],
        commands,
      };
    }
    const since =
      lastSeen === null
        ? 'it is expected by settings and was not seen'
        : `last seen ${formatDuration(at - lastSeen)} ago, ${formatTime(lastSeen)}`;
    return {
      summary: `Leafnode ${entity.name} is on no server of cluster ${cluster.name}: ${since}.`,
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
