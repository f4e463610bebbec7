import { atLeast, defineDiagnosis, from, measured, minutes, nothing } from '../../define.ts';
import { inline, plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import { consumerCommands, placement } from '../assets/words.ts';

export default defineDiagnosis({
  id: 'CONSUMER_001',
  title: 'Replica of a consumer is offline',
  scope: 'cluster',
  reads: { consumers: from() },
  history: {},
  limits: {
    offline: atLeast({ warning: 1 }, { unit: 'count', of: 'replicas of one consumer that are offline' }),
  },
  // A restart is over before.
  for: minutes(5),
  why: 'With one replica less the next server that fails may stop the consumer.',
  remedy:
    'Bring the server back. If it is gone for good, remove it from the meta group (`nats server cluster peer-remove`), which ' +
    'moves its replicas: only then, for a server that comes back later starts empty.',
  evaluate({ servers }, { cluster }) {
    const assets = assetsOf(servers, ({ consumers }) => consumers, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const breaches = assets.consumers.flatMap((consumer) => {
      const offline =
        consumer.leader?.row.group.replicas.filter((replica) => replica.offline && !replica.pending) ?? [];
      if (offline.length === 0) return [];
      const names = offline.map(({ name }) => name);
      return [
        {
          limit: 'offline' as const,
          entity: consumer.entity,
          value: names.length,
          data: { consumer, names },
        },
      ];
    });
    if (breaches.length === 0)
      return nothing(`${plural(assets.consumers.length, 'consumer')}, no replica offline`);
    return measured(`${plural(breaches.length, 'consumer')} with a replica offline`, breaches);
  },
  describe: ({ entity, data: { consumer, names } }) => ({
    summary: `Consumer ${entity.name} lacks ${plural(names.length, 'replica')}: ${inline(names)} offline.`,
    evidence: [placement(consumer)],
    commands: consumerCommands(consumer),
  }),
});
