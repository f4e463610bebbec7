import path from 'node:path';
import { httpSource } from '../../lambdas/adapters/http/source.ts';
import { minutes, seconds } from '../../lambdas/durations.ts';
import type { Source } from '../../lambdas/ports.ts';
import type { Target } from '../../lambdas/readings/reading.ts';
import { serveRecorded } from '../replay.ts';

/** Nothing but messages; or leafnodes, too, and jobs that connect, work and leave. */
export type Life = 'idle' | 'ordinary';

export type QuietCluster = {
  readonly targets: readonly Target[];
  /** The servers as they are in a minute, counted from 0. */
  at(minute: number): Source;
  readonly stop: () => Promise<void>;
};

/**
 * Cluster `east` of three servers with JetStream, up for days, minute after minute without any trouble. The replies are of
 * real servers; in them move clocks, traffic, CPU, memory, leafnodes and closed connections.
 * @param start of minute 0, epoch ms
 */
export async function quietCluster(start: number, life: Life): Promise<QuietCluster> {
  const replay = await serveRecorded(path.join(import.meta.dirname, '../recorded/2.15.1/streams'));
  const http = httpSource({ timeoutMs: seconds(5) });
  return {
    targets: replay.targets.filter(({ name }) => name.startsWith('east')),
    at: (minute) => ({
      async read(target, request) {
        const reading = await http.read(target, request);
        if (!reading.ok) return reading;
        const { searchParams: query } = new URL(request.path, target.url);
        const moment = { server: target.name, start, minute, life, query };
        return { ok: true, value: { ...reading.value, json: moved(reading.value.json as Reply, moment) } };
      },
    }),
    stop: async () => {
      await http.close();
      await replay.stop();
    },
  };
}

type Reply = Readonly<Record<string, unknown>>;
type Moment = {
  readonly server: string;
  readonly start: number;
  readonly minute: number;
  readonly life: Life;
  readonly query: URLSearchParams;
};

const upBefore = 3 * 86_400;
const leavesEach = 4;
const jobsEach = ['backup', 'billing', 'import', 'mailer', 'report', 'sync'];
const clientsEach = 40;

function moved(reply: Reply, moment: Moment): Reply {
  const { start, minute, life, query } = moment;
  if (typeof reply['now'] !== 'string') return reply;
  const timed = { ...reply, now: timeOf(start + minutes(minute) + 1_300) };
  if (typeof reply['uptime'] === 'string') return varzAt(timed, moment);
  if (Array.isArray(reply['account_details'])) return settled(timed);
  if (Array.isArray(reply['routes']))
    return { ...timed, routes: reply['routes'].map((route: Reply) => heard(route, minute)) };
  if (life === 'idle') return timed;
  if (Array.isArray(reply['leafs'])) return { ...timed, leafnodes: leavesEach, leafs: leaves(moment) };
  if (query.get('state') === 'closed') return { ...timed, ...closedPage(moment) };
  return 'total' in reply ? { ...timed, total: clientsEach } : timed;
}

/** Consumers that have taken and acknowledged all there is. */
function settled(jsz: Reply): Reply {
  const each = (rows: unknown, change: (row: Reply) => Reply) => (rows as readonly Reply[]).map(change);
  return {
    ...jsz,
    account_details: each(jsz['account_details'], (account) => ({
      ...account,
      stream_detail: each(account['stream_detail'] ?? [], (stream) => {
        const { last_seq: last } = stream['state'] as { readonly last_seq: number };
        const all = { consumer_seq: last, stream_seq: last };
        const idle = { delivered: all, ack_floor: all, num_pending: 0, num_ack_pending: 0 };
        return {
          ...stream,
          consumer_detail: each(stream['consumer_detail'] ?? [], (consumer) => ({ ...consumer, ...idle })),
        };
      }),
    })),
  };
}

/** Peers send their statistics every ten seconds. */
const heard = (route: Reply, minute: number): Reply => ({
  ...route,
  in_msgs: Number(route['in_msgs']) + 6 * minute,
});

function varzAt(timed: Reply, { server, start, minute, life }: Moment): Reply {
  const up = upBefore + minute * 60;
  const busy = chance(`${server} ${minute}`);
  const traffic = Object.entries(timed).map(([field, value]): [string, unknown] =>
    /^(in|out)_.*(msgs|bytes)$/.test(field) ? [field, Number(value) + grown(field, minute)] : [field, value],
  );
  const ordinary = {
    leafnodes: leavesEach,
    connections: clientsEach,
    total_connections: clientsEach + closedBy(minute),
  };
  return {
    ...Object.fromEntries(traffic),
    ...(life === 'idle' ? {} : ordinary),
    start: timeOf(start - upBefore * 1_000),
    uptime: `${Math.floor(up / 86_400)}d${Math.floor(up / 3_600) % 24}h${Math.floor(up / 60) % 60}m${up % 60}s`,
    mem: Math.round(24e6 + 4e6 * busy),
    cpu: Math.round(20 * busy) / 2,
  };
}

const leaves = ({ server, minute }: Moment): readonly Reply[] =>
  Array.from({ length: leavesEach }, (_, i) => ({
    id: 10 + i,
    name: `${server}-leaf${i}`,
    is_spoke: false,
    account: 'APP',
    ip: '127.0.0.1',
    port: 49_358 + i,
    rtt: `${Math.round(400 + 300 * chance(`${server} ${i} ${minute}`))}µs`,
    in_msgs: grown(`in ${i}`, minute),
    out_msgs: grown(`out ${i}`, minute),
    in_bytes: grown(`in ${i} bytes`, minute),
    out_bytes: grown(`out ${i} bytes`, minute),
    subscriptions: 15,
    compression: 's2_uncompressed',
  }));

/** Rows of the ring before minute 0, and by that minute. */
const closedBy = (minute: number): number => 600 + jobsEach.length * minute;

function closedPage({ start, minute, query }: Moment): Reply {
  const [offset, limit] = [Number(query.get('offset') ?? 0), Number(query.get('limit') ?? 1_024)];
  const total = closedBy(minute);
  const connections = Array.from({ length: Math.min(limit, total - offset) }, (_, i) => {
    const row = total - 1 - offset - i;
    const stop = start + minutes(minute) - (offset + i + 1) * (minutes(1) / jobsEach.length);
    return {
      cid: 100 + row,
      kind: 'Client',
      type: 'nats',
      ip: '127.0.0.8',
      port: 30_000 + (row % 20_000),
      start: timeOf(stop - 4_200),
      last_activity: timeOf(stop - 40),
      stop: timeOf(stop),
      reason: 'Client Closed',
      rtt: '384µs',
      uptime: '4s',
      idle: '0s',
      pending_bytes: 0,
      in_msgs: 17,
      out_msgs: 19,
      in_bytes: 560,
      out_bytes: 5_361,
      subscriptions: 1,
      name: jobsEach[row % jobsEach.length],
      lang: 'go',
      version: '1.52.0',
      authorized_user: 'app',
      account: 'APP',
      name_tag: 'APP',
    };
  });
  return { num_connections: connections.length, total, offset, limit, connections };
}

/** A total after so many minutes: another growth in each. */
const grown = (field: string, minute: number): number =>
  Math.round((minute * 60 + 9 * chance(`${field} ${minute}`)) * (field.endsWith('bytes') ? 4_321 : 37));

const timeOf = (ms: number): string => new Date(ms).toISOString().replace('Z', '123456Z');

/** A number from 0 to 1 that looks random, the same for the same text. */
function chance(text: string): number {
  let state = 7;
  for (let at = 0; at < text.length; at += 1)
    state = Math.imul(state ^ text.charCodeAt(at), 2_246_822_519) ^ (state >>> 13);
  return (state >>> 0) / 2 ** 32;
}
