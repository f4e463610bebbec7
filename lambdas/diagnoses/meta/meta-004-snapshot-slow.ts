import {
  atLeast,
  defineDiagnosis,
  formatDuration,
  fromEach,
  measured,
  minutes,
  nothing,
} from '../../define.ts';
import { formatBytes, formatCount, inline } from '../../engine/format.ts';
import { metaCommands, metaGroupsOf, noMetaGroup } from './groups.ts';

/** Counted from nats-server 2.11.11 and 2.12.2 on. The last one is told until there is another. */
export default defineDiagnosis({
  id: 'META_004',
  title: 'Snapshots of the meta layer are slow',
  brief: ['meta group', 'slow snapshots'],
  scope: 'cluster',
  reads: { jsz: fromEach('2.11.11', '2.12.2') },
  history: {},
  limits: {
    duration: atLeast(
      { warning: 5, critical: 30 },
      { unit: 'seconds', of: "a server's last snapshot of the meta layer" },
    ),
  },
  for: minutes(1),
  why:
    'A server writes down now and then what streams and consumers there are. While it takes that long it answers requests about ' +
    'them late, and a leader may lose its office meanwhile.',
  remedy:
    'How many streams and consumers are there (META_005), and are they used? Remove what clients left behind. Is the disk of ' +
    '`store_dir` slow (SERVER_134), or shared with others?',
  evaluate({ servers }) {
    const groups = metaGroupsOf(servers);
    if (groups.length === 0) return noMetaGroup;
    const snapshots = groups.flatMap((group) =>
      group.servers.flatMap((member) => {
        const { last_duration: took = 0, ...snapshot } = member.meta.snapshot ?? {};
        return took > 0 ? [{ group, member, snapshot, seconds: took / 1e9 }] : [];
      }),
    );
    if (snapshots.length === 0) return nothing('no snapshot since the servers started');
    const words = snapshots.map(({ member, seconds }) => `${member.name} ${formatDuration(seconds * 1_000)}`);
    return measured(
      inline(words),
      snapshots.map((data) => ({
        limit: 'duration' as const,
        entity: { kind: 'server' as const, name: data.member.name },
        value: data.seconds,
        data,
      })),
    );
  },
  describe: ({ entity, value, level, data: { group, member, snapshot } }) => ({
    summary:
      `The last snapshot of the meta layer took ${entity.name} ${formatDuration(value * 1_000)}, ` +
      `limit ${formatDuration(level * 1_000)}.`,
    evidence: [
      ...('pending_entries' in snapshot
        ? [
            `${formatCount(snapshot.pending_entries)} entries (${formatBytes(snapshot.pending_size)}) wait for the next`,
          ]
        : []),
      `it holds ${formatCount(member.reading.streams)} replicas of streams and ${formatCount(member.reading.consumers)} of consumers`,
    ],
    commands: metaCommands({ ...group, leader: member }),
  }),
});
