import { ofOtherExporter } from './subject/other-exporters.ts';
import { resolve } from '../../../lambdas/series/resolve.ts';

/** L6: what to say of a name that nobody exports; null of one that is exported. */
export function unknownSeries(name: string, prefixes: readonly string[]): string | null {
  const resolved = resolve(name, prefixes);
  if (resolved.known) return null;
  const near = `the nearest names are ${resolved.nearest.join(', ')}`;
  const other = ofOtherExporter(name);
  if (other !== null) return other.includes('here write') ? other : `${other}; ${near}`;
  return `no NATS exporter has ${name}, so that the selector takes nothing; ${near}`;
}
