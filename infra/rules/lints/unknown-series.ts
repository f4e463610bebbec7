import { resolve } from '../../../lambdas/series/resolve.ts';

/** L6: what to say of a name that nobody exports; null of one that is exported. */
export function unknownSeries(name: string, prefixes: readonly string[]): string | null {
  const resolved = resolve(name, prefixes);
  if (resolved.known) return null;
  return `no NATS exporter has ${name}, so that the selector takes nothing; the nearest names are ${resolved.nearest.join(', ')}`;
}
