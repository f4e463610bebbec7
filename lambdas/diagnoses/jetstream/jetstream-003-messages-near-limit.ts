import { plural } from '../../engine/format.ts';
import { fullStreams } from './full-stream.ts';

export default fullStreams({
  id: 'JETSTREAM_003',
  title: 'Stream near the messages that it may hold',
  brief: ['streams', 'near max_msgs'],
  option: 'max_msgs',
  most: ({ maxMsgs }) => maxMsgs,
  held: ({ messages }) => messages,
  next: () => 1,
  format: (messages) => plural(messages, 'message'),
});
