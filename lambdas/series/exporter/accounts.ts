import type { Entry } from '../definition.ts';

/** Limits of an account that its JWT sets. */
const accountLimits = ['subs', 'data', 'payload', 'imports', 'exports', 'wildcards', 'conn', 'leaf'] as const;

const limitOf = (limit: (typeof accountLimits)[number]): Entry => ({
  name: `limit_${limit}`,
  path: `decoded_jwt.nats.limits.${limit}`,
  orZero: true,
  kind: 'config',
});

/** Of the stream that another one has its messages from. */
const originAs = (role: 'source' | 'mirror'): readonly Entry[] => [
  { name: `${role}_lag`, path: 'lag' },
  { name: `${role}_active_duration_ns`, path: 'active', unit: 'nanoseconds' },
];

/** Series of accounts and of JetStream. */
export const accountSeries = {
  accstatz: [
    { name: 'current_connections', path: 'conns' },
    { name: 'total_connections', path: 'total_conns' },
    { name: 'subscriptions', path: 'num_subscriptions' },
    { name: 'leaf_nodes', path: 'leafnodes' },
    { name: 'sent_messages', path: 'sent.msgs', kind: 'total' },
    { name: 'sent_bytes', path: 'sent.bytes', kind: 'total' },
    { name: 'received_messages', path: 'received.msgs', kind: 'total' },
    { name: 'received_bytes', path: 'received.bytes', kind: 'total' },
    { name: 'slow_consumers', kind: 'total' },
  ],
  accountz: [
    { name: 'client_connections' },
    { name: 'leafnode_connections' },
    { name: 'subscriptions' },
    { name: 'is_system', orZero: true },
    { name: 'expired' },
    { name: 'complete' },
    { name: 'jetstream_enabled' },
    ...accountLimits.map(limitOf),
  ],
  jszServer: [
    { name: 'jetstream_disabled', path: 'disabled', orZero: true, unit: '0/1' },
    { name: 'total_streams', path: 'streams' },
    { name: 'total_consumers', path: 'consumers' },
    { name: 'total_messages', path: 'messages' },
    { name: 'total_message_bytes', path: 'bytes', unit: 'bytes', holds: 'bytes' },
    { name: 'max_memory', path: 'config.max_memory', unit: 'bytes' },
    { name: 'max_storage', path: 'config.max_storage', unit: 'bytes' },
  ],
  jszAccount: [
    { name: 'max_memory', path: 'reserved_memory', unit: 'bytes' },
    { name: 'max_storage', path: 'reserved_storage', unit: 'bytes' },
    { name: 'storage_used', path: 'storage', unit: 'bytes', holds: 'bytes' },
    { name: 'memory_used', path: 'memory', unit: 'bytes', holds: 'bytes' },
  ],
  jszStream: [
    { name: 'total_messages', path: 'state.messages' },
    { name: 'total_bytes', path: 'state.bytes', unit: 'bytes', holds: 'bytes' },
    { name: 'first_seq', path: 'state.first_seq', kind: 'total' },
    { name: 'last_seq', path: 'state.last_seq', kind: 'total' },
    { name: 'consumer_count', path: 'state.consumer_count' },
    { name: 'subject_count', path: 'state.num_subjects', orZero: true },
    { name: 'limit_bytes', path: 'config.max_bytes', kind: 'config' },
    { name: 'limit_messages', path: 'config.max_msgs', kind: 'config' },
  ],
  jszSource: originAs('source'),
  jszMirror: originAs('mirror'),
  jszConsumer: [
    { name: 'delivered_consumer_seq', path: 'delivered.consumer_seq', kind: 'total' },
    { name: 'delivered_stream_seq', path: 'delivered.stream_seq', kind: 'total' },
    { name: 'last_delivery_seconds', path: 'delivered.last_active', as: 'age', unit: 'seconds' },
    { name: 'last_ack_seconds', path: 'ack_floor.last_active', as: 'age', unit: 'seconds' },
    { name: 'num_ack_pending' },
    { name: 'num_redelivered' },
    { name: 'num_waiting' },
    { name: 'num_pending' },
    { name: 'ack_floor_stream_seq', path: 'ack_floor.stream_seq', kind: 'total' },
    { name: 'ack_floor_consumer_seq', path: 'ack_floor.consumer_seq', kind: 'total' },
  ],
} satisfies Readonly<Record<string, readonly Entry[]>>;
