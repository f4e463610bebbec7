import {
  atLeast,
  attempted,
  defineDiagnosis,
  from,
  known,
  measured,
  minutes,
  unknown,
  window,
} from '../../define.ts';
import type { Target } from '../../define.ts';
import { formatCount, formatTime, plural } from '../../engine/format.ts';
import type { Windowed } from '../../history/window.ts';
import { unseenText } from '../../engine/unseen.ts';
import type { Unseen } from '../../define.ts';
import { isDraining } from '../lame-duck.ts';

/** None where the server gave a count that cannot be. */
type Count = { readonly connections?: number };
type Peer = { readonly target: Target; readonly now: number; readonly before: number | null };

/**
 * A drain is planned and pages nobody: it is info. It shows as `Server Shutdown` rows on a server that still answers (a
 * plain shutdown closes HTTP before its clients), or as a `/healthz` that misses the client listener. A server that is
 * only starting misses it too, but has never had a client.
 */
export default defineDiagnosis({
  id: 'CLUSTER_101',
  title: 'A server drains its clients (lame duck)',
  scope: 'cluster',
  reads: { closed: from(), healthz: attempted },
  history: {
    connections: window<Count>(minutes(15)),
    drains: window<Count>(minutes(15)),
    clients: window(minutes(15)),
    leafnodes: window(minutes(15)),
  },
  limits: {
    moved: atLeast({ info: 0 }, { unit: 'count', of: 'clients that a draining server sent away' }),
  },
  for: minutes(0),
  why:
    'In lame-duck mode a server takes no new clients, waits (`lame_duck_grace_period`, 10 s unless configured) and closes ' +
    'those it has one after another, at most a second apart and within `lame_duck_duration`, so that they reconnect to ' +
    'other servers a few at a time; then it ends. Without clients it ends at once.',
  remedy:
    'Nothing, if it is a deployment, a scale-in or a restart. Clients that do not return elsewhere know no other server ' +
    '(one URL only, `no_advertise`, an address they cannot reach) or have given up (a limit of reconnects).',
  evaluate({ servers, unread, history }, { at }) {
    const looks = servers.map(({ target, varz, closed, healthz, history: own }) => {
      const shutdowns = closed.rows.filter(({ reason }) => reason === 'Server Shutdown');
      const refuses = healthz.ok && isDraining({ varz, healthz: healthz.value });
      const now = known(() => varz.connections);
      return {
        target,
        shutdowns,
        drains: shutdowns.length > 0 || refuses,
        unseen: shutdowns.length === 0 && !healthz.ok ? healthz.failure : null,
        started: varz.start,
        now,
        counts: own.connections([{ key: 'clients', at, note: noteOf(now) }]),
      };
    });
    const closedOf = (kind: 'Client' | 'Leafnode') =>
      looks.flatMap(({ target, shutdowns }) =>
        shutdowns
          .filter((row) => row.kind === kind)
          .map(({ stoppedAt }) => ({ key: target.name, at: stoppedAt })),
      );
    const clients = history.clients(closedOf('Client'));
    const leafnodes = history.leafnodes(closedOf('Leafnode'));
    const drains = history.drains(
      looks
        .filter((look) => look.drains)
        .map(({ target, now }) => ({ key: target.name, at, note: noteOf(now) })),
    );
    const measurements = [...drains.keys].flatMap(([name, { samples }]) => {
      const since = samples[0]?.at ?? at;
      const look = looks.find(({ target }) => target.name === name);
      const target = look?.target ?? unread.find((each) => each.target.name === name)?.target;
      if (target === undefined) return [];
      const others = looks.filter((each) => !drains.keys.has(each.target.name));
      const peers = others.flatMap(({ target, now, counts }): readonly Peer[] =>
        now === null ? [] : [{ target, now, before: countBefore(counts, since) }],
      );
      const moved = clients.keys.get(name)?.total ?? 0;
      const data = {
        target,
        since,
        state: look === undefined ? ('gone' as const) : stateOf(look.started, since),
        left: look === undefined ? (samples.at(-1)?.note.connections ?? null) : look.now,
        leafnodes: leafnodes.keys.get(name)?.total ?? 0,
        peers,
        unseen: [
          ...unread.filter((each) => each.target.name !== name),
          ...others
            .filter(({ now }) => now === null)
            .map(({ target }) => ({ target, why: 'failed' as const })),
        ].map(({ target, why }): Unseen => ({ name: target.name, why })),
        isAlone: looks.length + unread.length === 1,
      };
      const entity = { kind: 'server' as const, name };
      return [{ limit: 'moved' as const, entity, value: moved, data }];
    });
    const names = measurements.map(({ entity }) => entity.name);
    const [unseen] = looks.flatMap((look) => look.unseen ?? []);
    if (names.length === 0 && unseen !== undefined) return unknown(unseen.message);
    return measured(names.length === 0 ? 'no server drains' : `draining: ${names.join(', ')}`, measurements);
  },
  describe({ value, data: { target, since, state, left, leafnodes, peers, unseen, isAlone } }) {
    const compared = peers.filter(({ before }) => before !== null);
    const grown = compared.reduce((sum, { now, before }) => sum + now - (before ?? now), 0);
    const some = left === null ? 'an unknown number' : formatCount(left);
    const rest = {
      drains: `${some} left`,
      gone: `it is gone now${left !== null && left > 0 ? `, with ${plural(left, 'client')} when last seen` : ''}`,
      back: `it has started again and holds ${some}`,
    }[state];
    const elsewhere =
      peers.length === 0
        ? nowhereElse(unseen, isAlone)
        : compared.length === 0
          ? 'how many returned elsewhere is not known, since nobody watched before'
          : `the other servers hold ${formatCount(Math.abs(grown))} ${grown < 0 ? 'fewer' : 'more'} clients than before`;
    return {
      summary: `${target.name} ${state === 'drains' ? 'drains' : 'drained'}: ${plural(value, 'client')} sent away, ${rest}; ${elsewhere}.`,
      evidence: [
        `first seen draining at ${formatTime(since)}`,
        ...(leafnodes > 0 ? [`${plural(leafnodes, 'leafnode')} sent away as well`] : []),
        ...peers.map(({ target: peer, now, before }) =>
          before === null
            ? `${peer.name}: ${plural(now, 'client')}`
            : `${peer.name}: ${plural(now, 'client')}, ${now < before ? '-' : '+'}${formatCount(Math.abs(now - before))}`,
        ),
      ],
      commands: {
        nats: 'nats server list',
        curl: `curl -s '${target.url}/healthz?details=true'; curl -s '${target.url}/varz' | grep '"connections"'`,
      },
    };
  },
});

/** Why no other server shows clients that returned. */
const nowhereElse = (unseen: readonly Unseen[], isAlone: boolean): string =>
  isAlone
    ? 'no other server of the cluster is watched'
    : unseen.length > 0
      ? unseenText(unseen)
      : 'the other servers drain, too';

const noteOf = (connections: number | null): Count => (connections === null ? {} : { connections });

const stateOf = (started: number, since: number) => (started > since ? 'back' : 'drains');

/** A server's clients in the last run before `since`; null if there was none. */
const countBefore = (counts: Windowed<Count>, since: number): number | null =>
  counts.keys.get('clients')?.samples.findLast(({ at }) => at < since)?.note.connections ?? null;
