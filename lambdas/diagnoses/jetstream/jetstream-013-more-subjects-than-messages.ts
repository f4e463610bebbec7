import { atLeast, defineDiagnosis, from, measured, minutes, nothing } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { assetsOf, jetStreamIsOff } from '../assets/assets.ts';
import { placement, streamCommands } from '../assets/words.ts';

export default defineDiagnosis({
  id: 'JETSTREAM_013',
  title: 'Stream counts more subjects than messages',
  brief: ['streams', 'subject count wrong'],
  scope: 'cluster',
  reads: { streams: from() },
  history: {},
  limits: {
    surplus: atLeast({ warning: 1 }, { unit: 'count', of: 'subjects of a stream beyond its messages' }),
  },
  // While messages are purged or expire one figure may run ahead of the other.
  for: minutes(1),
  why:
    "Each subject has a message, so the store's account of this stream is wrong. Consumers and reads by subject may then miss " +
    'messages that are there, or wait for some that are not.',
  remedy:
    "Read the leader's log for errors of the stream's store. With several replicas another one may be right: compare them, then hand " +
    'over leadership (`nats stream cluster step-down`, which interrupts writes for seconds). A restart of the server that is wrong ' +
    'builds the index anew. If it comes back, report it to the makers of nats-server, with its version.',
  evaluate({ servers }, { cluster }) {
    const assets = assetsOf(servers, ({ streams }) => streams, cluster);
    if (assets.servers.length === 0) return jetStreamIsOff;
    const odd = assets.streams.flatMap((stream) => {
      const { subjects = 0, messages = 0 } = stream.leader?.row.state ?? {};
      if (messages === 0 || subjects <= messages) return [];
      return [
        {
          limit: 'surplus' as const,
          entity: stream.entity,
          value: subjects - messages,
          data: { stream, subjects, messages },
        },
      ];
    });
    if (odd.length === 0)
      return nothing(`${plural(assets.streams.length, 'stream')}, none with more subjects than messages`);
    return measured(`${plural(odd.length, 'stream')} with more subjects than messages`, odd);
  },
  describe: ({ entity, data: { stream, subjects, messages } }) => ({
    summary:
      `Stream ${entity.name} counts ${plural(subjects, 'subject')} in ${plural(messages, 'message')}, which cannot be: its store ` +
      'miscounts.',
    evidence: [
      ...stream.replicas.map(
        ({ server: { name, varz }, row: { state } }) =>
          `${name} (${varz.version}): ${formatCount(state.subjects)} subjects, ${formatCount(state.messages)} messages`,
      ),
      placement(stream),
    ],
    commands: streamCommands(stream),
  }),
});
