import { gzippedBytes } from '../../lambdas/adapters/memory/codec.ts';
import { setImmediate as soon } from 'node:timers/promises';
import { understand } from '../../infra/settings.ts';
import check from '../../lambdas/checks/jetstream-consumers.ts';
import type { Source } from '../../lambdas/ports.ts';
import { run } from '../../lambdas/run/run.ts';
import { minuteOf, watchesOf } from '../../lambdas/run/watch.ts';
import { memoryFrom, silent } from './all-checks.ts';
import { consumerReplies, type ServerTexts } from './consumer-replies.ts';
import { bytesAtMost, ratio, type Measurement } from './report.ts';
import { inTurns } from './rounds.ts';

const rounds = { 200: 51, 20_000: 7 } as const;
const mostOfParse = 1.5;

/** Bytes asked, and CPU time and memory of a run of consumers' check to those of reading the same replies as JSON. */
export async function measureConsumers(): Promise<readonly Measurement[]> {
  return [...(await measureOf(200)), ...(await measureOf(20_000))];
}

async function measureOf(consumers: 200 | 20_000): Promise<readonly Measurement[]> {
  const start = minuteOf(undefined, Date.now());
  const before = consumerReplies(consumers, start, 0);
  const targets = Object.keys(before).map((name) => ({ name, url: `http://${name}:8222` }));
  const { settings, book, translated } = understand({ clusters: [{ name: 'east', targets }] }, 'bench');
  const [watch] = watchesOf(settings, book, translated.plan);
  if (watch === undefined) throw new Error('no cluster to watch');
  const look = async (texts: ServerTexts, at: number, saved: string | null): Promise<string> => {
    let kept = '';
    const memory = memoryFrom(saved, (text) => (kept = text));
    const report = await run(check, watch, { ...silent, source: parsing(texts), memory, now: () => at }, at);
    if (report?.entries.find(({ outcome }) => outcome === 'unknown'))
      throw new Error('a server was not read');
    return kept;
  };
  const first = await look(before, start, null);
  const next = start + 60_000;
  const moved = consumerReplies(consumers, next, 1);
  const replies = Object.values(moved).flatMap((own) => Object.values(own));
  const { whole, parsed } = await inTurns(rounds[consumers], {
    whole: () => look(moved, next, first),
    // A run has all replies before it looks at one.
    parsed: () => Promise.resolve(replies.map((text): unknown => JSON.parse(text))),
  });
  let stalled = first;
  for (const at of [next, next + 60_000, next + 120_000])
    stalled = await look(consumerReplies(consumers, at, 0), at, stalled);
  const cpu = (costs: typeof whole) => costs.map(({ cpuMs }) => cpuMs);
  const what = `${consumers} consumers in three replicas`;
  const bytes = replies.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return [
    bytesAtMost(
      { what: `${what}: asked of three servers in a run`, value: bytes },
      consumers * 3 * 1_300 + 60e3,
    ),
    ratio(`${what}: CPU time of a run, to JSON.parse of its replies`, cpu(whole), cpu(parsed), mostOfParse),
    bytesAtMost({ what: `${what}, all standing: memory item`, value: gzippedBytes(stalled) }, 300e3),
  ];
}

/** Reads replies as a source does, which is most of what they cost: one after the other, as they come. */
const parsing = (texts: ServerTexts): Source => ({
  read: async ({ name }, { path }) => {
    await soon();
    const text = texts[name]?.[path.split('?')[0] ?? ''] ?? '{}';
    const json = JSON.parse(text) as unknown;
    return { ok: true, value: { status: 200, json, bytes: text.length } };
  },
});
