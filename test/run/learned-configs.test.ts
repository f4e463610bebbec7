import { describe, expect, it } from 'vitest';
import { understand } from '../../infra/settings.ts';
import consumers from '../../lambdas/checks/jetstream-consumers.ts';
import streams from '../../lambdas/checks/jetstream-streams.ts';
import type { Check } from '../../lambdas/define.ts';
import { minutes } from '../../lambdas/durations.ts';
import type { Source } from '../../lambdas/ports.ts';
import { run } from '../../lambdas/run/run.ts';
import { watchesOf } from '../../lambdas/run/watch.ts';
import { memoryFrom, silent } from '../bench/all-checks.ts';
import { consumerReplies } from '../bench/consumer-replies.ts';
import { withoutConfigs } from '../without-configs.ts';

const start = Date.UTC(2026, 10, 20, 12);
const targets = ['east1', 'east2', 'east3'].map((name) => ({ name, url: `http://${name}:8222` }));
const { settings, book, translated } = understand({ clusters: [{ name: 'east', targets }] }, 'test');
const [watch] = watchesOf(settings, book, translated.plan);

type Row = { name: string; created: string; [key: string]: unknown };
type Jsz = { account_details: { stream_detail: (Row & { consumer_detail: Row[] })[] }[] };
/** What becomes of a reply of a minute. */
type Changes = (reply: Jsz, minute: number, server: string) => void;
type Options = { readonly check?: Check; readonly changes?: Changes; readonly moves?: boolean };

/** Twenty consumers of three servers over so many minutes: what is asked of the first in each, and what is seen in the last. */
async function watched(count: number, { check = consumers, changes = () => {}, moves = true }: Options = {}) {
  const saved: string[] = [];
  const asked: string[][] = [];
  let seen: Readonly<Record<string, string>> = {};
  for (let minute = 0; minute < count; minute += 1) {
    const at = start + minutes(minute);
    const texts = consumerReplies(20, at, moves ? minute : 0);
    const own: string[] = [];
    const source: Source = {
      read: ({ name }, { path }) => {
        const [place = '', query = ''] = path.split('?');
        const reply = JSON.parse(texts[name]?.[place] ?? '{}') as Jsz;
        const isWhole = query.includes('config=true');
        if (place === '/jsz') changes(reply, minute, name);
        if (place === '/jsz' && name === 'east1') own.push(isWhole ? 'whole' : 'bare');
        const json = place === '/jsz' && !isWhole ? withoutConfigs(reply) : reply;
        return Promise.resolve({ ok: true, value: { status: 200, json, bytes: 1 } });
      },
    };
    const memory = memoryFrom(saved.at(-1) ?? null, (text) => void saved.push(text));
    if (watch === undefined) throw new Error('no cluster to watch');
    const report = await run(check, watch, { ...silent, source, memory, now: () => at }, at);
    asked.push(own);
    seen = Object.fromEntries(
      (report?.entries ?? []).flatMap(({ diagnoses }) =>
        diagnoses.map(({ id, outcome, seen: words }) => [id, `${outcome}: ${words}`] as const),
      ),
    );
  }
  return { asked, seen, saved: JSON.parse(saved.at(-1) ?? '{}') as { readonly configs?: unknown } };
}

const whole = ['whole'];
const bare = ['bare'];
const both = ['bare', 'whole'];

describe('configurations of streams and consumers', () => {
  it.each([streams, consumers])('are asked for each 15 minutes: $id', async (check) => {
    const { asked } = await watched(17, { check });
    expect(asked).toEqual([whole, ...Array.from({ length: 14 }, () => bare), whole, bare]);
  });

  it('that were told before leave the answers what they are', async () => {
    const [told, remembered] = [await watched(16), await watched(15)];
    expect([told.asked.at(-1), remembered.asked.at(-1)]).toEqual([whole, bare]);
    expect(remembered.seen).toEqual(told.seen);
    expect(remembered.seen['CONSUMER_101']).toBe('ok: 20 consumers have messages pending or unacknowledged');
  });

  it('are kept once where they are alike', async () => {
    const { saved } = await watched(1);
    expect(saved.configs).toMatchObject({
      toldAt: start,
      configs: [{ retention: 'limits' }, { durable: true }],
    });
  });

  it('of one that is new are asked for in the same run, and of all in the next', async () => {
    const changes: Changes = ({ account_details: [account] }, minute) => {
      const [stream] = account?.stream_detail ?? [];
      const [one] = stream?.consumer_detail ?? [];
      if (minute >= 2 && one !== undefined) stream?.consumer_detail.push({ ...one, name: 'new' });
    };
    const { asked, seen } = await watched(6, { changes });
    expect(asked).toEqual([whole, bare, both, whole, bare, bare]);
    expect(seen['CONSUMER_101']).toMatch(/^ok: 21 consumers have messages pending/);
  });

  it('are told by all servers where one has something new', async () => {
    const changes: Changes = ({ account_details: [account] }, minute, server) => {
      const [stream] = account?.stream_detail ?? [];
      if (minute === 2 && server === 'east2' && stream !== undefined) stream.created = '2026-11-20T11:00:00Z';
    };
    expect((await watched(4, { changes })).asked).toEqual([whole, bare, both, whole]);
  });

  it('of one that was made anew of the same name are not those of the one before', async () => {
    const changes: Changes = ({ account_details: [account] }, minute) => {
      for (const { consumer_detail: all } of account?.stream_detail ?? [])
        for (const one of all) if (minute >= 2) Object.assign(one, { created: '2026-11-20T12:01:30Z' });
    };
    expect((await watched(5, { changes })).asked).toEqual([whole, bare, both, whole, bare]);
  });

  it('are of now until a finding is open, and asked for each three minutes while it goes on', async () => {
    const { asked, seen } = await watched(9, { moves: false });
    expect(seen['CONSUMER_101']).toMatch(/^warning: 20 consumers/);
    expect(asked).toEqual([whole, both, both, bare, bare, whole, bare, bare, whole]);
  });

  it('that were changed lately keep quiet what they explain', async () => {
    // Acknowledgements may be outstanding for an hour from the second minute on.
    const changes: Changes = ({ account_details: [account] }, minute) => {
      for (const { consumer_detail: all } of account?.stream_detail ?? [])
        for (const one of all) {
          one['num_ack_pending'] = 1;
          if (minute > 0) one['config'] = { ...(one['config'] as object), ack_wait: 3_600_000_000_000 };
        }
    };
    const { asked, seen } = await watched(4, { moves: false, changes });
    expect(asked).toEqual([whole, both, bare, bare]);
    expect(seen['CONSUMER_101']).toMatch(/^ok/);
  });

  it('that were changed while a finding was pending keep quiet what they explain', async () => {
    const changes: Changes = ({ account_details: [account] }, minute) => {
      for (const { consumer_detail: all } of account?.stream_detail ?? [])
        for (const one of all) {
          one['num_ack_pending'] = 1;
          if (minute > 1) one['config'] = { ...(one['config'] as object), ack_wait: 3_600_000_000_000 };
        }
    };
    const { asked, seen } = await watched(4, { moves: false, changes });
    expect(asked).toEqual([whole, both, both, bare]);
    expect(seen['CONSUMER_101']).toMatch(/^ok/);
  });

  it('that servers tell in two ways are those of the server that tells, in each run', async () => {
    const changes: Changes = ({ account_details: [account] }, _, server) => {
      for (const stream of account?.stream_detail ?? [])
        if (server !== 'east3') stream['config'] = { ...(stream['config'] as object), num_replicas: 5 };
    };
    const { asked, seen } = await watched(8, { check: streams, changes });
    expect(asked).toEqual([whole, ...Array.from({ length: 7 }, () => whole)]);
    expect(seen['JETSTREAM_109']).toMatch(/^warning: 2 streams/);
    expect(seen['CHANGE_004']).toBe('ok: 2 streams, 0 changed within the hour');
  });
});
