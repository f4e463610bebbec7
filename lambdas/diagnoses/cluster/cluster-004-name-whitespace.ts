import { atLeast, defineDiagnosis, measured, minutes } from '../../define.ts';
import { inline } from '../../engine/format.ts';
import { membersOf, notCompared } from '../members.ts';
import { countSpaces, visible } from '../white-space.ts';

/** Up to nats-server 2.10 any name is taken, then all but a plain space. Servers of one name are one finding. */
export default defineDiagnosis({
  id: 'CLUSTER_004',
  title: "White space in a cluster's name",
  scope: 'cluster',
  reads: {},
  history: {},
  limits: {
    spaces: atLeast({ warning: 1 }, { unit: 'count', of: 'white space characters in `cluster.name`' }),
  },
  for: minutes(0),
  why:
    'Servers take two names that differ by white space for two clusters: one that was typed without it is not let in. nats-server from ' +
    '2.11 on does not start with a plain space in the name: an upgrade ends there.',
  remedy:
    'Choose a name without white space and restart the servers with it one after the other. Until all have it, those with the old ' +
    'and the new name do not form one cluster: plan it for a quiet hour, and with JetStream ask first what its placement by cluster ' +
    'name needs.',
  evaluate({ servers, unread }) {
    const members = membersOf(servers);
    if (members.length === 0) return notCompared(unread, 'no watched server is in a cluster');
    const names = [...Map.groupBy(members, ({ cluster }) => cluster)];
    return measured(
      inline(names.map(([name]) => visible(name))),
      names.map(([name, own]) => ({
        limit: 'spaces' as const,
        entity: { kind: 'cluster' as const, name: visible(name) },
        value: countSpaces(name),
        data: own,
      })),
    );
  },
  describe: ({ entity, data: own }) => ({
    summary: `The cluster name "${entity.name}" has white space.`,
    evidence: own.map(({ target, varz }) => `${target.name}, nats-server ${varz.version}`),
    commands: {
      nats: 'nats server list',
      curl: `curl -s '${own[0]?.target.url ?? ''}/varz' | grep -A1 '"cluster"' | cat -A`,
    },
  }),
});
