import { understand } from '../../infra/settings.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import type { Check } from '../../lambdas/define.ts';
import type { Ports, Source } from '../../lambdas/ports.ts';
import { run } from '../../lambdas/run/run.ts';
import { minuteOf, watchesOf, type Watch } from '../../lambdas/run/watch.ts';
import { memoryFrom, silent, type Saved } from './all-checks.ts';
import { fleetReplies, type Replies } from './fleet-replies.ts';
import { ratio, type Measurement } from './report.ts';
import { inTurns } from './rounds.ts';

const large = 3_000;
const small = 100;
const rounds = 5;

/** A cluster of made-up servers, all healthy, and its servers' replies. */
export type Fleet = { readonly watch: Watch; readonly source: Source; readonly saved: Saved };

/** The row of the table: what a target costs the engine in a large fleet and in small ones. */
export async function measureLinearWork(): Promise<readonly Measurement[]> {
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
  const clusters = [{ name, targets: targets.slice(0, 1) }];
  const { settings, book, translated } = understand({ clusters }, 'bench');
  const [ofOne] = watchesOf(settings, book, translated.plan);
  if (ofOne === undefined) throw new Error('no cluster to watch');
  // More than settings take: an invocation has 500 at most.
  const watch = { ...ofOne, targets };
  const saved: Record<string, string> = {};
  const source = sourceOf(fleetReplies(at));
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

/** Each reply is made once: what the source itself costs does not count. */
function sourceOf(replies: Replies): Source {
  const made = new Map<string, object>();
  return {
    read: ({ name }, { path }) => {
      const key = `${name} ${path}`;
      const json = made.get(key) ?? replies(name, path);
      made.set(key, json);
      return Promise.resolve({ ok: true, value: { status: 200, json, bytes: 2_000 } });
    },
  };
}
