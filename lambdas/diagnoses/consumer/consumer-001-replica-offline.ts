import { atLeast, defineDiagnosis, from, measured, minutes, nothing } from '../../define.ts';
import { inline, plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff, type Consumer } from '../assets/assets.ts';
import { missingOf } from '../assets/leaderless.ts';
import { silentReplicas } from '../assets/membership.ts';
import { silenceOf, silentIn, type Silent } from '../assets/silence.ts';
import { whereaboutsOf } from '../assets/whereabouts.ts';
import { consumerCommands, placement } from '../assets/words.ts';
import { firstLook } from './first-look.ts';

/**
 * Insights takes `offline`, which comes three minutes after a server was killed: what counts here is that the leader does not
 * hear it. A server that is missing in the stream too is one finding, JETSTREAM_108's, and not one a consumer.
 */
export default defineDiagnosis({
  id: 'CONSUMER_001',
  title: 'Replica of a consumer does not follow',
  brief: ['consumers', 'silent replica'],
  scope: 'cluster',
  reads: { consumers: from() },
  history: {},
  limits: {
    silent: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'replicas of one consumer that follow in its stream and not in the consumer' },
    ),
  },
  // A restart is over before.
  for: minutes(5),
  why: 'With one replica less the next server that fails may stop the consumer.',
  remedy:
    'Let the consumer elect a leader anew (`nats consumer cluster step-down`, a pause of seconds). If the replica still does not ' +
    'follow, restart its server, which recovers all that it holds.',
  evaluate(view, { cluster }) {
    const assets = assetsOf(view.servers, ({ consumers }) => consumers, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const all = silentIn(firstLook(assets).replicas);
    const own = all.filter((each) => !isOfStream(each));
    const shared = all.length - own.length;
    const seen = [
      plural(assets.consumers.count, 'consumer'),
      shared === 0
        ? 'all replicas follow'
        : `${plural(shared, 'replica')} missing as in the stream (JETSTREAM_108)`,
    ].join(', ');
    if (own.length === 0) return nothing(seen);
    const whereabouts = whereaboutsOf(view, ({ consumers }) => consumers.disabled);
    return measured(
      `${plural(own.length, 'replica')} of consumers that do not follow`,
      [...Map.groupBy(own, ({ asset }) => asset)].map(([consumer, cases]) => ({
        limit: 'silent' as const,
        entity: consumer.entity,
        value: cases.length,
        data: { consumer, cases, whereabouts },
      })),
    );
  },
  describe: ({ entity, data: { consumer, cases, whereabouts } }) => ({
    summary: `Consumer ${entity.name} goes on without ${plural(cases.length, 'replica')} that its stream has: ${inline(missingOf(cases))}.`,
    evidence: [...cases.map(silenceOf), ...missingOf(cases).map(whereabouts), placement(consumer)],
    commands: consumerCommands(consumer),
  }),
});

/** A stream without a leader explains its consumers too. */
const isOfStream = ({ asset: { stream }, replica }: Silent<Consumer>): boolean =>
  stream.leader === null || silentReplicas(stream).some(({ name }) => name === replica.name);
