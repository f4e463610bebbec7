import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { bundle } from '../../infra/stacks/bundle.ts';
import { understand } from '../../infra/settings.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { minutes } from '../../lambdas/durations.ts';
import { unsent } from '../../infra/local/look.ts';
import { exportRequests } from '../../lambdas/adapters/otlp/json.ts';
import type { SeriesPoint } from '../../lambdas/ports.ts';
import { run } from '../../lambdas/run/run.ts';
import { watchesOf } from '../../lambdas/run/watch.ts';
import { environment } from '../../lambdas/environment.ts';
import type { Target } from '../../lambdas/readings/reading.ts';
import type { Source } from '../../lambdas/readings/source.ts';
import { quietCluster } from '../scenes/quiet-cluster.ts';
import { functionResources } from '../services/function-resources.ts';
import type { Moto } from '../services/moto.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { memoryFrom, silent } from './all-checks.ts';
import { holdToShare } from './cpu-share.ts';
import { fleetReplies } from './fleet-replies.ts';
import { deployed } from './deployed.ts';
import { lambdaFlags } from './lambda-memory.ts';
import { bytesAtMost, median, millisecondsUnder, type Measurement } from './report.ts';

/** Of a core, as comes with 256 MB: 1,769 MB are a whole one. */
const share = deployed.memoryMegabytes / 1_769;
const runs = { before: 3, measured: 9 } as const;
/** Beside its own lines: Lambda's START, END and REPORT of a warm invocation, and the 26 bytes that each line is billed for. */
const ofLambda = { lineBytes: 71 + 51 + 132, lines: 3, aroundLine: 26 } as const;

/**
 * What AWS bills for a warm run of a check, on average of all: time at a seventh of a core over three quiet servers, what each
 * server more takes of it, and bytes of log.
 */
export async function measureBilledRuns(moto: Moto): Promise<readonly Measurement[]> {
  const mean = (of: (run: BilledRun) => number, each: readonly BilledRun[]) =>
    each.reduce((sum, run) => sum + of(run), 0) / each.length;
  const start = Date.now() - minutes(runs.before + runs.measured);
  const cluster = await quietCluster(start, 'ordinary');
  const each = await billedRuns(moto, { name: 'quiet', start, ...cluster }).finally(() => cluster.stop());
  const fleets = { few: 3, many: 25 };
  const few = await billedRuns(moto, alike(start, fleets.few));
  const many = await billedRuns(moto, alike(start, fleets.many));
  const time = (some: readonly BilledRun[]) => mean(({ ms }) => ms, some);
  return [
    millisecondsUnder(
      { what: 'a warm run of a check on three servers, a seventh of a core', value: time(each) },
      300,
    ),
    millisecondsUnder(
      {
        what: 'the same: a server more, of 25',
        value: (time(many) - time(few)) / (fleets.many - fleets.few),
      },
      60,
    ),
    bytesAtMost(
      { what: 'the same: its log with what Lambda adds', value: mean(({ logBytes }) => logBytes, each) },
      1e3,
    ),
    bytesAtMost({ what: 'a datapoint by OTLP, three servers', value: await otlpBytesPerPoint() }, 400),
  ];
}

/** Bytes of a datapoint that rules have sent by OTLP, as JSON has them: names, labels, time, value, and what is around all. */
export async function otlpBytesPerPoint(): Promise<number> {
  const start = Date.now() - minutes(1);
  const cluster = await quietCluster(start, 'ordinary');
  try {
    const targets = cluster.targets.map(({ name, url }) => ({ name, url }));
    const raw = { clusters: [{ name: 'prod', targets }], alarms: { engine: 'promql' } };
    const { settings, book, translated } = understand(raw, 'bench');
    const [watch] = watchesOf(settings, book, translated.plan);
    const check = checks.find(({ evaluates }) => evaluates === 'rules');
    if (watch === undefined || check === undefined) throw new Error('no rules to be evaluated');
    const sent: SeriesPoint[] = [];
    const series = { put: (points: readonly SeriesPoint[]) => (sent.push(...points), unsent.put(points)) };
    await run(
      check,
      watch,
      { ...silent, memory: memoryFrom(null, () => {}), source: cluster.at(0), series },
      start,
    );
    const bytes = exportRequests(sent).reduce((sum, { json }) => sum + Buffer.byteLength(json), 0);
    return bytes / sent.length;
  } finally {
    await cluster.stop();
  }
}

type Fleet = {
  readonly name: string;
  readonly start: number;
  readonly targets: readonly Target[];
  /** The servers as they are in a minute, counted from 0. */
  readonly at: (minute: number) => Source;
};

/** So many healthy servers that answer alike. */
const alike = (start: number, servers: number): Fleet => ({
  name: `alike-${servers}`,
  start,
  targets: Array.from({ length: servers }, (_, i) => ({ name: `n${i}`, url: `http://n${i}:8222` })),
  at: (minute) => {
    const replies = fleetReplies(start + minutes(minute));
    return {
      read: ({ name }, { path: asked }) =>
        Promise.resolve({ ok: true, value: { status: 200, json: replies(name, asked), bytes: 0 } }),
    };
  },
});

export type BilledRun = { readonly check: string; readonly ms: number; readonly logBytes: number };

/** Medians over minutes that follow one another, of each check in a process of its own, with moto as AWS. */
export async function billedRuns(moto: Moto, fleet: Fleet): Promise<readonly BilledRun[]> {
  const { start } = fleet;
  let source = fleet.at(0);
  const served = await Promise.all(fleet.targets.map((target) => serve(target, () => source)));
  try {
    const raw = { clusters: [{ name: 'prod', targets: served.map(({ name, url }) => ({ name, url })) }] };
    const asset = temporaryFolder('billed');
    bundle(asset, raw, understand(raw, 'bench').translated.plan);
    const found: BilledRun[] = [];
    for (const { id } of checks) {
      const env = {
        ...{
          ...moto.env,
          ...(await functionResources(moto, `${fleet.name}-${id}`)),
          [environment.check]: id,
        },
        NODE_OPTIONS: deployed.nodeOptions,
      };
      const held = await startHandler(path.join(asset, 'index.mjs'), env);
      const each: { readonly ms: number; readonly logBytes: number }[] = [];
      for (let minute = 0; minute < runs.before + runs.measured; minute += 1) {
        source = fleet.at(minute);
        each.push(await held.run(new Date(start + minutes(minute)).toISOString()));
      }
      held.end();
      const measured = each.slice(runs.before);
      found.push({
        check: id,
        ms: median(measured.map(({ ms }) => ms)),
        logBytes: median(measured.map(({ logBytes }) => logBytes)),
      });
    }
    return found;
  } finally {
    for (const { server } of served) {
      server.close();
      server.closeAllConnections();
    }
  }
}

async function serve(
  target: Target,
  sourceNow: () => Source,
): Promise<{ readonly name: string; readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    void sourceNow()
      .read(target, { path: request.url ?? '/', statuses: [200, 500, 503] })
      .then((reading) => {
        response.statusCode = reading.ok ? reading.value.status : 500;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(reading.ok ? reading.value.json : {}));
      });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { name: target.name, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** Runs the handler for each minute that comes in, and says how long it took on a line that is none of its log. */
const script = (file: string): string => `
  const { createInterface } = await import('node:readline');
  const { handler } = await import(${JSON.stringify(file)});
  console.log('ready');
  for await (const scheduledTime of createInterface({ input: process.stdin })) {
    const began = performance.now();
    await handler({ scheduledTime }, { getRemainingTimeInMillis: () => 50_000 });
    console.log('took ' + (performance.now() - began));
  }`;

async function startHandler(file: string, env: NodeJS.ProcessEnv) {
  const args = [...lambdaFlags, '--input-type=module', '--eval', script(file)];
  const child: ChildProcess = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  if (child.stdout === null || child.pid === undefined) throw new Error('the handler could not be started');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the handler ended');
    return value;
  };
  if ((await next()) !== 'ready') throw new Error('the handler did not load');
  holdToShare(child.pid, share);
  return {
    async run(scheduledTime: string): Promise<{ readonly ms: number; readonly logBytes: number }> {
      child.stdin?.write(`${scheduledTime}\n`);
      let logBytes = ofLambda.lineBytes + ofLambda.lines * ofLambda.aroundLine;
      for (;;) {
        const line = await next();
        if (line.startsWith('took ')) return { ms: Number(line.slice('took '.length)), logBytes };
        if (line.includes('"unknown"'))
          throw new Error(`a check was to be measured, but saw nothing: ${line}`);
        logBytes += Buffer.byteLength(line) + 1 + ofLambda.aroundLine;
      }
    },
    end: () => void child.kill('SIGKILL'),
  };
}
