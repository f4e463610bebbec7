import { readFileSync } from 'node:fs';
import { minutes, seconds } from '../../lambdas/durations.ts';
import type { RawReply } from '../../lambdas/ports.ts';
import type { Reading } from '../../lambdas/readings/reading.ts';

type Json = Readonly<Record<string, unknown>>;
type Name = (typeof names)[number];

export const names = ['east1', 'east2', 'east3'] as const;
/** When the day begins, epoch ms: before that it has run for two weeks. */
export const midnight = Date.parse('2026-12-08T00:00:00Z');
const setUp = midnight - minutes(14 * 24 * 60);

const files = new Map<string, Json>();
function recorded(name: Name, endpoint: string): Json {
  const file = `../recorded/2.15.1/streams/${name}/${endpoint}.json`;
  const reply = files.get(file) ?? (JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Json);
  files.set(file, reply);
  return reply;
}
const recordedIds = new Map(names.map((name) => [String(recorded(name, 'varz')['server_id']), name]));

const time = (at: number): string => new Date(at).toISOString();
/** As Go writes it: `26h3m20s` goes on as days. */
const span = (ms: number): string => {
  const total = Math.max(0, Math.floor(ms / 1_000));
  const [d, h, m, s] = [
    Math.floor(total / 86_400),
    Math.floor(total / 3_600) % 24,
    Math.floor(total / 60) % 60,
    total % 60,
  ];
  return `${d > 0 ? `${d}d` : ''}${d + h > 0 ? `${h}h` : ''}${m}m${s}s`;
};

/** How much goes on at a minute of the day: from 0.2 at night to 1 in the afternoon. */
const busy = (minute: number): number => 0.6 - 0.4 * Math.cos(((minute - 180) / 720) * Math.PI);

type Client = {
  readonly kind: 'Client' | 'Leafnode';
  readonly cid: number;
  readonly name: string;
  readonly start: number;
  /** Of this process, for `/connz`. */
  readonly port: number;
};
type Closed = Client & { readonly stop: number; readonly reason: string };
type Server = {
  readonly name: Name;
  process: number;
  start: number;
  state: 'up' | 'draining' | 'down';
  nextCid: number;
  clients: Client[];
  leafnodes: Client[];
  closed: Closed[];
  totalConnections: number;
  inMessages: number;
  outMessages: number;
  memory: number;
};

const MiB = 2 ** 20;

/** Applications, by how many connections they hold: services hold theirs all day, `web` comes and goes with the load. */
const services = { orders: 30, shipping: 24, billing: 18, reports: 6 } as const;
type Service = keyof typeof services;
const mostWeb = 160;
/** Leaf servers, each with one connection to some server. */
export const leafServers = ['edge1', 'edge2'] as const;

/**
 * A cluster of three servers with JetStream as it is on most days: replies are those that real servers gave, with figures that
 * move as theirs do. Stream ORDERS keeps an hour of messages; two durable consumers read them all the time. Leaf servers dial
 * another server when theirs goes.
 */
export function ordinaryCluster() {
  let minute = 0;
  let published = 5_000_000;
  let lastHour: number[] = [];
  const leaders = new Map<string, Name>([
    ['_meta_', 'east3'],
    ['ORDERS', 'east1'],
    ['shipping', 'east1'],
    ['billing', 'east2'],
  ]);
  const servers: readonly Server[] = names.map((name) => ({
    ...{ name, process: 1, start: setUp, state: 'up', nextCid: 100, clients: [], leafnodes: [], closed: [] },
    ...{ totalConnections: 0, inMessages: 4e9, outMessages: 9e9, memory: 400 * MiB },
  }));
  const of = (name: Name): Server => servers.find((server) => server.name === name) ?? fail(name);
  const at = (): number => midnight + minutes(minute);
  const idOf = ({ name, process }: Server): string => `N${name.toUpperCase()}${process}`.padEnd(56, 'A');

  const isOpen = ({ state }: Server): boolean => state === 'up';
  const emptiest = (): Server =>
    servers.filter(isOpen).toSorted((a, b) => a.clients.length - b.clients.length)[0] ?? fail('all down');
  function newcomer(server: Server, kind: Client['kind'], name: string): Client {
    const cid = server.nextCid;
    server.nextCid += 1;
    return { kind, cid, name, start: at() - seconds(10), port: 30_000 + (cid % 30_000) };
  }
  function connect(name: string, server: Server = emptiest()): void {
    server.totalConnections += 1;
    server.clients.push(newcomer(server, 'Client', name));
  }
  function dial(name: string): void {
    const hub = emptiest();
    hub.leafnodes.push(newcomer(hub, 'Leafnode', name));
  }
  function close(server: Server, client: Client, reason: string): void {
    const own = client.kind === 'Client' ? server.clients : server.leafnodes;
    own.splice(own.indexOf(client), 1);
    server.closed.unshift({ ...client, stop: at() - seconds(5), reason });
  }
  const holders = (name: string) =>
    servers.flatMap((server) =>
      server.clients.filter((client) => client.name === name).map((client) => ({ server, client })),
    );

  function followLoad(): void {
    const web = holders('web');
    const wanted = Math.round(mostWeb * busy(minute));
    // Browsers come and go all the time, more come than go in the morning.
    const leaving = Math.min(web.length, 4 + Math.max(0, web.length - wanted));
    for (const { server, client } of web.slice(0, leaving)) close(server, client, 'Client Closed');
    for (let i = web.length - leaving; i < wanted; i += 1) connect('web');
  }
  function work(): void {
    const messages = Math.round(1_200 * busy(minute));
    published += messages;
    lastHour = [...lastHour, messages].slice(-60);
    for (const server of servers.filter(({ state }) => state !== 'down')) {
      server.inMessages += messages * 40;
      server.outMessages += messages * 90;
      const wanted = (250 + 450 * busy(minute)) * MiB;
      server.memory = Math.round(server.memory + (wanted - server.memory) / 30);
    }
  }
  /** Leaders go to another server that runs. */
  function stepDown(name: Name): void {
    const other = emptiest().name;
    for (const [group, leader] of leaders) if (leader === name) leaders.set(group, other);
  }

  for (const [name, count] of Object.entries(services)) for (let i = 0; i < count; i += 1) connect(name);
  for (let i = 0; i < mostWeb * busy(0); i += 1) connect('web');
  leafServers.forEach(dial);
  for (let i = -60; i < 0; i += 1) lastHour.push(Math.round(1_200 * busy(i)));

  /** A minute later. */
  const pass = (): void => {
    minute += 1;
    given = new Map();
    followLoad();
    work();
  };

  /** A third of this service's instances end and new ones take their place. */
  const deploy = (name: Service, third: 0 | 1 | 2): void => {
    const all = holders(name);
    const size = Math.ceil(all.length / 3);
    const oldest = all.toSorted((a, b) => a.client.start - b.client.start).slice(0, size);
    for (const { server, client } of oldest.slice(0, third === 2 ? Infinity : size)) {
      close(server, client, 'Client Closed');
      connect(name);
    }
  };

  /** It takes no clients any more and sends away those it has; leaders are others now. */
  const drain = (name: Name): void => {
    const server = of(name);
    server.state = 'draining';
    stepDown(name);
    for (const client of server.clients.slice(0, Math.ceil(server.clients.length / 2))) {
      close(server, client, 'Server Shutdown');
      connect(client.name);
    }
    for (const leaf of [...server.leafnodes]) {
      close(server, leaf, 'Server Shutdown');
      dial(leaf.name);
    }
  };
  /** It runs anew, whether or not a look met it draining, and its clients are elsewhere. */
  const restart = (name: Name): void => {
    const server = of(name);
    stepDown(name);
    server.state = 'down';
    for (const client of server.clients) connect(client.name);
    for (const leaf of server.leafnodes) dial(leaf.name);
    Object.assign(server, {
      ...{ process: server.process + 1, start: at() - seconds(25), state: 'up', nextCid: 10 },
      ...{
        clients: [],
        leafnodes: [],
        closed: [],
        totalConnections: 0,
        inMessages: 1_000,
        outMessages: 2_000,
      },
      memory: 90 * MiB,
    } satisfies Partial<Server>);
  };

  const peersOf = ({ name }: Server) => servers.filter((each) => each.name !== name);
  const replicasOf = (server: Server, leader: Name | undefined, before: readonly Json[]): readonly Json[] =>
    peersOf(server).map((peer) => ({
      ...before.find((each) => each['name'] === peer.name),
      name: peer.name,
      current: server.name === leader || peer.name === leader,
      active: server.name === leader || peer.name === leader ? 120_000_000 : 0,
    }));
  const peerIds = new Map<string, string>();
  for (const name of names)
    for (const replica of replicasIn(recorded(name, 'jsz')['meta_cluster']))
      peerIds.set(String(replica['name']), String(replica['peer']));
  const known = [...peerIds].map(([name, peer]) => ({ name, peer }));
  const groupOf = (server: Server, group: string, cluster: Json): Json => {
    const leader = leaders.get(group);
    return { ...cluster, leader_since: undefined, leader, replicas: replicasOf(server, leader, known) };
  };

  function streamOf(server: Server, stream: Json): Json {
    const name = String(stream['name']);
    const messages = lastHour.reduce((sum, each) => sum + each, 0);
    const state = {
      messages,
      bytes: messages * 90,
      first_seq: published - messages + 1,
      first_ts: time(at() - minutes(60)),
      last_seq: published,
      last_ts: time(at() - seconds(1)),
      num_subjects: 10,
      consumer_count: 2,
    };
    const consumers = ((stream['consumer_detail'] ?? []) as readonly Json[]).map((consumer) => {
      const own = String(consumer['name']);
      const leads = leaders.get(own) === server.name;
      const acknowledged = published - 12;
      return {
        ...consumer,
        delivered: {
          consumer_seq: published - 4,
          stream_seq: published - 4,
          last_active: time(at() - seconds(1)),
        },
        ack_floor: {
          consumer_seq: acknowledged,
          stream_seq: acknowledged,
          last_active: time(at() - seconds(1)),
        },
        num_ack_pending: 8,
        num_redelivered: 0,
        num_waiting: leads ? 6 : 0,
        num_pending: leads ? 4 : 0,
        cluster: groupOf(server, own, consumer['cluster'] as Json),
        ts: time(at()),
      };
    });
    const config = { ...(stream['config'] as Json), max_bytes: 50_000_000, max_age: 3_600_000_000_000 };
    return {
      ...stream,
      created: time(setUp),
      config,
      state,
      cluster: groupOf(server, name, stream['cluster'] as Json),
      consumer_detail: consumers,
    };
  }

  function jsz(server: Server, query: URLSearchParams): Json {
    const { account_details: accounts, ...base } = recorded(server.name, 'jsz');
    const streams = ((accounts as readonly Json[])[0]?.['stream_detail'] ?? []) as readonly Json[];
    const own = streams.filter(({ name }) => name === 'ORDERS').map((stream) => streamOf(server, stream));
    const stored = own.reduce((sum, stream) => sum + Number((stream['state'] as Json)['bytes']), 0);
    const meta = base['meta_cluster'] as Json;
    return {
      ...base,
      ...{ streams: 1, consumers: 2, storage: stored, bytes: stored, reserved_storage: 50_000_000 },
      messages: Number((own[0]?.['state'] as Json | undefined)?.['messages'] ?? 0),
      meta_cluster: {
        ...meta,
        leader: leaders.get('_meta_'),
        replicas: replicasOf(server, leaders.get('_meta_'), known),
        snapshot: {
          pending_entries: 0,
          pending_size: 0,
          last_time: time(at() - minutes(2)),
          last_duration: 900_000,
        },
      },
      ...(query.has('streams') || query.has('consumers')
        ? { account_details: [{ ...(accounts as readonly Json[])[0], stream_detail: own }] }
        : {}),
    };
  }

  const isMine = (value: unknown): value is Json => typeof value === 'object' && value !== null;
  function varz(server: Server): Json {
    const base = recorded(server.name, 'varz');
    const { stats, meta, ...jetstream } = base['jetstream'] as Json;
    const js = jsz(server, new URLSearchParams());
    return {
      ...base,
      gateway: {},
      jetstream: {
        ...jetstream,
        stats: {
          ...(isMine(stats) ? stats : {}),
          storage: js['storage'],
          reserved_storage: js['reserved_storage'],
        },
        meta: { ...(isMine(meta) ? meta : {}), ...(js['meta_cluster'] as Json) },
      },
      start: time(server.start),
      config_load_time: time(server.start),
      uptime: span(at() - server.start),
      mem: server.memory,
      cpu: Math.round(120 * busy(minute)),
      connections: server.clients.length,
      leaf: { host: '0.0.0.0', port: 7_422, auth_required: true },
      leafnodes: server.leafnodes.length,
      total_connections: server.totalConnections,
      in_msgs: server.inMessages,
      in_bytes: server.inMessages * 300,
      out_msgs: server.outMessages,
      out_bytes: server.outMessages * 300,
      subscriptions: 280 + (server.clients.length + server.leafnodes.length) * 3,
    };
  }

  const client = (each: Client): Json => ({
    cid: each.cid,
    kind: each.kind,
    ...(each.kind === 'Client'
      ? { type: 'nats', lang: 'go', version: '1.47.0', authorized_user: 'app' }
      : { version: '2.15.1' }),
    ip: `10.0.1.${1 + (each.cid % 200)}`,
    port: each.port,
    start: time(each.start),
    last_activity: time(at() - seconds(2)),
    rtt: '620µs',
    uptime: span(at() - each.start),
    idle: '2s',
    pending_bytes: 0,
    in_msgs: 900,
    out_msgs: 2_000,
    in_bytes: 90_000,
    out_bytes: 200_000,
    subscriptions: 3,
    name: each.name,
    account: 'APP',
    name_tag: 'APP',
  });
  function connz(server: Server, query: URLSearchParams): Json {
    const offset = Number(query.get('offset') ?? 0);
    const limit = Number(query.get('limit') ?? 1_024);
    const isClosed = query.get('state') === 'closed';
    const all = isClosed ? server.closed : [...server.clients, ...server.leafnodes];
    const page = all.slice(offset, offset + limit).map((each) => ({
      ...client(each),
      ...('reason' in each ? { stop: time((each as Closed).stop), reason: (each as Closed).reason } : {}),
    }));
    return { num_connections: page.length, total: all.length, offset, limit, connections: page };
  }

  const leafz = ({ leafnodes }: Server): Json => ({
    leafnodes: leafnodes.length,
    leafs: leafnodes.map(({ cid, name, port, start }) => ({
      ...{ id: cid, name, is_spoke: false, account: 'APP', ip: '10.0.2.1', port, rtt: '9.1ms' },
      ...{ in_msgs: 4, out_msgs: Math.floor((at() - start) / 1_000), in_bytes: 76, out_bytes: 798 },
      ...{ subscriptions: 3, compression: 's2_fast' },
    })),
  });

  const routez = (server: Server): Json => {
    const base = recorded(server.name, 'routez');
    const routes = (base['routes'] as readonly Json[]).map((route) => {
      const start = Math.max(server.start, of(route['remote_name'] as Name).start);
      const passed = Math.floor((at() - start) / 1_000);
      return {
        ...route,
        start: time(start),
        last_activity: time(at() - seconds(1)),
        rtt: '410µs',
        uptime: span(at() - start),
        idle: '1s',
        in_msgs: passed * 50,
        out_msgs: passed * 50,
        in_bytes: passed * 5_000,
        out_bytes: passed * 5_000,
      };
    });
    return { ...base, routes };
  };

  const healthz = ({ state }: Server): RawReply =>
    state === 'draining'
      ? {
          status: 500,
          json: {
            status: 'error',
            status_code: 500,
            errors: [{ type: 'CONNECTION', error: 'failed to be ready for connections after 1ms: server' }],
          },
          bytes: 0,
        }
      : { status: 200, json: { status: 'ok' }, bytes: 0 };

  /** Every other endpoint has figures that do not matter here: it is answered as it was recorded. */
  function jsonOf(server: Server, pathname: string, query: URLSearchParams): Json {
    switch (pathname) {
      case '/varz':
        return varz(server);
      case '/jsz':
        return jsz(server, query);
      case '/connz':
        return connz(server, query);
      case '/routez':
        return routez(server);
      case '/leafz':
        return leafz(server);
      case '/gatewayz':
        return {
          ...recorded(server.name, 'gatewayz'),
          name: '',
          outbound_gateways: {},
          inbound_gateways: {},
        };
      case '/accountz':
        return recorded(server.name, query.has('acc') ? `accountz-${query.get('acc') ?? ''}` : 'accountz');
      default:
        return recorded(server.name, pathname.slice(1));
    }
  }

  let given = new Map<string, Reading<RawReply>>();
  /** What a request to one of the servers gets, as `Source.read` has it: the same to whoever asks within a minute. */
  function answer(name: string, path: string): Reading<RawReply> {
    const key = `${name} ${path}`;
    const reply = given.get(key) ?? answered(name, path);
    given.set(key, reply);
    return reply;
  }
  function answered(name: string, path: string): Reading<RawReply> {
    const server = of(name as Name);
    const { pathname, searchParams } = new URL(path, 'http://server');
    if (pathname === '/healthz') return { ok: true, value: healthz(server) };
    const text = JSON.stringify({
      ...jsonOf(server, pathname, searchParams),
      server_id: idOf(server),
      now: time(at()),
    });
    const mended = text.replace(/\bN[A-Z0-9]{55}\b/g, (id) => {
      const owner = recordedIds.get(id);
      return owner === undefined ? id : idOf(of(owner));
    });
    return { ok: true, value: { status: 200, json: JSON.parse(mended) as unknown, bytes: text.length } };
  }

  return { at, pass, deploy, drain, restart, answer };
}

const replicasIn = (meta: unknown): readonly Json[] =>
  (meta as { readonly replicas: readonly Json[] }).replicas;

function fail(what: string): never {
  throw new Error(`no such server: ${what}`);
}
