import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Target } from '../lambdas/readings/reading.ts';
import { withoutConfigs } from './without-configs.ts';

/** `scene.json` of a recorded scene. */
export type RecordedScene = {
  readonly scene: string;
  /** The version of nats-server. */
  readonly version: string;
  /** When the last reply had come. */
  readonly takenAt: string;
  readonly targets: readonly RecordedTarget[];
};

export type RecordedTarget = {
  /** Also the folder of its replies. */
  readonly name: string;
  readonly role: 'hub' | 'leaf';
  /** How `/healthz` answered; absent when the server did not answer at all, and then it has no replies. */
  readonly healthz?: { readonly status: number; readonly contentType: string };
};

export type Replay = {
  readonly scene: RecordedScene;
  readonly targets: readonly Target[];
  readonly takenAt: Date;
  readonly stop: () => Promise<void>;
};

type Reply = { readonly status: number; readonly contentType: string; readonly body: string };

/**
 * Serves a recorded scene (a folder with `scene.json`) on loopback, one HTTP server per recorded server on a port of its
 * own. A server that did not answer when the scene was recorded refuses connections.
 */
export async function serveRecorded(sceneFolder: string): Promise<Replay> {
  const scene = (await readJson(path.join(sceneFolder, 'scene.json'))) as RecordedScene;
  const servers: Server[] = [];
  const targets: Target[] = [];
  for (const target of scene.targets) {
    const server = createServer((request, response) => {
      void answer(path.join(sceneFolder, target.name), target, request)
        .catch((error: unknown) => plain(500, String(error)))
        .then(({ status, contentType, body }) => {
          response.writeHead(status, { 'content-type': contentType }).end(body);
        });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    targets.push({ name: target.name, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    if (target.healthz === undefined) await close(server);
    else servers.push(server);
  }
  return {
    scene,
    targets,
    takenAt: new Date(scene.takenAt),
    stop: async () => {
      await Promise.all(servers.map(close));
    },
  };
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

async function answer(folder: string, target: RecordedTarget, request: IncomingMessage): Promise<Reply> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://replay');
  const recorded = (endpoint: string): Promise<string> =>
    readFile(path.join(folder, `${endpoint}.json`), 'utf8');
  switch (pathname) {
    case '/varz':
      return json(await recorded('varz'));
    case '/healthz':
      return {
        status: 200,
        contentType: 'application/json',
        ...target.healthz,
        body: await recorded('healthz'),
      };
    case '/leafz':
      return leafz(await recorded(isTrue(query.get('subs')) ? 'leafz-subs' : 'leafz'), query);
    case '/routez':
      return json(JSON.stringify(await routez(folder, recorded)));
    case '/gatewayz':
      return ifRecorded(recorded(pathname.slice(1)), pathname);
    case '/subsz':
      return ifRecorded(recorded(query.has('test') ? 'listeners' : 'subsz'), pathname);
    case '/accstatz':
      return json(await accstatz(recorded));
    case '/jsz':
      return ifRecorded(jsz(recorded, query), pathname);
    case '/raftz':
      return ifRecorded(recorded(`raftz-${query.get('acc') ?? ''}`), pathname);
    case '/accountz': {
      const account = query.get('acc');
      const reply = recorded(account === null ? 'accountz' : `accountz-${account}`);
      return ifRecorded(account === null ? reply : orConfigured(reply, account, recorded), pathname);
    }
    case '/connz':
      return query.has('cid')
        ? ifRecorded(recorded('client-subjects'), pathname)
        : connz(await recorded(query.get('state') === 'closed' ? 'closed' : 'connz'), query);
    default:
      return plain(404, `${pathname} is not recorded`);
  }
}

type Recorded = (endpoint: string) => Promise<string>;

/** A scene has one with consumers, or one for each depth. All servers of a version without JetStream answer alike. */
async function jsz(recorded: Recorded, query: URLSearchParams): Promise<string> {
  const varz = JSON.parse(await recorded('varz')) as Row;
  if (Object.keys(varz['jetstream'] ?? {}).length === 0) {
    const { version, server_id, now } = varz;
    const alone = path.join(import.meta.dirname, 'recorded', String(version), 'alone/alone/jsz.json');
    return JSON.stringify({ ...(JSON.parse(await readFile(alone, 'utf8')) as Row), server_id, now });
  }
  const depth = ['consumers', 'streams'].find((each) => isTrue(query.get(each)));
  if (depth === undefined) return recorded('jsz');
  const reply = await recorded(`jsz-${depth}`).catch((error: unknown) => {
    if (isMissing(error)) return recorded('jsz');
    throw error;
  });
  return isTrue(query.get('config')) ? reply : JSON.stringify(withoutConfigs(JSON.parse(reply) as Row));
}

/** Few scenes have it; of the others it is made of the connections that were open. */
const accstatz = (recorded: Recorded): Promise<string> =>
  recorded('accstatz').catch(async (error: unknown) => {
    if (!isMissing(error)) throw error;
    const { server_id, now, connections } = JSON.parse(await recorded('connz')) as Row & {
      readonly connections: readonly { readonly kind: string; readonly account?: string }[];
    };
    const accounts = Map.groupBy(connections, ({ account = '$G' }) => account);
    if (!accounts.has('$G')) accounts.set('$G', []);
    return JSON.stringify({
      ...{ server_id, now },
      account_statz: [...accounts].map(([acc, own]) => {
        const leafnodes = own.filter(({ kind }) => kind === 'Leafnode').length;
        return { acc, leafnodes, conns: own.length - leafnodes, slow_consumers: 0 };
      }),
    });
  });

/** An account that nobody asked for when a scene without an operator was recorded. */
const orConfigured = (reply: Promise<string>, account: string, recorded: Recorded): Promise<string> =>
  reply.catch(async (error: unknown) => {
    const { server_id, now, ...varz } = JSON.parse(await recorded('varz')) as Row;
    if (!isMissing(error) || 'trusted_operators_claim' in varz) throw error;
    const detail = { account_name: account, expired: false, complete: true, subscriptions: 0 };
    return JSON.stringify({ server_id, now, account_detail: detail });
  });

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Few scenes have these endpoints, and then each with all that can be asked of it. */
async function ifRecorded(body: Promise<string>, pathname: string): Promise<Reply> {
  try {
    return json(await body);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return plain(404, `${pathname} is not recorded`);
  }
}

type Row = Readonly<Record<string, unknown>>;

/** Scenes without routes show those between the servers that answered when they were recorded. */
async function routez(folder: string, recorded: Recorded): Promise<Row> {
  try {
    return JSON.parse(await recorded('routez')) as Row;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const own = JSON.parse(await recorded('varz')) as RecordedVarz;
  const scene = path.dirname(folder);
  const { targets } = (await readJson(path.join(scene, 'scene.json'))) as RecordedScene;
  const others = targets.filter(
    ({ name, healthz }) => healthz !== undefined && name !== path.basename(folder),
  );
  const peers = await Promise.all(
    others.map(async ({ name }) => (await readJson(path.join(scene, name, 'varz.json'))) as RecordedVarz),
  );
  const routes = peers
    .filter(({ cluster }) => cluster.cluster_port !== undefined && cluster.name === own.cluster.name)
    .slice(0, own.remotes)
    .map(({ server_id: remote_id, server_name: remote_name, start }, i) => {
      return {
        rid: i + 1,
        remote_id,
        remote_name,
        start,
        rtt: '0.3ms',
        pending_size: 0,
        in_msgs: 0,
        out_msgs: 0,
      };
    });
  return { server_id: own.server_id, now: own.now, num_routes: routes.length, routes };
}

type RecordedVarz = {
  readonly server_id: string;
  readonly server_name: string;
  readonly now: string;
  readonly start: string;
  readonly remotes: number;
  readonly cluster: { readonly name?: string; readonly cluster_port?: number };
};

function leafz(body: string, query: URLSearchParams): Reply {
  const account = query.get('acc');
  if (account === null) return json(body);
  // nats-server 2.9 has null for an empty list.
  const reply = JSON.parse(body) as Row & { readonly leafs: readonly Row[] | null };
  const leafs = (reply.leafs ?? []).filter((leaf) => leaf['account'] === account);
  return json(JSON.stringify({ ...reply, leafnodes: leafs.length, leafs }));
}

/** Sorting, paging, `acc` and `auth` as nats-server has them; other parameters were not recorded and change nothing. */
function connz(body: string, query: URLSearchParams): Reply {
  const isClosed = query.get('state') === 'closed';
  const sort = query.get('sort') ?? 'cid';
  if (sort !== 'cid' && !(sort === 'stop' && isClosed) && !(sort === 'subs' && !isClosed))
    return plain(400, `sort=${sort} is not recorded`);

  const reply = JSON.parse(body) as Row & { readonly connections: readonly Row[] };
  const account = query.get('acc');
  const matching = reply.connections.filter((row) => account === null || row['account'] === account);
  // Closed rows were recorded as sort=stop has them, newest first.
  const by = (field: string, direction: 1 | -1) =>
    matching.toSorted((a, b) => direction * (Number(a[field]) - Number(b[field])));
  const sorted = sort === 'stop' ? matching : sort === 'subs' ? by('subscriptions', -1) : by('cid', 1);

  const offset = Math.max(0, wholeNumber(query.get('offset'), 0));
  const asked = wholeNumber(query.get('limit'), 0);
  const limit = asked > 0 ? asked : 1024;
  const connections = sorted
    .slice(offset, offset + limit)
    .map((row) => (isTrue(query.get('auth')) ? row : withoutAuth(row)));
  return json(
    JSON.stringify({
      ...reply,
      num_connections: connections.length,
      total: sorted.length,
      offset,
      limit,
      connections,
    }),
  );
}

function withoutAuth(row: Row): Row {
  const hidden = ['account', 'authorized_user', 'name_tag'];
  return Object.fromEntries(Object.entries(row).filter(([field]) => !hidden.includes(field)));
}

function isTrue(parameter: string | null): boolean {
  return parameter === '1' || parameter === 'true';
}

function wholeNumber(parameter: string | null, otherwise: number): number {
  return parameter === null ? otherwise : Number.parseInt(parameter, 10) || otherwise;
}

function json(body: string): Reply {
  return { status: 200, contentType: 'application/json', body };
}

function plain(status: number, body: string): Reply {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}
