import type { RawReply, Source } from '../../lambdas/ports.ts';
import type { Reading } from '../../lambdas/readings/reading.ts';

/** One reading for all checks of a run that ask for the same. */
export function sharedSource(source: Source): Source {
  const readings = new Map<string, Promise<Reading<RawReply>>>();
  return {
    read(target, request) {
      const key = `${target.name} ${target.url} ${request.path} ${request.attempt ?? 0}`;
      const known = readings.get(key) ?? source.read(target, request);
      readings.set(key, known);
      return known;
    },
  };
}
