import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { batchesOf } from '../../infra/settings/batches.ts';
import { understand } from '../../infra/settings.ts';
import { bundle } from '../../infra/stacks/bundle.ts';
import { environment, type ScheduledEvent } from '../../lambdas/environment.ts';
import { startChild } from '../services/child.ts';
import { functionResources } from '../services/function-resources.ts';
import type { Moto } from '../services/moto.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { waitUntil } from '../services/wait.ts';
import { holdToShare } from './cpu-share.ts';
import { deployed } from './deployed.ts';
import { lambdaFlags } from './lambda-memory.ts';
import { countAtMost, type Measurement } from './report.ts';

const size = { clusters: 100, serversEach: 10 } as const;
/** Of a core, as comes with 256 MB: 1,769 MB are a whole one. */
const share = 1 / 7;
const check = 'server-up';

/**
 * A thousand healthy servers: how many the bundled handler does not find ok, in batches as schedules have them, and beside
 * that in one invocation of all. Each invocation is a process that is held to its share of a core.
 */
export async function measureFleet(moto: Moto): Promise<Measurement> {
  const logFile = path.join(temporaryFolder('fleet'), 'port');
  const servers = await startChild({
    command: process.execPath,
    args: [path.join(import.meta.dirname, 'fleet-servers.ts')],
    logFile,
  });
  try {
    const port = await waitUntil(
      'the fleet to listen',
      () => readFile(logFile, 'utf8'),
      (said) => said !== '',
    );
    const raw = { clusters: fleet(Number(port)) };
    const { settings, translated } = understand(raw, 'bench');
    const asset = temporaryFolder('asset');
    bundle(asset, raw, translated.plan);
    const file = path.join(asset, 'index.mjs');
    const notOk = async (table: string, events: readonly ScheduledEvent[]): Promise<number> => {
      const env = { ...moto.env, ...(await functionResources(moto, table)), [environment.check]: check };
      const ok: string[] = [];
      for (const event of events) ok.push(...(await foundOk(file, event, env)));
      return size.clusters * size.serversEach - ok.length;
    };
    const batches = batchesOf(settings.clusters);
    const value = await notOk('batches', batches);
    const inOne = await notOk('one', [{}]);
    return {
      ...countAtMost({ what: '1,000 healthy servers at a seventh of a core: not found ok', value }, 0),
      measured: `${value} in ${batches.length} batches, ${inOne} in one invocation`,
    };
  } finally {
    await servers.stop();
  }
}

/** Every server is an address of its own. */
const fleet = (port: number) =>
  Array.from({ length: size.clusters }, (_, i) => ({
    name: `c${i}`,
    targets: Array.from({ length: size.serversEach }, (_each, j) => ({
      name: `c${i}-n${j}`,
      url: `http://127.1.${i}.${j + 1}:${port}`,
    })),
  }));

/** As a function has it: one event, and so much time. */
const script = (file: string, { clusters }: ScheduledEvent): string => `
  const { handler } = await import(${JSON.stringify(file)});
  const ends = performance.now() + 50_000;
  const context = { getRemainingTimeInMillis: () => ends - performance.now() };
  await handler(${JSON.stringify({ clusters })}, context);`;

/** The servers that an invocation found ok, by its log. */
async function foundOk(
  file: string,
  event: ScheduledEvent,
  env: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  const args = [...lambdaFlags, '--input-type=module', '--eval', script(file, event)];
  const child = spawn(process.execPath, args, {
    env: { ...env, NODE_OPTIONS: deployed.nodeOptions },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.pid !== undefined) holdToShare(child.pid, share);
  const printed = await text(child.stdout);
  return printed
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .flatMap((line) => {
      const { outcomes = {} } = JSON.parse(line) as { outcomes?: Readonly<Record<string, string>> };
      return Object.entries(outcomes).flatMap(([name, outcome]) =>
        name !== 'cluster' && outcome === 'ok' ? [name] : [],
      );
    });
}
