import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bundle } from '../../infra/stacks/bundle.ts';
import { understand } from '../../infra/settings.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { startMoto } from '../services/moto.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { fleetReplies, type Replies } from './fleet-replies.ts';
import { peakMemory } from './lambda-memory.ts';
import { bytesAtMost, type Measurement } from './report.ts';

const servers = 100;

/** The highest peak memory of a check's first run over a cluster of 100 servers, each on a port of its own. */
export async function measureFleetMemory(): Promise<readonly Measurement[]> {
  const replies = fleetReplies(Date.now());
  const started = await Promise.all(Array.from({ length: servers }, (_, i) => serve(`n${i}`, replies)));
  const moto = await startMoto();
  try {
    const targets = started.map(({ name, url }) => ({ name, url }));
    const settings = { clusters: [{ name: 'fleet', targets }] };
    const asset = temporaryFolder('fleet-asset');
    bundle(asset, settings, understand(settings, 'bench').translated.plan);
    const ids = checks.map(({ id }) => id);
    const peak = await peakMemory(asset, ids, moto);
    const what = `peak memory of a process, ${servers} servers (${peak.check})`;
    return [bytesAtMost({ what, value: peak.bytes }, 140e6)];
  } finally {
    await moto.stop();
    for (const { server } of started) {
      server.close();
      server.closeAllConnections();
    }
  }
}

async function serve(
  name: string,
  replies: Replies,
): Promise<{ readonly name: string; readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(replies(name, request.url ?? '/')));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { name, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
