import { atLeast, defineDiagnosis, fromEach, measured, minutes, nothing } from '../../define.ts';
import { plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import { withOwnersWords } from '../assets/owned.ts';
import { metadataKey, ownersSwitch } from '../assets/owner-levels.ts';
import { consumerCommands, placement } from '../assets/words.ts';

export default defineDiagnosis({
  id: 'CONSUMER_012',
  title: 'Consumer that should be pinned is not',
  brief: ['consumers', 'not pinned'],
  scope: 'cluster',
  reads: { consumers: fromEach('2.11.0') },
  history: {},
  limits: {
    unpinned: atLeast(
      { critical: 1 },
      { unit: 'count', of: 'consumers that an owner wants pinned and are not' },
    ),
  },
  for: minutes(1),
  why: 'Its owner wants one client at a time to get its messages. Without the policy several do, out of order.',
  remedy:
    'Set priority policy `pinned_client` and a group (`nats consumer edit` cannot add it to every consumer: it may have to be ' +
    'created anew, which begins at its deliver policy).',
  evaluate({ servers }, { cluster }) {
    const assets = assetsOf(servers, ({ consumers }) => consumers, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const unpinned = withOwnersWords(assets).consumers.flatMap((consumer) => {
      const { config } = consumer.leader?.row ?? {};
      if (config === undefined || !ownersSwitch(config.metadata, 'pinned')) return [];
      if (config.priorityPolicy === 'pinned_client') return [];
      const data = { consumer, policy: config.priorityPolicy ?? 'none' };
      return [{ limit: 'unpinned' as const, entity: consumer.entity, value: 1, data }];
    });
    if (unpinned.length === 0) return nothing(plural(assets.consumers.count, 'consumer'));
    return measured(`${plural(unpinned.length, 'consumer')} not pinned`, unpinned);
  },
  describe: ({ entity, data: { consumer, policy } }) => ({
    summary: `Consumer ${entity.name} has priority policy ${policy}; its metadata ${metadataKey('pinned')} wants pinned_client.`,
    evidence: [placement(consumer)],
    commands: consumerCommands(consumer),
  }),
});
