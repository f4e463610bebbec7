import type { Probed } from '../environment.ts';
import type { Ports } from '../ports.ts';
import { endpoints, readEndpoint } from '../readings/endpoints.ts';
import { discover } from './discover.ts';
import type { Watch } from './watch.ts';

/** Reads `/varz` of every server once, those behind DNS names too: nothing is judged, remembered or told. */
export async function probe(
  watches: readonly Watch[],
  ports: Pick<Ports, 'source' | 'names' | 'log' | 'now'>,
): Promise<readonly Probed[]> {
  const memory = { found: {}, servers: [] };
  const ofClusters = watches.map(async (given) => {
    const { watch, ports: found } = await discover(given, ports, { at: ports.now(), memory });
    return Promise.all(
      watch.targets.map(async (target): Promise<Probed> => {
        const varz = await readEndpoint(found.source, target, endpoints.varz);
        const failure = varz.ok ? null : varz.failure.message;
        return { cluster: watch.facts.name, target: target.name, failure };
      }),
    );
  });
  return (await Promise.all(ofClusters)).flat();
}
