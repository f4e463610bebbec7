import { atLeast, defineDiagnosis, formatDuration, hours, measured, nothing } from '../../define.ts';
import { formatCount, inline, plural } from '../../engine/format.ts';
import { clustersOf, isFresh, mostCommon } from '../alike.ts';
import { notCompared, type Member } from '../members.ts';

/** An upgrade that goes on from server to server takes hours at most. */
const upgrade = hours(24);

const versionOf = ({ varz }: Member): string => varz.version;
const upFor = ({ varz }: Member): number => varz.uptime * 1_000;

/**
 * Told once for a cluster, and of servers with a cluster listener: leaf servers are upgraded by others, and on another day.
 * A first look cannot know since when: it waits where a server was restarted within the day.
 */
export default defineDiagnosis({
  id: 'SERVER_002',
  title: 'Servers of one cluster run different versions',
  scope: 'cluster',
  reads: {},
  history: {},
  limits: {
    others: atLeast(
      { warning: 1 },
      { unit: 'count', servers: 2, of: 'servers of a cluster that run another version than most of it' },
    ),
  },
  for: upgrade,
  why:
    'Different versions are meant to run together for the time of an upgrade, and are tested for no longer: what a release mends holds ' +
    'for its own servers alone, JetStream offers only what all of them know, and streams that are moved meet the older faults again.',
  remedy:
    'Was an upgrade left half done? Go on with it, a server at a time: lame-duck mode (`nats-server --signal ldm`), restart, and wait ' +
    'until `/healthz` is 200 before the next. If the newer version was taken back, take it back everywhere: streams that it has ' +
    'written may not be readable for a much older one, so read the release notes first.',
  evaluate({ servers, unread }, { firstRun }) {
    const clusters = clustersOf(servers);
    if (clusters.length === 0) return notCompared(unread, 'no two watched servers are of one cluster');
    const mixed = clusters.flatMap(({ cluster, members }) => {
      const { value: most, others } = mostCommon(members, versionOf);
      return others.length === 0 ? [] : [{ cluster, members, most, others }];
    });
    if (mixed.length === 0)
      return nothing(inline([...new Set(clusters.flatMap(({ members }) => members.map(versionOf)))]));
    const seen = inline(mixed.map(({ members }) => inline(members.map(shown), 9)));
    const lasting = mixed.filter(({ members }) => !(firstRun && isFresh(members.map(upFor), upgrade)));
    if (lasting.length === 0) return nothing(`${seen}: an upgrade may be going on`);
    return measured(
      seen,
      lasting.map((data) => ({
        limit: 'others' as const,
        entity: { kind: 'cluster' as const, name: data.cluster },
        value: data.others.length,
        data,
      })),
    );
  },
  describe: ({ value, data: { cluster, members, most, others } }) => ({
    summary:
      `In cluster ${cluster} ${plural(value, 'server')} of ${formatCount(members.length)} ${value === 1 ? 'runs' : 'run'} another ` +
      `version than ${most}: ${inline(others.map(shown))}.`,
    evidence: [...others, ...members.filter((each) => !others.includes(each))].map(
      (member) => `${shown(member)}, up for ${formatDuration(upFor(member))}`,
    ),
    commands: {
      nats: 'nats server list',
      curl: members.map(({ target }) => `curl -s '${target.url}/varz' | grep '"version"'`).join('; '),
    },
  }),
});

const shown = (member: Member): string => `${member.target.name} ${versionOf(member)}`;
