import { atLeast, defineDiagnosis, from, hours, measured, minutes, nothing, set } from '../../define.ts';
import { formatTime, inline, plural } from '../../engine/format.ts';
import { metaCommands, metaGroupsOf, noMetaGroup, type MetaGroup } from './groups.ts';

/** Sizes and members are kept with the group that they are of. */
const keyIn = ({ entity }: MetaGroup, what: string | number): string => `${entity.name}: ${what}`;
const ofGroup = (group: MetaGroup, key: string): readonly string[] =>
  key.startsWith(keyIn(group, '')) ? [key.slice(keyIn(group, '').length)] : [];

/**
 * A server that is gone stays a member: the group shrinks by `peer-remove`, or where a reload turned JetStream off. Insights pages for
 * it; as it is mostly on purpose, here it warns for an hour. A size that one run alone saw is none.
 */
export default defineDiagnosis({
  id: 'META_009',
  title: 'Meta group became smaller',
  brief: ['meta group', 'shrank'],
  scope: 'cluster',
  reads: { jsz: from() },
  history: { sizes: set(hours(1)), peers: set(hours(1)) },
  limits: {
    removed: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'members that a meta group has lost within an hour' },
    ),
  },
  for: minutes(1),
  why:
    'A server was removed from the group: its replicas are moved to other servers where there are any, else streams stay short ' +
    'of a replica. With fewer members the group survives fewer losses.',
  remedy:
    'Was it meant (`nats server cluster peer-remove`, JetStream turned off)? Then see that streams have all their replicas again ' +
    '(`nats stream report`). If not: a server that was removed by mistake joins again when it is restarted.',
  evaluate({ servers, history }) {
    const all = metaGroupsOf(servers);
    if (all.length === 0) return noMetaGroup;
    const groups = all.filter(({ leaderNames }) => leaderNames.length > 0);
    if (groups.length === 0) return nothing('a leader is being elected');
    const named = groups.map((group) => ({ group, size: group.leader?.meta.cluster_size ?? group.size }));
    const sizes = history.sizes(named.map(({ group, size }) => keyIn(group, size)));
    const peers = history.peers(
      named.flatMap(({ group }) => namesIn(group).map((name) => keyIn(group, name))),
    );
    const measurements = named.flatMap(({ group, size }) => {
      const larger = sizes.gone
        .filter(({ firstSeen, lastSeen }) => firstSeen < lastSeen)
        .flatMap(({ member, lastSeen }) =>
          ofGroup(group, member).map((before) => ({ before: Number(before), lastSeen })),
        )
        .filter(({ before }) => before > size)
        .toSorted((a, b) => b.before - a.before)[0];
      if (larger === undefined) return [];
      const gone = group.leader === null ? [] : peers.gone.flatMap(({ member }) => ofGroup(group, member));
      const data = { group, size, gone, ...larger };
      return [{ limit: 'removed' as const, entity: group.entity, value: larger.before - size, data }];
    });
    const seen = named.map(({ size }) => plural(size, 'member')).join('; ');
    return measurements.length === 0 ? nothing(seen) : measured(seen, measurements);
  },
  describe: ({ entity, data: { group, size, gone, before, lastSeen } }) => ({
    summary:
      `The meta group of ${entity.name} has ${plural(size, 'member')}; it had ${before} until ${formatTime(lastSeen)}` +
      `${gone.length === 0 ? '' : `. Gone: ${inline(gone, 5)}`}.`,
    evidence: [
      `${group.quorum} of ${size} are needed for a majority: it survives the loss of ${Math.max(0, size - group.quorum)}`,
      `members: ${inline(namesIn(group), 7)}`,
    ],
    commands: metaCommands(group),
  }),
});

/** The leader shows all members. Where it is not watched, those that are. */
const namesIn = ({ leader, servers }: Pick<MetaGroup, 'leader' | 'servers'>): readonly string[] =>
  leader === null
    ? servers.map(({ name }) => name)
    : [leader.name, ...(leader.meta.replicas ?? []).map(({ name }) => name)];
