import { atLeast, defineDiagnosis, from, minutes } from '../../define.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import { answerOn, describeNoLeader, ofStreams, sufferingLeaderless } from '../assets/leaderless.ts';
import { whereaboutsOf } from '../assets/whereabouts.ts';

export default defineDiagnosis({
  id: 'JETSTREAM_107',
  title: 'Streams have no leader',
  brief: ['streams', 'no leader'],
  scope: 'cluster',
  reads: { streams: from() },
  history: {},
  limits: {
    without: atLeast(
      { critical: 1 },
      { unit: 'count', of: 'streams without a leader of which most replicas are there' },
    ),
  },
  // A change of leader takes up to 8 seconds.
  for: minutes(1),
  why:
    'A majority of the replicas is there, and they elect no leader. Until they do the stream takes no message, and its consumers ' +
    'deliver none.',
  remedy:
    'Do the servers reach each other, and are they still recovering (`/healthz`, their logs)? Wait for that first. Else restart ' +
    'the servers of its replicas one after the other, each when the one before is healthy; messages are kept.',
  evaluate(view, { cluster }) {
    const assets = assetsOf(view.servers, ({ streams }) => streams, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const all = sufferingLeaderless(assets.streams, assets, { hasQuorum: true });
    const words = { one: 'stream', lack: 'without a leader', total: assets.streams.length };
    return answerOn(all, words, () => whereaboutsOf(view, ({ streams }) => streams.disabled));
  },
  describe: ({ data }) => describeNoLeader(data, ofStreams),
});
