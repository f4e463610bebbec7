import { atLeast, defineDiagnosis, from, measured, minutes } from '../../define.ts';
import { formatCount } from '../../engine/format.ts';
import { metaCommands, metaGroupsOf, noMetaGroup } from './groups.ts';

/** Insights warns at 5,000, which a cluster of 500 consumers in 3 replicas and 5 servers nears: there it is for information. */
export default defineDiagnosis({
  id: 'META_005',
  title: 'Very many streams and consumers',
  brief: ['meta group', 'many assets'],
  scope: 'cluster',
  reads: { jsz: from() },
  history: {},
  limits: {
    replicas: atLeast(
      { info: 5_000, warning: 50_000 },
      { unit: 'count', of: 'replicas of streams and consumers on the watched servers of one JetStream' },
    ),
  },
  for: minutes(5),
  why:
    'Every server knows of each stream and consumer: starts and snapshots take longer, and after a restart leaders are elected for ' +
    'all of them at once.',
  remedy:
    'Which streams have most consumers, and are they used (`nats consumer report`)? Give those of clients that come and go an ' +
    '`inactive_threshold`; one consumer can have several filters, one stream many subjects.',
  evaluate({ servers }) {
    const groups = metaGroupsOf(servers);
    if (groups.length === 0) return noMetaGroup;
    const counts = groups.map((group) => {
      const streams = group.servers.reduce((sum, { reading }) => sum + reading.streams, 0);
      const consumers = group.servers.reduce((sum, { reading }) => sum + reading.consumers, 0);
      return { group, streams, consumers };
    });
    return measured(
      counts.map(({ streams, consumers }) => `${formatCount(streams + consumers)} replicas`).join('; '),
      counts.map((data) => ({
        limit: 'replicas' as const,
        entity: data.group.entity,
        value: data.streams + data.consumers,
        data,
      })),
    );
  },
  describe: ({ entity, value, level, data: { group, streams, consumers } }) => ({
    summary:
      `JetStream of ${entity.name} has ${formatCount(value)} replicas of streams and consumers on the watched servers, ` +
      `limit ${formatCount(level)}.`,
    evidence: [
      `${formatCount(streams)} of streams, ${formatCount(consumers)} of consumers`,
      ...group.servers
        .toSorted((a, b) => b.reading.consumers - a.reading.consumers)
        .map(
          ({ name, reading }) =>
            `${name}: ${formatCount(reading.streams)} of streams, ${formatCount(reading.consumers)} of consumers`,
        ),
    ],
    commands: metaCommands(group),
  }),
});
