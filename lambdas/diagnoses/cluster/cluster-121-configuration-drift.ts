import { atLeast, defineDiagnosis, hours, measured, nothing } from '../../define.ts';
import { formatCount, formatTime, inline, plural } from '../../engine/format.ts';
import { clustersOf, isFresh } from '../alike.ts';
import { notCompared, type Member } from '../members.ts';
import { driftsOf, type Drift } from './drift.ts';

/** A reload that goes on from server to server, with restarts between, takes no longer. */
const rollout = hours(1);

const loadedAt = ({ varz }: Member): number => varz.config_load_time ?? varz.start;

/**
 * One finding a cluster. Whether credentials are asked for is SERVER_007's, versions are SERVER_002's. A first look cannot know
 * since when: it waits where a server has loaded its configuration within the hour.
 */
export default defineDiagnosis({
  id: 'CLUSTER_121',
  title: 'Servers of one cluster are configured differently',
  scope: 'cluster',
  reads: {},
  history: {},
  limits: {
    differing: atLeast(
      { warning: 1 },
      {
        unit: 'count',
        servers: 2,
        of: 'servers of a cluster with other limits, TLS, JetStream, leafnode or gateway settings than most of it',
      },
    ),
  },
  for: rollout,
  why:
    'A client that moves to the odd server meets other rules there: messages that are too large, connections that are refused or cut ' +
    'sooner, no way to a leafnode or another cluster. It looks like a fault that comes and goes with the server.',
  remedy:
    'Give all servers of the cluster one configuration but for names, addresses and folders. The odd one was mostly left out of a ' +
    'rollout, or its reload failed, which only its log tells ("Failed to reload server configuration"): reload it, or restart it where ' +
    'the option needs that. Are servers meant to differ (`max_connections` of a smaller machine)? Then `limits: { CLUSTER_121: { ' +
    'differing: { warning: off } } }`.',
  evaluate({ servers, unread }, { firstRun }) {
    const clusters = clustersOf(servers);
    if (clusters.length === 0) return notCompared(unread, 'no two watched servers are of one cluster');
    const drifting = clusters.flatMap(({ cluster, members }) => {
      const drifts = driftsOf(members);
      const odd = [...new Set(drifts.flatMap(({ others }) => others.map(({ member }) => member)))];
      return drifts.length === 0 ? [] : [{ cluster, members, drifts, odd }];
    });
    if (drifting.length === 0) return nothing('configured alike');
    const seen = inline(drifting.flatMap(({ drifts }) => drifts.map(row)));
    const ages = (members: readonly Member[]) => members.map((each) => each.varz.now - loadedAt(each));
    const lasting = drifting.filter(({ members }) => !(firstRun && isFresh(ages(members), rollout)));
    if (lasting.length === 0) return nothing(`${seen}: a change may be going on`);
    return measured(
      seen,
      lasting.map((data) => ({
        limit: 'differing' as const,
        entity: { kind: 'cluster' as const, name: data.cluster },
        value: data.odd.length,
        data,
      })),
    );
  },
  describe({ value, data: { cluster, members, drifts, odd } }) {
    const names = inline(
      drifts.map(({ option }) => option),
      5,
    );
    const settings = `${plural(drifts.length, 'setting')}: ${names}`;
    return {
      summary: drifts.every(({ isMajority }) => isMajority)
        ? `In cluster ${cluster} ${inline(odd.map(({ target }) => target.name))} ${value === 1 ? 'differs' : 'differ'} from most of ` +
          `${formatCount(members.length)} servers in ${settings}.`
        : `The ${formatCount(members.length)} watched servers of cluster ${cluster} differ in ${settings}.`,
      evidence: [
        ...drifts.map(row),
        ...odd.map(
          (each) => `${each.target.name} has loaded its configuration on ${formatTime(loadedAt(each))}`,
        ),
      ],
      commands: {
        nats: 'nats server list',
        curl: members.map(({ target }) => `curl -s '${target.url}/varz' > ${target.name}.json`).join('; '),
      },
    };
  },
});

const row = ({ option, most, isMajority, others }: Drift): string =>
  `${option}: ${inline(
    others.map(({ member, value }) => `${member.target.name} ${value}`),
    5,
  )}, ` + `${isMajority ? 'the others' : 'as many others'} ${most}`;
