import { readFileSync } from 'node:fs';
import { understand } from '../../infra/settings.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import type { Check } from '../../lambdas/define.ts';
import type { Ports, Source } from '../../lambdas/ports.ts';
import { run } from '../../lambdas/run/run.ts';
import { minuteOf, watchesOf, type Watch } from '../../lambdas/run/watch.ts';
import { memoryFrom, silent, type Saved } from './all-checks.ts';
import { ratio, type Measurement } from './report.ts';
import { inTurns } from './rounds.ts';

const large = 3_000;
const small = 100;
const rounds = 5;
const startedBefore = 60 * 60_000;

/** A cluster of made-up servers, all healthy, and its servers' replies. */
export type Fleet = { readonly watch: Watch; readonly source: Source; readonly saved: Saved };

/** The row of the table: what a target costs the engine in a large fleet and in small ones. */
export async function measureFleet(): Promise<readonly Measurement[]> {
  const start = minuteOf(undefined, Date.now());
  const one = await fleetOf('large', large, start);
  const several: Fleet[] = [];
  for (let i = 0; i < large / small; i += 1) several.push(await fleetOf(`small-${i}`, small, start));
  const next = start + 60_000;
  const { all, apart } = await inTurns(rounds, {
    all: () => runOver(one, next),
    apart: async () => {
      for (const each of several) await runOver(each, next);
    },
  });
  const cpu = (costs: readonly { readonly cpuMs: number }[]) => costs.map(({ cpuMs }) => cpuMs);
  return [
    ratio(`engine, all checks, a target of ${large} to one of ${small}: CPU time`, cpu(all), cpu(apart), 1.2),
  ];
}

/** So many servers, with what a first run of each check left in memory. */
export async function fleetOf(name: string, count: number, at: number): Promise<Fleet> {
  const targets = Array.from({ length: count }, (_, i) => {
    return { name: `${name}-${i}`, url: `http://${name}-${i}:8222` };
  });
  const { settings, book, translated } = understand({ clusters: [{ name, targets }] }, 'bench');
  const [watch] = watchesOf(settings, book, translated.plan);
  if (watch === undefined) throw new Error('no cluster to watch');
  const saved: Record<string, string> = {};
  const source = sourceOf(at);
  for (const check of checks) {
    const ports = portsOf(source, null, (text) => (saved[check.id] = text));
    const report = await run(check, watch, { ...ports, now: () => at }, at);
    const blind = report?.entries.find(({ outcome }) => outcome === 'unknown');
    if (report === null || blind) throw new Error(`${check.id} was to be measured, but saw nothing`);
  }
  return { watch, source, saved };
}

export async function runOver(fleet: Fleet, at: number, of: readonly Check[] = checks): Promise<void> {
  for (const check of of) {
    const ports = portsOf(fleet.source, fleet.saved[check.id] ?? null, () => {});
    await run(check, fleet.watch, { ...ports, now: () => at }, at);
  }
}

const portsOf = (source: Source, saved: string | null, keep: (text: string) => void): Ports => ({
  ...silent,
  source,
  memory: memoryFrom(saved, keep),
});

const recorded = new URL('../recorded/2.15.1/healthy/hub1/', import.meta.url);
const rawReply = (endpoint: string): object =>
  JSON.parse(readFileSync(new URL(`${endpoint}.json`, recorded), 'utf8')) as object;

/** The replies of a recorded server, as each target's own. */
function sourceOf(at: number): Source {
  const of = ['varz', 'healthz', 'leafz', 'leafz-subs', 'connz', 'closed'] as const;
  const replies = new Map(of.map((endpoint) => [endpoint, rawReply(endpoint)]));
  const time = (ms: number) => new Date(ms).toISOString();
  const varz = { ...replies.get('varz'), start: time(at - startedBefore), now: time(at), uptime: '1h0m0s' };
  const made = new Map<string, object>();
  const reply = (target: string, path: string): object => {
    const { pathname, searchParams: query } = new URL(path, 'http://server');
    const own = { server_id: idOf(target), now: time(at) };
    if (pathname === '/varz') return { ...varz, ...own, server_name: target };
    if (pathname === '/healthz') return { ...replies.get('healthz') };
    if (pathname === '/leafz') return { ...replies.get(query.has('subs') ? 'leafz-subs' : 'leafz'), ...own };
    if (pathname !== '/connz') return { ...own };
    return { ...replies.get(query.get('state') === 'closed' ? 'closed' : 'connz'), ...own };
  };
  return {
    read: ({ name }, { path }) => {
      const key = `${name} ${path}`;
      const json = made.get(key) ?? reply(name, path);
      made.set(key, json);
      return Promise.resolve({ ok: true, value: { status: 200, json, bytes: 2_000 } });
    },
  };
}

/** As long as a server's, but such as compress well: one memory is to hold thousands. */
const idOf = (target: string): string => target.toUpperCase().padStart(56, 'N');
