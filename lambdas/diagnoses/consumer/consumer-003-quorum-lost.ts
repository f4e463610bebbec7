import { atLeast, defineDiagnosis, from, minutes } from '../../define.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import {
  answerOn,
  describeQuorumLost,
  leaderlessOfLedStreams,
  ofConsumers,
  sufferingLeaderless,
} from '../assets/leaderless.ts';
import { whereaboutsOf } from '../assets/whereabouts.ts';

/** A consumer whose stream has no leader is told with its stream. */
export default defineDiagnosis({
  id: 'CONSUMER_003',
  title: 'Consumers have lost their quorum',
  brief: ['consumers', 'no quorum'],
  scope: 'cluster',
  reads: { consumers: from() },
  history: {},
  limits: {
    without: atLeast(
      { critical: 1 },
      { unit: 'count', of: 'consumers without a leader of which most replicas are missing' },
    ),
  },
  // A change of leader takes up to 8 seconds.
  for: minutes(1),
  why: 'Without a majority of its replicas a consumer elects no leader and delivers nothing, though its stream takes messages.',
  remedy:
    'Bring the missing servers back, with their stores: the consumers go on where they were. If they are gone for good, delete ' +
    'and recreate the consumer (`nats consumer rm`): it starts anew, so name the sequence to start from, or messages are ' +
    'delivered again or passed over.',
  evaluate(view, { cluster }) {
    const assets = assetsOf(view.servers, ({ consumers }) => consumers, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const all = sufferingLeaderless(leaderlessOfLedStreams(assets), assets, { hasQuorum: false });
    const words = { one: 'consumer', lack: 'without a quorum', total: assets.consumers.count };
    return answerOn(all, words, () => whereaboutsOf(view, ({ consumers }) => consumers.disabled));
  },
  describe: ({ data }) => describeQuorumLost(data, ofConsumers),
});
