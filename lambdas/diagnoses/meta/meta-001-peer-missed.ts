import { atLeast, defineDiagnosis, formatDuration, from, measured, minutes, nothing } from '../../define.ts';
import { inline, plural } from '../../engine/format.ts';
import { leadership, metaCommands, metaGroupsOf, noMetaGroup } from './groups.ts';
import { isWhole, missedPeers, namesOf } from './peers.ts';

/**
 * By the leader's word: `offline` comes three minutes late. A server that was not read is SERVER_101's, one whose JetStream is off
 * SERVER_014's or SERVER_132's, a peer that is nobody's server any more META_101's.
 */
export default defineDiagnosis({
  id: 'META_001',
  title: 'Server that the meta leader misses',
  brief: ['meta group', 'server missed'],
  scope: 'cluster',
  reads: { jsz: from() },
  history: {},
  limits: {
    missed: atLeast({ warning: 1 }, { unit: 'count', of: 'servers that the meta leader does not hear' }),
  },
  for: minutes(1),
  why:
    'The server answers, and yet does not follow the meta leader: it learns of no stream or consumer that is made, changed or ' +
    'moved, and its replicas may fall behind. The group survives one server less.',
  remedy:
    'Does it have routes to the others (CLUSTER_005, CLUSTER_112)? Look at its CPU, its disk and its log ("RAFT", "JetStream"). If it does not come ' +
    'back, restart it, and no other server meanwhile.',
  evaluate({ servers, unread }) {
    const groups = metaGroupsOf(servers);
    if (groups.length === 0) return noMetaGroup;
    const known = namesOf(servers);
    const offHere = namesOf(servers.filter(({ jsz }) => jsz.disabled));
    const whole = isWhole(servers, unread);
    const measurements = groups.flatMap((group) => {
      const missed = missedPeers(group).filter(({ name }) => !offHere.has(name));
      const [here, elsewhere] = [
        missed.filter(({ name }) => known.has(name)),
        missed.filter(({ name }) => !known.has(name)),
      ];
      // So many may be the servers that were not read.
      const told = whole || elsewhere.length <= unread.length ? here : [...here, ...elsewhere];
      return told.map((peer) => ({
        limit: 'missed' as const,
        entity: { kind: 'server' as const, name: peer.name },
        value: 1,
        data: { group, peer, missed: missed.length, isWatched: known.has(peer.name) },
      }));
    });
    if (measurements.length === 0) return nothing(groups.map(leadership).join('; '));
    return measured(`missed: ${inline(measurements.map(({ entity }) => entity.name))}`, measurements);
  },
  describe: ({ entity, data: { group, peer, missed, isWatched } }) => ({
    summary:
      `The meta leader${group.leader === null ? '' : ` ${group.leader.name}`} misses ${entity.name}: ` +
      `${peer.offline ? 'offline' : 'not current'}${isWatched ? '' : ', and it is not watched'}.`,
    evidence: [
      ...(peer.active > 0 ? [`last heard ${formatDuration(peer.active / 1e6)} before it was asked`] : []),
      `${plural(group.size, 'member')}, ${missed} missed, ${group.quorum} needed for a majority`,
    ],
    commands: metaCommands(group),
  }),
});
