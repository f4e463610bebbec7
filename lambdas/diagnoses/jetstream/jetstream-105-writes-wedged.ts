import {
  asked,
  atLeast,
  defineDiagnosis,
  formatDuration,
  from,
  hours,
  measured,
  minutes,
  notApplicable,
  nothing,
  seconds,
  unknown,
  window,
  type Target,
} from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { hasFrom } from '../../engine/versions.ts';
import type { StreamRow } from '../../readings/decoders/assets.ts';
import type { RaftGroup } from '../../readings/decoders/raftz.ts';
import { assetsOf, jetStreamIsOff, type Held, type Stream } from '../assets/assets.ts';
import { placement, streamCommands } from '../assets/words.ts';
import { unbroken, type At } from './samples.ts';

type Quiet = { readonly stream: Stream; readonly leader: Held<StreamRow>; readonly group: string };
type Sample = { readonly pindex: number; readonly committed: number };

const firstRelease = '2.10.17';
/** Entries are committed within milliseconds: who has stood for so long has nothing in flight. */
const quietFor = seconds(60);
/** Looked at while its last message is not older. One that was found wedged is looked at as long as it is. */
const lookedAtFor = hours(1);
/** Asked for in a run beside those that were found; in some minutes each one's turn comes. */
const turns = 6;

/** Streams of several replicas that took messages lately, and take none now. */
function quietStreams(streams: readonly Stream[]): readonly Quiet[] {
  return streams.flatMap((stream) => {
    const { leader } = stream;
    const group = leader?.row.group.raftGroup;
    if (leader === null || group === undefined || leader.row.group.replicas.length === 0) return [];
    if (!hasFrom(leader.server.varz.version, [firstRelease])) return [];
    const age = leader.server.reading.now - (leader.row.state.lastAt ?? 0);
    return age >= quietFor ? [{ stream, leader, group }] : [];
  });
}

const isLookedAt = ({ leader: { server, row } }: Quiet): boolean =>
  server.reading.now - (row.state.lastAt ?? 0) <= lookedAtFor;

const keyOf = ({ stream: { account, name }, leader, group }: Quiet): string =>
  JSON.stringify([leader.server.system.id, account, name, group]);

/** Some of all, others in each minute. */
function inTurn<T>(all: readonly T[], at: number): readonly T[] {
  if (all.length <= turns) return all;
  const start = (Math.floor(at / minutes(1)) * turns) % all.length;
  return [...all.slice(start), ...all.slice(0, start)].slice(0, turns);
}

/** How long the same entry has been the last that was committed, with others behind it, ms. */
function wedgedFor(samples: readonly At<Sample>[]): number {
  const all = unbroken(samples);
  const last = all.at(-1);
  if (last === undefined) return 0;
  const moved = all.findLastIndex(({ note }) => note.committed !== last.note.committed);
  return last.at - (all[moved + 1]?.at ?? last.at);
}

const isWedged = ({ state, pindex, committed, overrun }: RaftGroup): boolean =>
  state === 'LEADER' && (pindex > committed || overrun);

/**
 * A leader that survived a restart of the others under load may hold entries that it never commits: it calls itself healthy, and
 * its replicas current. `/raftz` alone shows it, and is asked for streams that have just gone quiet.
 */
export default defineDiagnosis({
  id: 'JETSTREAM_105',
  title: 'Writes to a stream are stuck in a group that calls itself healthy',
  brief: ['streams', 'writes stuck'],
  scope: 'cluster',
  reads: { streams: from(), raftz: asked() },
  history: { wedged: window<Sample>(minutes(15)) },
  limits: {
    stuck: atLeast(
      { warning: 120 },
      { unit: 'seconds', of: 'time in which a leader committed none of the entries that wait' },
    ),
  },
  for: minutes(1),
  why: 'Every publish to the stream times out, while its leader, its replicas and every health probe say that all is well.',
  remedy:
    'Let it elect another leader (`nats stream cluster step-down`, a pause of seconds): what was not committed was not acknowledged ' +
    'either, and publishers send it again. If the new leader is stuck too, restart the servers of its replicas one after the other, ' +
    'the leader last. An overrun means that its replicas do not keep up: look at their disks first.',
  evaluate({ servers, history }, { cluster, at }) {
    const assets = assetsOf(servers, ({ streams }) => streams, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    if (!assets.servers.some(({ varz }) => hasFrom(varz.version, [firstRelease])))
      return notApplicable(`nats-server does not show it before ${firstRelease}`);
    const quiet = quietStreams(assets.streams);
    const groups = new Map(
      servers.flatMap(({ target, raftz }) =>
        raftz?.ok ? raftz.value.groups.map((group) => [groupKey(target, group), group] as const) : [],
      ),
    );
    const wedged = quiet.flatMap((each) => {
      const { stream, leader } = each;
      const key = groupKey(leader.server.target, { account: stream.account, name: each.group });
      const group = groups.get(key);
      return group !== undefined && isWedged(group) ? [{ ...each, group }] : [];
    });
    const { keys } = history.wedged(
      wedged.map(({ group, ...each }) => ({
        ...{ key: keyOf({ ...each, group: group.name }), at },
        note: { pindex: group.pindex, committed: group.committed },
      })),
    );
    const known = quiet.filter((each) => keys.has(keyOf(each)));
    const others = quiet.filter((each) => !keys.has(keyOf(each)) && isLookedAt(each));
    const asks = [...known, ...inTurn(others, at)].map(({ stream, leader, group }) => ({
      endpoint: 'raftz' as const,
      target: leader.server.target,
      account: stream.account,
      group,
    }));
    const failed = servers.flatMap(({ raftz }) => (raftz?.ok === false ? [raftz.failure.message] : []));
    if (wedged.length === 0 && failed[0] !== undefined) return unknown(failed[0]);
    const seen = `${plural(quiet.length, 'quiet stream')}, ${formatCount(others.length)} since the last hour`;
    if (wedged.length === 0) return nothing(seen, { asks });
    return measured(
      `${plural(wedged.length, 'stream')} with entries that are not committed`,
      wedged.map(({ stream, leader, group }) => {
        const samples = keys.get(keyOf({ stream, leader, group: group.name }))?.samples ?? [];
        return {
          limit: 'stuck' as const,
          entity: stream.entity,
          value: wedgedFor(samples) / 1_000,
          data: { stream, leader, group },
        };
      }),
      { asks },
    );
  },
  describe: ({ entity, value, data: { stream, leader, group } }) => ({
    summary:
      `Stream ${entity.name} takes no message: its leader ${leader.server.name} has committed nothing for ` +
      `${formatDuration(value * 1_000)}, with ${plural(Math.max(0, group.pindex - group.committed), 'entry', 'entries')} waiting` +
      `${group.overrun ? ', and is overrun' : ''}.`,
    evidence: [
      `raft group ${group.name}: log up to ${formatCount(group.pindex)}, committed ${formatCount(group.committed)}, ` +
        `applied ${formatCount(group.applied)}`,
      `last sequence ${formatCount(leader.row.state.lastSeq)}, last message ` +
        `${formatDuration(leader.server.reading.now - (leader.row.state.lastAt ?? 0))} ago`,
      placement(stream),
    ],
    commands: {
      ...streamCommands(stream),
      curl: `curl -s '${leader.server.target.url}/raftz?acc=${encodeURIComponent(stream.account)}&group=${encodeURIComponent(group.name)}'`,
    },
  }),
});

const groupKey = ({ name: target }: Target, { account, name }: Pick<RaftGroup, 'account' | 'name'>) =>
  JSON.stringify([target, account, name]);
