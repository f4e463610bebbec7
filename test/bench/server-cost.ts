import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { seconds } from '../../lambdas/durations.ts';
import type { NatsServer } from '../services/nats-server.ts';
import { readBare } from './floor.ts';
import { ratio, type Measurement } from './report.ts';

/** A reader runs so often at a time, as in so many minutes: some checks run every five, and one asks for more every fifteen. */
const runsAtOnce = 15;
const turns = 5;

/**
 * What prometheus-nats-exporter asks in one scrape with every collector on: `/accountz` lists accounts, each of which is
 * asked for.
 */
const scrape = [
  '/varz',
  '/connz',
  '/routez',
  '/subsz',
  '/healthz',
  '/healthz?js-enabled-only=true',
  '/healthz?js-server-only=true',
  '/accstatz?unused=1',
  '/accountz',
  '/accountz?acc=$G',
  '/accountz?acc=$SYS',
  '/leafz',
  '/gatewayz',
  '/jsz?consumers=true&config=true&raft=true',
];

/**
 * nats-server's CPU time for one minute of all checks in which nobody closes, to that for one scrape, in turns; without what it
 * takes idle.
 */
export async function measureServerCost(
  server: NatsServer,
  runChecks: (minute: number) => Promise<void>,
): Promise<readonly Measurement[]> {
  const requests = scrape.map((path) => ({ url: server.monitoringUrl + path, after: null }));
  const [checksMs, scrapeMs]: [number[], number[]] = [[], []];
  const idle = await idleShare(server);
  for (let turn = -1; turn < turns; turn += 1) {
    const [ofChecks, ofScrape] = [
      await cpuMsOf(server, idle, runChecks),
      await cpuMsOf(server, idle, () => readBare(requests)),
    ];
    if (turn < 0) continue;
    checksMs.push(ofChecks);
    scrapeMs.push(ofScrape);
  }
  return [
    ratio(
      "nats-server's CPU: a minute of all checks in which nobody closes, to one scrape",
      checksMs,
      scrapeMs,
      0.6,
    ),
  ];
}

/** Of one run, on average. */
export async function cpuMsOf(
  server: NatsServer,
  idle: number,
  run: (minute: number) => Promise<void>,
): Promise<number> {
  const [before, started] = [cpuMs(server), performance.now()];
  for (let i = 0; i < runsAtOnce; i += 1) await run(i);
  return (cpuMs(server) - before - idle * (performance.now() - started)) / runsAtOnce;
}

/** Of the time that passes, as CPU time: it pings its clients. */
export async function idleShare(server: NatsServer): Promise<number> {
  await pause(seconds(2));
  const [before, started] = [cpuMs(server), performance.now()];
  await pause(seconds(5));
  return (cpuMs(server) - before) / (performance.now() - started);
}

const nanosecondsPerMs = 1e6;

/** What the threads of a process have run since they started, as the scheduler counts it. */
function cpuMs({ pid }: NatsServer): number {
  const threads = `/proc/${pid}/task`;
  const nanoseconds = readdirSync(threads).map((thread) => {
    const [run = NaN] = readFileSync(`${threads}/${thread}/schedstat`, 'utf8').split(' ').map(Number);
    return run;
  });
  return nanoseconds.reduce((sum, each) => sum + each, 0) / nanosecondsPerMs;
}
