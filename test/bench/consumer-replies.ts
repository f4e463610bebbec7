import { readFileSync } from 'node:fs';

const recorded = new URL('../recorded/2.15.1/streams/', import.meta.url);
type Row = Readonly<Record<string, unknown>>;
type Stream = Row & { readonly consumer_detail?: readonly Row[]; readonly state: Row };
type Jsz = Row & {
  readonly account_details: readonly (Row & { readonly stream_detail: readonly Stream[] })[];
};

const read = (server: string, endpoint: string): unknown =>
  JSON.parse(readFileSync(new URL(`${server}/${endpoint}.json`, recorded), 'utf8'));

const names = ['east1', 'east2', 'east3'] as const;
type Server = (typeof names)[number];
const consumersOfStream = 10;

const peers: Readonly<Record<Server, string>> = { east1: 'fSkcEV2W', east2: 'NpUTxX2j', east3: 'HjgSsLG7' };

/** A healthy group as `server` shows it: followers know of their leader alone that it is current. */
function groupAs(server: Server, raftGroup: string, leader: Server): Row {
  const isLeader = server === leader;
  const replicas = names
    .filter((name) => name !== server)
    .map((name, i) => ({
      name,
      ...(isLeader || name === leader
        ? { current: true, active: 106_273_343 + i * 37_636 }
        : { current: false, active: 0 }),
      peer: peers[name],
    }));
  return {
    ...{ name: 'east', raft_group: raftGroup, leader },
    ...(isLeader ? { leader_since: '2026-11-20T10:59:42.0168333Z' } : {}),
    ...{ system_account: true, traffic_account: 'SYS', replicas },
  };
}

/** Replies as text, by server and path without its query. */
export type ServerTexts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * What three servers answer that hold so many consumers, ten of a stream, in three replicas each: each has messages pending, its
 * leader is one of the three, and each has taken so many.
 * @param at epoch ms
 */
export function consumerReplies(consumers: number, at: number, taken: number): ServerTexts {
  return Object.fromEntries(
    names.map((server) => {
      const jsz = read(server, 'jsz') as Jsz;
      const [account] = jsz.account_details;
      const pattern = account?.stream_detail.find(({ name }) => name === 'ORDERS');
      const one = pattern?.consumer_detail?.find(({ name }) => name === 'shipping');
      if (account === undefined || pattern === undefined || one === undefined)
        throw new Error('ORDERS was not recorded');
      const leaderOf = (i: number): Server => names[i % names.length] ?? 'east1';
      const group = (kind: 'C' | 'S', i: number): Row =>
        groupAs(server, `${kind}-R3F-${String(i).padStart(8, '0')}`, leaderOf(i));
      const streams = Array.from({ length: consumers / consumersOfStream }, (_, s) => ({
        ...pattern,
        name: `ORDERS-${s}`,
        cluster: group('S', s),
        state: { ...pattern.state, last_seq: 1_000_000 },
        consumer_detail: Array.from({ length: consumersOfStream }, (_, c) => {
          const i = s * consumersOfStream + c;
          const seq = ((i * 7_919) % 100_003) + taken;
          const isLeader = leaderOf(i) === server;
          const name = `worker-${i}`;
          return {
            ...one,
            name,
            stream_name: `ORDERS-${s}`,
            config: { ...(one['config'] as Row), durable_name: name, name },
            delivered: {
              consumer_seq: seq,
              stream_seq: seq,
              last_active: new Date(at - 60_000).toISOString(),
            },
            ack_floor: {
              consumer_seq: seq,
              stream_seq: seq,
              last_active: new Date(at - 60_000).toISOString(),
            },
            num_ack_pending: 0,
            num_pending: isLeader ? 5 + (i % 100) : 0,
            cluster: group('C', i),
          };
        }),
      }));
      const now = new Date(at).toISOString();
      const varz = {
        ...(read(server, 'varz') as Row),
        now,
        start: new Date(at - 86_400_000).toISOString(),
        uptime: '1d0h0m0s',
      };
      const whole = { ...jsz, now, account_details: [{ ...account, stream_detail: streams }] };
      return [server, { '/varz': JSON.stringify(varz), '/jsz': JSON.stringify(whole) }];
    }),
  );
}
