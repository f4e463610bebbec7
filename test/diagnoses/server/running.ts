import type { Healthz } from '../../../lambdas/readings/decoders/healthz.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import type { TargetReadings } from '../../../lambdas/engine/judgement/views.ts';
import { failing, firstMinute, server, varz } from '../../kit.ts';

export const MiB = 2 ** 20;
export const GiB = 2 ** 30;

export const healthy: Healthz = { http_status: 200, status: 'ok', errors: [] };
export const refusing: Healthz = {
  http_status: 500,
  status: 'error',
  errors: [{ type: 'CONNECTION', error: 'failed to be ready for connections after 1ms: server' }],
};
export const recovering: Healthz = {
  http_status: 503,
  status: 'unavailable',
  errors: [{ type: 'JETSTREAM', error: 'JetStream is still recovering meta layer' }],
};

export const gone = (name: string): TargetReadings => server(name, { varz: failing('unreachable') });

type State = {
  readonly process: number;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly changes: Partial<Varz>;
};

/** Servers that are started and ended by a test, and how a look finds them at a minute. */
export function fleet(...names: readonly string[]) {
  const running = new Map<string, State>(
    names.map((name) => [name, { process: 1, startedAt: firstMinute - 86_400_000, changes: {} }]),
  );
  const stateOf = (name: string) => {
    const state = running.get(name);
    if (state === undefined) throw new Error(`no server ${name}`);
    return state;
  };
  return {
    /** A new process of this server, which began so many seconds after the first minute. */
    restart(name: string, second: number, changes: Partial<Varz> = {}): void {
      const { process, changes: before } = stateOf(name);
      running.set(name, {
        process: process + 1,
        startedAt: firstMinute + second * 1_000,
        changes: { ...before, ...changes },
      });
    },
    set(name: string, changes: Partial<Varz>): void {
      const state = stateOf(name);
      running.set(name, { ...state, changes: { ...state.changes, ...changes } });
    },
    /** One server as it is found at this time, epoch ms. */
    found(name: string, at: number, healthz: Healthz = healthy): TargetReadings {
      const { process, startedAt, changes } = stateOf(name);
      return server(name, {
        varz: varz({
          server_id: `${name}-${process}`,
          server_name: name,
          start: startedAt,
          now: at,
          uptime: Math.floor((at - startedAt) / 1_000),
          total_connections: 10,
          ...changes,
        }),
        healthz,
      });
    },
  };
}
