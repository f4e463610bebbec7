import { describe, expect, it } from 'vitest';
import check from '../../lambdas/checks/jetstream-consumers.ts';
import { gzippedBytes } from '../../lambdas/adapters/memory/codec.ts';
import { minutes } from '../../lambdas/durations.ts';
import type { Ports, Source } from '../../lambdas/ports.ts';
import { run } from '../../lambdas/run/run.ts';
import { watchesOf } from '../../lambdas/run/watch.ts';
import { understand } from '../../infra/settings.ts';
import { memoryFrom, silent } from '../bench/all-checks.ts';
import { consumerReplies, type ServerTexts } from '../bench/consumer-replies.ts';

const start = Date.UTC(2026, 10, 20, 12);
const targets = ['east1', 'east2', 'east3'].map((name) => ({ name, url: `http://${name}:8222` }));
const { settings, book, translated } = understand({ clusters: [{ name: 'east', targets }] }, 'test');
const watches = watchesOf(settings, book, translated.plan);

const answering = (texts: ServerTexts): Source => ({
  read: ({ name }, { path }) => {
    const json = JSON.parse(texts[name]?.[path.split('?')[0] ?? ''] ?? '{}') as unknown;
    return Promise.resolve({ ok: true, value: { status: 200, json, bytes: 1 } });
  },
});

/** Runs of consumers that all stand with messages pending, a minute apart; what is warned of, and what the last one kept. */
async function standing(consumers: number, runs: number) {
  const warnings: string[] = [];
  const kept: string[] = [];
  let seen: Readonly<Record<string, string>> = {};
  for (let minute = 0; minute < runs; minute += 1) {
    const at = start + minutes(minute);
    const ports: Ports = {
      ...silent,
      log: { info: () => {}, warn: (message) => void warnings.push(message) },
      source: answering(consumerReplies(consumers, at, 0)),
      memory: memoryFrom(kept.at(-1) ?? null, (text) => void kept.push(text)),
      now: () => at,
    };
    const reports = await Promise.all(watches.map((watch) => run(check, watch, ports, at)));
    const answers = reports
      .flatMap((report) => report?.entries ?? [])
      .flatMap(({ target, diagnoses }) => (target === null ? diagnoses : []));
    seen = Object.fromEntries(answers.map(({ id, outcome, seen: words }) => [id, `${outcome}: ${words}`]));
  }
  return { warnings, bytes: gzippedBytes(kept.at(-1) ?? ''), seen };
}

describe('20,000 consumers that all stand', () => {
  it('are all followed within one memory item, beside as many findings as are kept', async () => {
    const { warnings, bytes, seen } = await standing(20_000, 4);
    expect(warnings.filter((warning) => warning.includes('memory'))).toEqual([]);
    expect(bytes).toBeLessThan(300_000);
    expect([seen['CONSUMER_101'], seen['CONSUMER_106']]).toEqual([
      'warning: 20,000 consumers have messages pending or unacknowledged, 20,000 not moving',
      'ok: 20,000 consumers wait, all are followed',
    ]);
  });
});
