import { formatBytes } from '../../engine/format.ts';
import { fullStreams } from './full-stream.ts';

export default fullStreams({
  id: 'JETSTREAM_010',
  title: 'Stream near the bytes that it may hold',
  brief: ['streams', 'near max_bytes'],
  option: 'max_bytes',
  most: ({ maxBytes }) => maxBytes,
  held: ({ bytes }) => bytes,
  next: ({ bytes, messages }) => (messages > 0 ? bytes / messages : 0),
  format: formatBytes,
});
