import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { bundle, bundling } from '../../infra/stacks/bundle.ts';
import { understand } from '../../infra/settings.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { minutes, seconds } from '../../lambdas/durations.ts';
import { environment } from '../../lambdas/environment.ts';
import type { RulePlan } from '../../lambdas/rules/plan.ts';
import { watchesOf, type Watch } from '../../lambdas/run/watch.ts';
import { startMoto, type Moto } from '../services/moto.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { measureClientCost } from './client-cost.ts';
import { measureAfterStorm } from './after-storm.ts';
import { recordChecks, runChecks, type Done, type Start } from './all-checks.ts';
import { measureBilledRuns } from './billed-run.ts';
import { deployed } from './deployed.ts';
import { measureFleetMemory } from './fleet-memory.ts';
import { measureFleet } from './fleet.ts';
import { measureConsumers } from './jetstream-consumers.ts';
import { readBare } from './floor.ts';
import { importTimesMs } from './import-time.ts';
import { measureLinearWork } from './linear-work.ts';
import { peakMemory } from './lambda-memory.ts';
import { bytesAtMost, bytesUnder, ratio, table, type Measurement } from './report.ts';
import { inTurns, type Cost } from './rounds.ts';
import { measureMemory } from './quiet-minute.ts';
import { measureRules } from './rule-cost.ts';
import { size, startScene } from './scene.ts';
import { measureServerCost } from './server-cost.ts';
import { measureSynth } from './synth.ts';

const rounds = { first: 9, steady: 51 };

const progress = (text: string): void => void process.stderr.write(`${text}\n`);

/** What every function runs: its size, its import, its memory. */
async function measureAsset(settings: unknown, plan: RulePlan): Promise<readonly Measurement[]> {
  const [asset, awsClients] = [temporaryFolder('asset'), temporaryFolder('aws-clients')];
  bundle(asset, settings, plan);
  const entryPoints = ['test/bench/aws-clients.ts'];
  buildSync({ ...bundling, entryPoints, outfile: path.join(awsClients, 'index.mjs') });

  progress('Importing the bundle, and its AWS clients alone');
  const first = checks[0]?.id ?? '';
  const env = {
    AWS_REGION: 'eu-central-1',
    NODE_OPTIONS: deployed.nodeOptions,
    [environment.check]: first,
    [environment.table]: 'memory',
    [environment.findingsTopic]: 'arn:aws:sns:eu-central-1:123456789012:findings',
  };
  const [importMs = [], awsMs = []] = await importTimesMs([asset, awsClients], env);

  progress('Running each check in a process of its own');
  const ids = checks.map(({ id }) => id);
  const peak = await withMoto((moto) => peakMemory(asset, ids, moto));
  const modules = readdirSync(asset, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.mjs'),
  );
  const bundleBytes = modules.reduce((sum, file) => sum + statSync(path.join(asset, file)).size, 0);
  return [
    bytesUnder({ what: `peak memory of a process, full ring (${peak.check})`, value: peak.bytes }, 150e6),
    bytesUnder({ what: 'bundle, minified', value: bundleBytes }, 1.8e6),
    ratio('importing it, to importing its AWS clients in one file', importMs, awsMs, 1.6),
  ];
}

async function withMoto<T>(work: (moto: Moto) => Promise<T>): Promise<T> {
  const moto = await startMoto();
  return work(moto).finally(() => moto.stop());
}

/** All checks against the same requests made bare. */
async function measureRuns(
  what: string,
  times: number,
  { requests }: Done,
  run: () => Promise<unknown>,
): Promise<readonly Measurement[]> {
  progress(`Measuring the ${what}`);
  const bare = async (): Promise<void> => {
    for (const made of Object.values(requests)) await readBare(made);
  };
  const { all, floor } = await inTurns(times, { all: run, floor: bare });
  const wall = (costs: readonly Cost[]) => costs.map(({ wallMs }) => wallMs);
  const cpu = (costs: readonly Cost[]) => costs.map(({ cpuMs }) => cpuMs);
  return [
    ratio(`all checks, ${what}: wall time`, wall(all), wall(floor), 1.5),
    ratio(`all checks, ${what}: CPU time`, cpu(all), cpu(floor), 1.3),
  ];
}

/** Where minutes go on from in which nobody closes: that was seen to be so for half a minute. */
async function settled(watch: Watch, before: Start): Promise<Start> {
  const seen = await runChecks(watch, before);
  await pause(seconds(31));
  return runChecks(watch, seen);
}

/** Runs the checks minute by minute, from the same start in each turn. */
function minuteAfter(watch: Watch, start: Start): (minute: number) => Promise<void> {
  let before = start;
  return async (minute) => {
    before = await runChecks(watch, minute === 0 ? start : before, minute);
  };
}

/** Of the checks, the one that read most of the closed ring, and how much. */
function mostOfRing({ requests }: Done): { readonly check: string; readonly bytes: number } {
  const read = Object.entries(requests).map(([check, made]) => {
    const pages = made.filter(({ url }) => url.includes('/connz?state=closed'));
    return { check, bytes: pages.reduce((sum, page) => sum + page.bytes, 0) };
  });
  const most = read.reduce((one, other) => (other.bytes > one.bytes ? other : one));
  if (most.bytes === 0) throw new Error('no check read the closed ring');
  return most;
}

async function measureBilled(): Promise<readonly Measurement[]> {
  progress('Counting what DynamoDB would bill');
  const moto = await startMoto();
  try {
    return [...(await measureMemory(moto)), ...(await measureBilledRuns(moto))];
  } finally {
    await moto.stop();
  }
}

async function measure(): Promise<readonly Measurement[]> {
  progress(`Starting nats-server with ${size.clients} clients and a closed ring of ${size.ring} rows`);
  const scene = await startScene();
  try {
    const filled = performance.now();
    const raw = {
      clusters: [{ name: 'bench', targets: [{ name: 'hub1', url: scene.server.monitoringUrl }] }],
    };
    const { settings, book, translated } = understand(raw, 'bench');
    const [watch] = watchesOf(settings, book, translated.plan);
    if (watch === undefined) throw new Error('no cluster to watch');
    const ofAsset = await measureAsset(raw, translated.plan);
    progress('Synthesizing');
    const ofSynth = await measureSynth();
    progress('Evaluating rules');
    const ofRules = await measureRules(scene.server);

    // A run asks again for the 30 s before the last one: the ring must be older than that, as most of it is in life.
    await pause(Math.max(0, filled + 31_000 - performance.now()));
    await scene.addClosed(1);
    const first = await recordChecks(watch, {});
    const ofFirst = await measureRuns('first run, whole ring', rounds.first, first, () =>
      runChecks(watch, { saved: {}, at: first.at }),
    );

    await scene.addClosed(100);
    const steady = await recordChecks(watch, first.saved, first.at + minutes(1));
    const ofSteady = await measureRuns('run with 100 new rows', rounds.steady, steady, () =>
      runChecks(watch, first),
    );
    const ring = mostOfRing(steady);
    progress("Measuring the server's CPU");
    const ofServer = await measureServerCost(scene.server, minuteAfter(watch, await settled(watch, first)));
    progress('Filling the ring anew');
    const ofStorm = await measureAfterStorm(scene, watch, steady.saved);
    return [
      ...ofSteady,
      ...ofFirst,
      bytesAtMost(
        { what: `ring pulled by a run with 100 new rows (${ring.check})`, value: ring.bytes },
        300e3,
      ),
      ...ofServer,
      ...ofStorm,
      ...ofAsset,
      ...ofRules,
      ofSynth,
    ];
  } finally {
    await scene.stop();
  }
}

// In a process as young as a function's: what made-up fleets leave in it slows what follows.
const ofScene = await measure();
progress('Running all checks over large and small fleets');
const ofWork = await measureLinearWork();
progress('Running each check over 100 servers in a process of its own');
const ofMemory = await measureFleetMemory();
progress('Following 200 and 20,000 consumers');
const ofConsumers = await measureConsumers();
progress('A thousand servers in batches, each held to a seventh of a core');
const ofFleet = await withMoto(measureFleet);
progress('Watching 10,000 clients');
const ofClients = await measureClientCost();
const measurements = [
  ...ofScene,
  ofClients,
  ...ofWork,
  ...ofMemory,
  ...ofConsumers,
  ofFleet,
  ...(await measureBilled()),
];
const text = process.argv.includes('--json') ? JSON.stringify(measurements, null, 2) : table(measurements);
process.stdout.write(`${text}\n`);
process.exitCode = measurements.every(({ met }) => met) ? 0 : 1;
