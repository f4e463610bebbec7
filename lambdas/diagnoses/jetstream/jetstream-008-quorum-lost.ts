import { atLeast, defineDiagnosis, from, minutes } from '../../define.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import { answerOn, describeQuorumLost, ofStreams, sufferingLeaderless } from '../assets/leaderless.ts';
import { whereaboutsOf } from '../assets/whereabouts.ts';

/**
 * Insights counts replicas that are offline: a server that was killed is not for three minutes, and one that stopped politely is
 * while its group goes on. What counts here is that no replica that was read knows a leader.
 */
export default defineDiagnosis({
  id: 'JETSTREAM_008',
  title: 'Streams have lost their quorum',
  brief: ['streams', 'no quorum'],
  scope: 'cluster',
  reads: { streams: from() },
  history: {},
  limits: {
    without: atLeast(
      { critical: 1 },
      { unit: 'count', of: 'streams without a leader of which most replicas are missing' },
    ),
  },
  // A change of leader takes up to 8 seconds.
  for: minutes(1),
  why:
    'Without a majority of its replicas a stream elects no leader: it takes no message, and its consumers deliver none. No ' +
    'counter shows it.',
  remedy:
    'Bring the missing servers back, with their stores: the streams go on by themselves, and nothing is lost. If they are gone ' +
    'for good, the replica that is left does not go on alone: restore from a backup (`nats stream restore`), which lacks what ' +
    'came since.',
  evaluate(view, { cluster }) {
    const assets = assetsOf(view.servers, ({ streams }) => streams, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const all = sufferingLeaderless(assets.streams, assets, { hasQuorum: false });
    const words = { one: 'stream', lack: 'without a quorum', total: assets.streams.length };
    return answerOn(all, words, () => whereaboutsOf(view, ({ streams }) => streams.disabled));
  },
  describe: ({ data }) => describeQuorumLost(data, ofStreams),
});
