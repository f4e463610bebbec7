import { above, defineDiagnosis, from, measured, minutes, nothing } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import { silentReplicas } from '../assets/membership.ts';
import { consumerCommands, placement } from '../assets/words.ts';
import { firstLook } from './first-look.ts';

/** By the leader's row, of replicas that it hears: entries of the group's log, which are deliveries and acknowledgements. */
export default defineDiagnosis({
  id: 'CONSUMER_002',
  title: 'Replica of a consumer is behind',
  brief: ['consumers', 'replica behind'],
  scope: 'cluster',
  reads: { consumers: from() },
  history: {},
  limits: {
    behind: above(
      { warning: 1_000 },
      { unit: 'count', of: 'entries that a replica of a consumer is behind' },
    ),
  },
  // Catching up after a restart is over before.
  for: minutes(5),
  why:
    'If its server leads next, the consumer delivers again what was acknowledged since. A replica that stays behind is slow, in ' +
    'its disk or its network.',
  remedy:
    'Is its server short of CPU, or its disk slow? Compare with other replicas on it. If it alone is behind and does not catch up, ' +
    'restart that server when the others are healthy.',
  evaluate({ servers }, { cluster }) {
    const assets = assetsOf(servers, ({ consumers }) => consumers, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const behind = firstLook(assets).replicas.flatMap((consumer) => {
      const silent = new Set(silentReplicas(consumer));
      const replicas = (consumer.leader?.row.group.replicas ?? []).filter(
        (each) => each.lag > 0 && !each.pending && !silent.has(each),
      );
      const [worst] = replicas.toSorted((a, b) => b.lag - a.lag);
      return worst === undefined ? [] : [{ consumer, worst, replicas }];
    });
    if (behind.length === 0)
      return nothing(`${plural(assets.consumers.count, 'consumer')}, no replica behind`);
    return measured(
      `at most ${plural(Math.max(...behind.map(({ worst }) => worst.lag)), 'entry', 'entries')} behind`,
      behind.map((data) => ({
        limit: 'behind' as const,
        entity: data.consumer.entity,
        value: data.worst.lag,
        data,
      })),
    );
  },
  describe: ({ entity, value, level, data: { consumer, worst, replicas } }) => ({
    summary:
      `Replica ${worst.name} of consumer ${entity.name} is ${plural(value, 'entry', 'entries')} behind, limit ` +
      `${formatCount(level)}.`,
    evidence: [
      ...replicas.map(
        ({ name, lag, current }) => `${name}: ${formatCount(lag)} behind, ${current ? '' : 'not '}current`,
      ),
      placement(consumer),
    ],
    commands: consumerCommands(consumer),
  }),
});
