import type { Entry } from '../definition.ts';

/** What /connz has of each connection, and the exporter of all on its page too. */
const summed = [
  { name: 'pending_bytes', unit: 'bytes', holds: 'bytes' },
  { name: 'subscriptions' },
  { name: 'in_bytes', unit: 'bytes' },
  { name: 'out_bytes', unit: 'bytes' },
  { name: 'in_msgs' },
  { name: 'out_msgs' },
] as const satisfies readonly Entry[];

/** However `/healthz` is asked. */
const health: readonly Entry[] = [
  { name: 'status', as: 'notOk' },
  { name: 'status_value', path: 'status', as: 'ok' },
];

/** Of a gateway and its connection, in either direction. */
function gatewayTo(direction: 'inbound' | 'outbound'): readonly Entry[] {
  const connection: readonly (Omit<Entry, 'name' | 'path'> & { name: string; field: string })[] = [
    { name: 'start_time_seconds', field: 'start', unit: 'epoch seconds' },
    { name: 'last_activity_seconds', field: 'last_activity', unit: 'epoch seconds' },
    { name: 'uptime_seconds', field: 'uptime', unit: 'seconds' },
    { name: 'idle_seconds', field: 'idle', unit: 'seconds' },
    { name: 'rtt', field: 'rtt', orZero: true, unit: 'seconds' },
    { name: 'pending_bytes', field: 'pending_bytes', unit: 'bytes', holds: 'bytes' },
    { name: 'in_msgs', field: 'in_msgs', kind: 'total' },
    { name: 'out_msgs', field: 'out_msgs', kind: 'total' },
    { name: 'in_bytes', field: 'in_bytes', kind: 'total', unit: 'bytes' },
    { name: 'out_bytes', field: 'out_bytes', kind: 'total', unit: 'bytes' },
    { name: 'subscriptions', field: 'subscriptions' },
  ];
  return [
    { name: `${direction}_gateway_configured`, path: 'configured' },
    ...connection.map(({ name, field, ...rest }) => ({
      ...rest,
      name: `${direction}_gateway_conn_${name}`,
      path: `connection.${field}`,
    })),
  ];
}

/** Series of connections, health, leafnodes and gateways. */
export const connectionSeries = {
  connz: [
    { name: 'num_connections', holds: 'count' },
    { name: 'total', holds: 'count' },
    { name: 'offset' },
    { name: 'limit' },
    ...summed.map(({ name }): Entry => ({ name, path: `connections[].${name}`, as: 'sum' })),
  ],
  connzRow: [
    ...summed,
    { name: 'start', unit: 'epoch milliseconds' },
    { name: 'last_activity', unit: 'epoch milliseconds' },
    { name: 'rtt', orZero: true, unit: 'microseconds' },
    { name: 'uptime', unit: 'milliseconds' },
    { name: 'idle', unit: 'milliseconds' },
  ],
  healthz: health,
  healthzJsEnabledOnly: health,
  healthzJsServerOnly: health,
  leafz: [{ name: 'conn_nodes_total', path: 'leafnodes', holds: 'count' }],
  leafzRow: [
    { name: 'info', path: '', as: 1, kind: 'info' },
    { name: 'conn_rtt', path: 'rtt', orZero: true, unit: 'seconds' },
    { name: 'conn_in_msgs', path: 'in_msgs', kind: 'total' },
    { name: 'conn_out_msgs', path: 'out_msgs', kind: 'total' },
    { name: 'conn_in_bytes', path: 'in_bytes', kind: 'total' },
    { name: 'conn_out_bytes', path: 'out_bytes', kind: 'total' },
    { name: 'conn_subscriptions_total', path: 'subscriptions', holds: 'count' },
  ],
  leafzSubscription: [{ name: 'conn_subscriptions', path: '', as: 0, kind: 'info' }],
  gatewayzOutbound: gatewayTo('outbound'),
  gatewayzInbound: gatewayTo('inbound'),
} satisfies Readonly<Record<string, readonly Entry[]>>;
