import type { Healthz, Varz } from '../readings/endpoints.ts';

type Seen = { readonly varz: Pick<Varz, 'total_connections'>; readonly healthz: Healthz };

/** No client listener: `/healthz` is 500 (503 on 2.9) with "failed to be ready for connections after 1ms: server". */
function missesClients({ http_status: status, error, errors }: Healthz): boolean {
  if (status !== 500 && status !== 503) return false;
  const texts = [error, ...errors.map((each) => each.error)];
  return texts.some((text) => /ready for connections after [^:]*: (?:.*\b)?server\b(?!\()/.test(text ?? ''));
}

/** A lame-duck drain closes the client listener for all its time while HTTP still answers (server.go:4446-4485). */
export const isDraining = ({ varz, healthz }: Seen): boolean =>
  missesClients(healthz) && varz.total_connections > 0;

/** A server that starts misses its client listener too, until JetStream has read its files, but never had a client. */
export const isStarting = ({ varz, healthz }: Seen): boolean =>
  missesClients(healthz) && varz.total_connections === 0;
