import path from 'node:path';
import { understand } from '../infra/settings.ts';
import { unsent } from '../infra/local/look.ts';
import { httpSource } from '../lambdas/adapters/http/source.ts';
import { processMemory } from '../lambdas/adapters/memory/file.ts';
import type { Check } from '../lambdas/define.ts';
import { hours, minutes, seconds } from '../lambdas/durations.ts';
import type { Finding } from '../lambdas/engine/findings/report.ts';
import type { Ports, Source } from '../lambdas/ports.ts';
import { run } from '../lambdas/run/run.ts';
import { watchesOf } from '../lambdas/run/watch.ts';
import { serveRecorded, type Replay } from './replay.ts';
import type { NatsVersion } from './services/nats-binary.ts';
import { noHandshakes } from './kit.ts';

const folder = path.join(import.meta.dirname, 'recorded');
const start = Date.UTC(2027, 0, 4, 10);

/** What all findings of one look say, of every check. */
export type Told = readonly Finding[];

/**
 * Checks over moments of a recorded scene, each as if it were so a minute after the one before: servers' clocks go with ours,
 * and they have been up for an hour longer than they were.
 */
export async function toldOverTime(
  checks: readonly Check[],
  version: NatsVersion,
  scene: string,
  moments: readonly number[],
): Promise<readonly Told[]> {
  const replays = new Map<number, Replay>();
  for (const moment of new Set(moments))
    replays.set(moment, await serveRecorded(path.join(folder, version, scene, String(moment))));
  const http = httpSource({ timeoutMs: seconds(5) });
  const names = [...replays.values()].flatMap(({ targets }) => targets.map(({ name }) => name));
  const targets = [...new Set(names)].map((name) => ({ name, url: `http://${name}:8222` }));
  const { settings, book, translated } = understand({ clusters: [{ name: 'lab', targets }] }, 'test');
  const [watch] = watchesOf(settings, book, { ...translated.plan, published: null });
  if (watch === undefined) throw new Error('no cluster is watched');
  const memories = new Map(checks.map(({ id }) => [id, processMemory()]));
  const looks: Finding[][] = [];
  const starts = new Map<string, number>();
  try {
    for (const [minute, moment] of moments.entries()) {
      const replay = replays.get(moment);
      if (replay === undefined) throw new Error(`no moment ${moment}`);
      const at = start + minutes(minute);
      const source = later(http, replay, at, { starts, isFirst: minute === 0 });
      const findings: Finding[] = [];
      for (const check of checks) {
        const ports: Ports = {
          source,
          names: http,
          handshakes: noHandshakes,
          memory: memories.get(check.id) ?? processMemory(),
          now: () => at,
          log: { info: () => {}, warn: fail },
          metrics: { put: async () => {} },
          series: unsent,
          notices: { publish: async () => {} },
        };
        const report = await run(check, watch, ports, at);
        findings.push(...(report?.entries ?? []).flatMap((entry) => entry.findings));
      }
      looks.push(findings);
    }
  } finally {
    await http.close();
    await Promise.all([...replays.values()].map(({ stop }) => stop()));
  }
  return looks;
}

/** The servers at other addresses, and as they would answer later, when nothing else has happened. */
const later = (source: Source, replay: Replay, at: number, starts: Starts): Source => {
  const urls = new Map(replay.targets.map(({ name, url }) => [name, url]));
  const running = new Set(
    replay.scene.targets.flatMap(({ name, healthz }) => (healthz === undefined ? [] : [name])),
  );
  const ms = at - replay.takenAt.getTime();
  return {
    async read(target, request) {
      const reading = await source.read({ ...target, url: urls.get(target.name) ?? target.url }, request);
      if (!reading.ok) return reading;
      const json = silenced(reading.value.json, (name) => !running.has(name), ms);
      return { ...reading, value: { ...reading.value, json: timed(json, ms, starts) } };
    },
  };
};

/** When servers started, by their ids. */
type Starts = { readonly starts: Map<string, number>; readonly isFirst: boolean };

type Row = Readonly<Record<string, unknown>>;
const isRow = (json: unknown): json is Row => typeof json === 'object' && json !== null;

/** Their clocks go on. Those of the first moment had been up for an hour. */
function timed(json: unknown, ms: number, { starts, isFirst }: Starts): unknown {
  if (!isRow(json) || !('now' in json)) return json;
  const now = Date.parse(String(json['now'])) + ms;
  const aged = { ...json, now: new Date(now).toISOString() };
  if (!('start' in json)) return aged;
  const id = String(json['server_id']);
  const upMs = isFirst ? hours(1) : Date.parse(String(json['now'])) - Date.parse(String(json['start']));
  const start = starts.get(id) ?? now - upMs;
  starts.set(id, start);
  return { ...aged, start: new Date(start).toISOString(), uptime: `${Math.round((now - start) / 1_000)}s` };
}

/** A leader has not heard longer of those that are down, and calls none current after ten seconds. */
function silenced(json: unknown, isDown: (name: string) => boolean, ms: number): unknown {
  if (Array.isArray(json)) return json.map((each) => silenced(each, isDown, ms));
  if (!isRow(json)) return json;
  const { name, current, active } = json;
  if (typeof name === 'string' && typeof current === 'boolean' && typeof active === 'number')
    return active > 0 && isDown(name) ? { ...json, current: false, active: active + ms * 1e6 } : json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, silenced(value, isDown, ms)]));
}

function fail(message: string): never {
  throw new Error(`a run warned: ${message}`);
}
