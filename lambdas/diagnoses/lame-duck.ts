import type { Healthz } from '../replies/endpoints.ts';

/**
 * A lame-duck drain closes the client listener for all its duration while HTTP still answers: `/healthz` is 500 (503
 * on 2.9) with "failed to be ready for connections after 1ms: server" (server.go:4446-4485).
 */
export function isDraining({ http_status: status, error, errors }: Healthz): boolean {
  if (status !== 500 && status !== 503) return false;
  const texts = [error, ...errors.map((each) => each.error)];
  return texts.some((text) => /ready for connections after [^:]*: (?:.*\b)?server\b/.test(text ?? ''));
}
