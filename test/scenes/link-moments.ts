import type { NatsServer, NatsVersion } from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';
import type { Keep } from './jetstream/moments.ts';
import { startSuperCluster } from './super-cluster.ts';

/**
 * Clusters east and west of two servers each: linked; east that has a gateway to `south` configured, where nobody is, and has
 * lost west, whose servers were killed; and linked again with east2 frozen, over whose routes nothing comes.
 */
export async function showLinks(version: NatsVersion, keep: Keep): Promise<void> {
  const linked = await startSuperCluster({ version });
  try {
    await linked.linked('east', 'west');
    await keep('healthy', linked.servers, linked.servers);
  } finally {
    await linked.stop();
  }
  const scene = await startSuperCluster({
    version,
    remotes: { east: ['east', 'west', 'south'], west: ['east'] },
    more: 'ping_max: 60',
  });
  const [east, west] = [scene.of('east'), scene.of('west')];
  try {
    await scene.linked('east', 'west');
    await keep('never-up', scene.servers, scene.servers);
    await Promise.all(west.map((server) => server.kill()));
    await waitUntil(
      'east to have lost west',
      () => Promise.all(east.map(outbound)),
      (all) => all.every((n) => n === 0),
    );
    await keep('west-lost', scene.servers, east);
    const frozen = scene.server('east2');
    const others = east.filter((server) => server !== frozen);
    await frozen.pause();
    await keep('frozen', scene.servers, others);
  } finally {
    await scene.stop();
  }
}

const outbound = async (server: NatsServer): Promise<number> =>
  Object.keys(((await server.get('/gatewayz')) as { readonly outbound_gateways: object }).outbound_gateways)
    .length;
