import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as soon } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { understand } from '../../infra/settings.ts';
import { gzippedBytes } from '../../lambdas/adapters/memory/codec.ts';
import check from '../../lambdas/checks/jetstream-consumers.ts';
import { minutes } from '../../lambdas/durations.ts';
import type { Source } from '../../lambdas/ports.ts';
import { run } from '../../lambdas/run/run.ts';
import { minuteOf, watchesOf } from '../../lambdas/run/watch.ts';
import { run as runCommand } from '../services/command.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { memoryFrom, silent } from './all-checks.ts';
import { consumerReplies, type ServerTexts } from './consumer-replies.ts';
import { lambdaFlags } from './lambda-memory.ts';
import { bytesAtMost, ratio, timesAtMost, type Measurement } from './report.ts';
import { inTurns } from './rounds.ts';

const rounds = { 200: 51, 20_000: 9 } as const;
type Consumers = keyof typeof rounds;
const mostOfParse = { 200: 4, 20_000: 3.2 } as const;
const mostOfParsePeak = 1.7;
const servers = ['east1', 'east2', 'east3'] as const;
const paths = ['/varz', '/jsz'] as const;

/** Where a child of the bench finds a reply. */
export const fileOf = (folder: string, server: string, path: string): string =>
  join(folder, `${server}${path.replace('/', '-')}.json`);

/** Bytes asked, and CPU time and memory of a run of consumers' check to those of reading the same replies as JSON. */
export async function measureConsumers(): Promise<readonly Measurement[]> {
  return [...(await measureOf(200)), ...(await measureOf(20_000)), await measurePeak(20_000)];
}

async function measureOf(consumers: Consumers): Promise<readonly Measurement[]> {
  const { start, look } = consumerScene();
  const first = await look(given(consumerReplies(consumers, start, 0)), start, null);
  // As configurations are told anew, which is the dearer minute.
  const next = start + minutes(15);
  const moved = consumerReplies(consumers, next, 1);
  const { whole, parsed } = await inTurns(rounds[consumers], {
    whole: () => look(given(moved), next, first),
    parsed: () => parseOnly(given(moved)),
  });
  let stalled = first;
  for (const at of [next, next + 60_000, next + 120_000])
    stalled = await look(given(consumerReplies(consumers, at, 0)), at, stalled, 'warning');
  const cpu = (costs: typeof whole) => costs.map(({ cpuMs }) => cpuMs);
  const what = `${consumers} consumers in three replicas`;
  const texts = Object.values(moved).flatMap((own) => Object.values(own));
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return [
    bytesAtMost(
      { what: `${what}: asked of three servers in a run`, value: bytes },
      consumers * 3 * 1_300 + 60e3,
    ),
    ratio(
      `${what}: CPU time of a run, to JSON.parse of its replies`,
      cpu(whole),
      cpu(parsed),
      mostOfParse[consumers],
    ),
    bytesAtMost({ what: `${what}, all standing: memory item`, value: gzippedBytes(stalled) }, 300e3),
  ];
}

/** The check on a cluster of three servers. */
export function consumerScene() {
  const start = minuteOf(undefined, Date.now());
  const targets = servers.map((name) => ({ name, url: `http://${name}:8222` }));
  const { settings, book, translated } = understand({ clusters: [{ name: 'east', targets }] }, 'bench');
  const [watch] = watchesOf(settings, book, translated.plan);
  if (watch === undefined) throw new Error('no cluster to watch');
  /**
   * @returns what it keeps
   * @throws Error if it saw anything else: no other work is to be measured
   */
  const look = async (
    textOf: TextOf,
    at: number,
    saved: string | null,
    expected: 'ok' | 'warning' = 'ok',
  ): Promise<string> => {
    let kept = '';
    const memory = memoryFrom(saved, (text) => (kept = text));
    const report = await run(check, watch, { ...silent, source: parsing(textOf), memory, now: () => at }, at);
    const seen = report?.entries.map(({ outcome }) => outcome) ?? [];
    if (seen.includes('unknown') || (expected === 'ok' && seen.some((outcome) => outcome !== 'ok')))
      throw new Error(`consumers were to be ${expected}, and are ${seen.join(', ')}`);
    return kept;
  };
  return { start, look };
}

/** A reply's text, by server and path without its query. */
export type TextOf = (server: string, path: string) => string;

const given =
  (texts: ServerTexts): TextOf =>
  (server, path) =>
    texts[server]?.[path] ?? '{}';

/** Reads replies as a source does, which is most of what they cost: one after the other, as they come. */
const parsing = (textOf: TextOf): Source => ({
  read: async ({ name }, { path }) => {
    await soon();
    const text = textOf(name, path.split('?')[0] ?? '');
    const json = JSON.parse(text) as unknown;
    return { ok: true, value: { status: 200, json, bytes: text.length } };
  },
});

/** The floor: each reply is dropped once it is read, as the run drops it once it is decoded, before the next is read. */
export async function parseOnly(textOf: TextOf): Promise<void> {
  const source = parsing(textOf);
  for (const path of paths)
    for (const name of servers) await source.read({ name, url: '' }, { path, statuses: [200] });
}

/** Peaks of two processes that read the same texts from files, as they ask for them: one runs the check, the other only parses. */
async function measurePeak(consumers: Consumers): Promise<Measurement> {
  const folder = temporaryFolder('consumers');
  for (const [server, own] of Object.entries(consumerReplies(consumers, minuteOf(undefined, Date.now()), 1)))
    for (const [path, text] of Object.entries(own)) writeFileSync(fileOf(folder, server, path), text);
  const script = fileURLToPath(new URL('consumer-peak.ts', import.meta.url));
  const peakOf = async (kind: 'run' | 'parse'): Promise<number> => {
    const args = [...lambdaFlags, script, kind, folder];
    return Number((await runCommand(process.execPath, args)).trim());
  };
  const peaks = { run: await peakOf('run'), parse: await peakOf('parse') };
  const what = `${consumers} consumers in three replicas: peak memory of a run, to JSON.parse of its replies`;
  return timesAtMost(what, peaks.run, peaks.parse, mostOfParsePeak);
}
