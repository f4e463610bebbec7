import path from 'node:path';
import { understand } from '../../infra/settings.ts';
import { httpSource } from '../../lambdas/adapters/http/source.ts';
import clients from '../../lambdas/checks/clients.ts';
import { minutes } from '../../lambdas/durations.ts';
import { run } from '../../lambdas/run/run.ts';
import { watchesOf } from '../../lambdas/run/watch.ts';
import { startNatsServer } from '../services/nats-server.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { memoryFrom, silent } from './all-checks.ts';
import { readBare } from './floor.ts';
import { ratio, type Measurement } from './report.ts';
import { startCrowd } from './scene.ts';
import { cpuMsOf, idleShare } from './server-cost.ts';

const connections = 10_000;
const turns = 9;

/**
 * nats-server's CPU time for the check `clients` in a mean minute, over its three pages of 10,000 connections, to that for one page
 * of 1,024, as an exporter asks for in each scrape.
 */
export async function measureClientCost(): Promise<Measurement> {
  const folder = temporaryFolder('bench-clients');
  const server = await startNatsServer({ version: '2.15.1', name: 'hub1', dir: folder });
  const crowd = await startCrowd(server, path.join(folder, 'crowd.log'), connections);
  try {
    const raw = { clusters: [{ name: 'bench', targets: [{ name: 'hub1', url: server.monitoringUrl }] }] };
    const { settings, book, translated } = understand(raw, 'bench');
    const [watch] = watchesOf(settings, book, translated.plan);
    if (watch === undefined) throw new Error('no cluster to watch');
    const source = httpSource({ timeoutMs: 10_000 });
    let saved: string | null = null;
    let minute = Date.now();
    const runCheck = async (): Promise<void> => {
      minute += clients.every;
      const memory = memoryFrom(saved, (state) => (saved = state));
      await run(clients, watch, { ...silent, source, names: source, memory }, minute);
    };
    const page = [{ url: `${server.monitoringUrl}/connz`, after: null }];
    const idle = await idleShare(server);
    const [checkMs, pageMs]: [number[], number[]] = [[], []];
    for (let turn = -1; turn < turns; turn += 1) {
      const ofCheck = (await cpuMsOf(server, idle, runCheck)) / (clients.every / minutes(1));
      const ofPage = await cpuMsOf(server, idle, () => readBare(page));
      if (turn < 0) continue;
      checkMs.push(ofCheck);
      pageMs.push(ofPage);
    }
    await source.close();
    return ratio(
      "nats-server's CPU: `clients` over 10,000 connections in a mean minute, to one page of /connz",
      checkMs,
      pageMs,
      1.5,
    );
  } finally {
    await crowd.stop();
    await server.stop();
  }
}
