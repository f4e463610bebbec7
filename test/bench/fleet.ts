import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { batchesOf } from '../../infra/settings/batches.ts';
import { understand } from '../../infra/settings.ts';
import { bundle } from '../../infra/stacks/bundle.ts';
import { environment, type ScheduledEvent } from '../../lambdas/environment.ts';
import { functionResources } from '../services/function-resources.ts';
import type { Moto } from '../services/moto.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { holdToShare } from './cpu-share.ts';
import { lambdaFlags } from './lambda-memory.ts';
import { deployed } from './deployed.ts';
import { countAtMost, type Measurement } from './report.ts';

const size = { clusters: 100, serversEach: 10 } as const;
/** Of a core, for a function of 256 MB: a whole one comes with 1,769 MB. */
const share = 1 / 7;
const check = 'server-up';

/** So that `handler` runs as in a function: one event, and the time that a schedule's minute leaves. */
const script = (file: string, event: ScheduledEvent): string => `
  const { handler } = await import(${JSON.stringify(file)});
  const ends = performance.now() + 50_000;
  await handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => ends - performance.now() });`;

/**
 * A thousand healthy servers in batches, as schedules have them: how many are not found ok by the bundled handler, each
 * invocation a process held to its share of a core.
 */
export async function measureFleet(moto: Moto): Promise<Measurement> {
  const servers = spawn(process.execPath, [path.join(import.meta.dirname, 'fleet-servers.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(servers.stdout, 'data')) as [Buffer];
    const clusters = fleet(Number(line.toString()));
    const raw = { clusters };
    const { settings, translated } = understand(raw, 'bench');
    const asset = temporaryFolder('asset');
    bundle(asset, raw, translated.plan);
    const env = {
      ...moto.env,
      ...(await functionResources(moto, 'fleet')),
      [environment.check]: check,
      NODE_OPTIONS: deployed.nodeOptions,
    };
    const ok = new Set<string>();
    for (const { clusters: names } of batchesOf(settings.clusters)) {
      const event = { scheduledTime: new Date().toISOString(), clusters: names };
      for (const name of await invoked(path.join(asset, 'index.mjs'), event, env)) ok.add(name);
    }
    const value = size.clusters * size.serversEach - ok.size;
    return countAtMost({ what: '1,000 healthy servers in batches, a seventh of a core: not ok', value }, 0);
  } finally {
    servers.kill();
  }
}

/** Every server is an address of its own. */
const fleet = (port: number) =>
  Array.from({ length: size.clusters }, (_, i) => ({
    name: `c${i}`,
    targets: Array.from({ length: size.serversEach }, (_, j) => ({
      name: `c${i}-n${j}`,
      url: `http://127.1.${i}.${j + 1}:${port}`,
    })),
  }));

/** The servers that an invocation found ok, by its log. */
async function invoked(
  file: string,
  event: ScheduledEvent,
  env: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  const args = [...lambdaFlags, '--input-type=module', '--eval', script(file, event)];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.pid !== undefined) holdToShare(child.pid, share);
  const printed = await text(child.stdout);
  return printed
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .flatMap((line) => {
      const { outcomes = {} } = JSON.parse(line) as { outcomes?: Readonly<Record<string, string>> };
      return Object.entries(outcomes).flatMap(([name, outcome]) => (outcome === 'ok' ? [name] : []));
    })
    .filter((name) => name !== 'cluster');
}
