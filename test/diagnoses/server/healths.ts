import type { Healthz } from '../../../lambdas/readings/decoders/healthz.ts';
import { varz } from '../../kit.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';

/** As a server with nothing to complain of answers. */
export const healthy: Healthz = { http_status: 200, status: 'ok', errors: [] };

/** As a server from 2.10.0 on answers that complains of this, by type. */
export const complaining = (...complaints: readonly (readonly [type: string, error: string])[]): Healthz => ({
  http_status: complaints.some(([type]) => type === 'CONNECTION') ? 500 : 503,
  status: 'error',
  errors: complaints.map(([type, error]) => ({ type, error })),
});

/** As nats-server 2.9 says it: the first complaint, in a sentence. */
export const complaining29 = (error: string): Healthz => ({
  http_status: 503,
  status: error.startsWith('failed') ? 'error' : 'unavailable',
  error,
  errors: [],
});

export const notReady = (listeners: string): readonly [string, string] => [
  'CONNECTION',
  `failed to be ready for connections after 1ms: ${listeners}`,
];
export const noLeader = ['JETSTREAM', 'JetStream has not established contact with a meta leader'] as const;
export const notCurrent = (stream: string, why = 'group node unhealthy') =>
  ['STREAM', `JetStream stream 'A > ${stream}' is not current: ${why}`] as const;

/** A server of a cluster, with JetStream and an hour old, that has had clients. */
export const clustered = (changes: Partial<Varz> = {}): Varz =>
  varz({
    total_connections: 9,
    uptime: 3_600,
    jetstream: { stats: {} },
    cluster: { name: 'east', cluster_port: 6_222 },
    ...changes,
  });
