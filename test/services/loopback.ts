/**
 * Where servers of the tests listen. A server dials a peer that is gone for as long as it runs, and the system may have
 * lent the peer's port to a server of other tests, which would then have a stranger in its closed ring: so each worker
 * sets an address of its own (`test/setup.ts`).
 */
export const loopback = process.env['NATS_CLOUDWATCH_LOOPBACK'] ?? '127.0.0.1';

/** One of four addresses of this worker alone, by its number from 0 on; on other systems than Linux there is but the first. */
export function loopbackAddress(n: 0 | 1 | 2 | 3): string {
  const [first, second = 0, ...rest] = loopback.split('.').map(Number);
  return [first, (second + 64 * n) % 256, ...rest].join('.');
}
