import { atLeast, defineDiagnosis, measured, minutes, nothing } from '../../define.ts';
import { inline, plural } from '../../engine/format.ts';
import { hasFrom } from '../../engine/versions.ts';
import { clustersOf } from '../alike.ts';
import { notCompared, type Member } from '../members.ts';

/** The first release that understands what `js_raft_delete_range` lets others write. */
const understands = ['2.14.0'];
const isRelease = ['0.0.0'];

const runsJetStream = ({ varz }: Member): boolean => varz.jetstream.stats !== undefined;
const writes = ({ varz }: Member): boolean => varz.feature_flags?.['js_raft_delete_range'] === true;
const breaks = ({ varz: { version } }: Member): boolean =>
  hasFrom(version, isRelease) && !hasFrom(version, understands);
const shown = ({ target, varz }: Member): string => `${target.name} ${varz.version}`;

/**
 * The flag is on by default from 2.15 on. Whether a stream has written such an entry cannot be seen: an old server that panicked shows
 * as one that does not answer.
 */
export default defineDiagnosis({
  id: 'CLUSTER_122',
  title: 'Versions in one cluster that must not mix',
  scope: 'cluster',
  reads: {},
  history: {},
  limits: {
    breaking: atLeast(
      { critical: 1 },
      {
        unit: 'count',
        servers: 2,
        of: 'servers with JetStream before 2.14 beside one that writes `js_raft_delete_range` entries',
      },
    ),
  },
  for: minutes(5),
  why:
    'From 2.15 on servers replicate gaps of a stream (of mirrors above all) as one entry, which servers before 2.14 do not know: they ' +
    'panic when they apply it, and again after each restart, until the stream has lost its quorum.',
  remedy:
    'Bring the old servers to 2.14 or later now, one at a time. If that takes long, set `feature_flags { js_raft_delete_range: false }` ' +
    'on the new ones and restart them one by one; a reload does not take it over. Upgrade by way of 2.14 next time, and take no ' +
    'server back to an earlier release than that.',
  evaluate({ servers, unread }) {
    const clusters = clustersOf(servers);
    if (clusters.length === 0) return notCompared(unread, 'no two watched servers are of one cluster');
    const mixed = clusters.flatMap(({ cluster, members }) => {
      const own = members.filter(runsJetStream);
      const writing = own.filter(writes);
      const old = own.filter(breaks);
      return writing.length === 0 || old.length === 0 ? [] : [{ cluster, writing, old }];
    });
    if (mixed.length === 0) return nothing('no versions that must not mix');
    return measured(
      inline(
        mixed.flatMap(({ writing, old }) => [...old, ...writing].map(shown)),
        9,
      ),
      mixed.map((data) => ({
        limit: 'breaking' as const,
        entity: { kind: 'cluster' as const, name: data.cluster },
        value: data.old.length,
        data,
      })),
    );
  },
  describe: ({ value, data: { cluster, writing, old } }) => ({
    summary:
      `In cluster ${cluster} ${plural(value, 'server')} with JetStream ${value === 1 ? 'is' : 'are'} older than 2.14 (` +
      `${inline(old.map(shown))}) beside ${inline(writing.map(shown))}, whose entries may make ${value === 1 ? 'it' : 'them'} panic.`,
    evidence: [
      ...old.map((each) => `${shown(each)} does not know them`),
      ...writing.map((each) => `${shown(each)} writes them: js_raft_delete_range is on`),
    ],
    commands: {
      nats: 'nats server list',
      curl: `curl -s '${writing[0]?.target.url ?? ''}/varz' | grep js_raft_delete_range`,
    },
  }),
});
