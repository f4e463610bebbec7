import { atLeast, defineDiagnosis, from, minutes } from '../../define.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import {
  answerOn,
  describeNoLeader,
  leaderlessOfLedStreams,
  ofConsumers,
  sufferingLeaderless,
} from '../assets/leaderless.ts';
import { whereaboutsOf } from '../assets/whereabouts.ts';

/** A consumer whose stream has no leader is told with its stream. */
export default defineDiagnosis({
  id: 'CONSUMER_103',
  title: 'Consumers have no leader',
  brief: ['consumers', 'no leader'],
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
    const words = { one: 'consumer', lack: 'without a leader', total: assets.consumers.count };
    return answerOn(all, words, () => whereaboutsOf(view, ({ consumers }) => consumers.disabled));
  },
  describe: ({ data }) => describeNoLeader(data, ofConsumers),
});
