import { atLeast, defineDiagnosis, from, measured, minutes, nothing } from '../../define.ts';
import { plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import {
  describeNoLeader,
  leaderlessOfLedStreams,
  ofConsumers,
  seenOf,
  sufferingLeaderless,
} from '../assets/leaderless.ts';
import { whereaboutsOf } from '../assets/whereabouts.ts';

/** A consumer whose stream has no leader is told with its stream. */
export default defineDiagnosis({
  id: 'CONSUMER_103',
  title: 'Consumers have no leader',
  scope: 'cluster',
  reads: { consumers: from() },
  history: {},
  limits: {
    without: atLeast(
      { critical: 1 },
      { unit: 'count', of: 'consumers without a leader of which most replicas are there' },
    ),
  },
  // A change of leader takes up to 8 seconds.
  for: minutes(1),
  why:
    'A majority of the replicas is there, and they elect no leader. Until they do the consumer delivers nothing, though its ' +
    'stream takes messages.',
  remedy:
    'Are its servers still recovering (`/healthz`, their logs)? Wait for that first. Else let the stream elect a leader anew ' +
    '(`nats stream cluster step-down`, a pause of seconds), then restart the servers of its replicas one after the other. ' +
    'Last: delete and recreate the consumer (`nats consumer rm`), which forgets what was acknowledged.',
  evaluate(view, { cluster }) {
    const assets = assetsOf(view.servers, ({ consumers }) => consumers, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const all = sufferingLeaderless(leaderlessOfLedStreams(assets), assets, { hasQuorum: true });
    if (all.length === 0)
      return nothing(`${plural(assets.consumers.length, 'consumer')}, none without a leader`);
    const whereabouts = whereaboutsOf(view, ({ consumers }) => consumers.disabled);
    return measured(
      seenOf(all, 'consumer', 'without a leader'),
      all.map((each) => ({
        limit: 'without' as const,
        entity: each.entity,
        value: each.cases.length,
        data: { ...each, whereabouts },
      })),
    );
  },
  describe: ({ data }) => describeNoLeader(data, ofConsumers),
});
