import { mkdir, rm, writeFile } from 'node:fs/promises';
import { hostname, networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import type { RecordedScene, RecordedTarget } from './replay.ts';
import { startAlone, startLeafRefused } from './scenes/alone.ts';
import { alike, startTlsServer } from './scenes/certificates.ts';
import { startHealthy } from './scenes/healthy.ts';
import { jetStreamMoments } from './scenes/jetstream/moments.ts';
import { startLameDuck } from './scenes/lame-duck.ts';
import { startStreams } from './scenes/streams.ts';
import { startTrouble } from './scenes/trouble.ts';
import { natsServer, natsVersions } from './services/nats-server.ts';
import type { NatsServer, NatsVersion } from './services/nats-server.ts';

/** The endpoints that are recorded, by the name of their file. */
const endpoints = {
  varz: '/varz',
  leafz: '/leafz',
  'leafz-subs': '/leafz?subs=1',
  connz: '/connz?auth=1',
  closed: '/connz?state=closed&sort=stop&auth=1&limit=10000',
  healthz: '/healthz?details=true',
} as const;

/** Those that only series are made of: recorded in the one scene that has JetStream, accounts and gateways. */
const seriesEndpoints = {
  routez: '/routez',
  subsz: '/subsz',
  gatewayz: '/gatewayz',
  accstatz: '/accstatz?unused=1',
  accountz: '/accountz',
  'accountz-APP': '/accountz?acc=APP',
  'accountz-SYS': '/accountz?acc=SYS',
  'accountz-$G': '/accountz?acc=$G',
  jsz: '/jsz?consumers=true&config=true&raft=true',
} as const;

/** What JetStream's incidents show; an old server has no `/raftz`. */
const jetStreamEndpoints = {
  varz: '/varz',
  healthz: '/healthz?details=true',
  jsz: '/jsz',
  'jsz-streams': '/jsz?accounts=true&streams=true&config=true&raft=true',
  'jsz-consumers': '/jsz?consumers=true&config=true&raft=true',
  'raftz-APP': '/raftz?acc=APP',
} as const;

type Requests = Readonly<Record<string, string>>;
type RecordServers = (
  scene: string,
  servers: readonly NatsServer[],
  requests?: Requests,
  answering?: readonly NatsServer[],
) => Promise<void>;

const scenes: Readonly<Record<string, (version: NatsVersion, record: RecordServers) => Promise<void>>> = {
  healthy: async (version, record) => {
    const healthy = await startHealthy({ version });
    await record('healthy', healthy.servers).finally(healthy.stop);
  },
  trouble: async (version, record) => {
    const trouble = await startTrouble({ version, loops: 4 });
    await record('trouble/1', trouble.servers)
      .then(() => trouble.stopLeaf())
      .then(() => record('trouble/2', trouble.servers))
      .finally(trouble.stop);
  },
  alone: async (version, record) => {
    const alone = await startAlone({ version });
    await record('alone', alone.servers, { ...endpoints, jsz: '/jsz' }).finally(alone.stop);
  },
  'leaf-refused': async (version, record) => {
    const refused = await startLeafRefused({ version });
    await record('leaf-refused', refused.servers).finally(refused.stop);
  },
  'lame-duck': async (version, record) => {
    const draining = await startLameDuck({ version }, 16);
    await draining
      .drain(10)
      .then(() => record('lame-duck', draining.servers))
      .finally(draining.stop);
  },
  certificates: async (version, record) => {
    const { server } = await startTlsServer(version, alike(Date.UTC(2027, 0, 31)));
    await record('certificates', [server], { varz: '/varz', healthz: '/healthz?details=true' }).finally(
      server.stop,
    );
  },
  streams: async (version, record) => {
    const streams = await startStreams({ version });
    await record('streams', streams.servers, { ...endpoints, ...seriesEndpoints }).finally(streams.stop);
  },
  ...Object.fromEntries(
    jetStreamMoments.map(({ scene, show }) => [
      scene,
      (version: NatsVersion, record: RecordServers) =>
        show(version, (moment, servers, answering) =>
          record(path.posix.join(scene, moment), servers, jetStreamEndpoints, answering),
        ),
    ]),
  ),
};

/**
 * `node test/record.ts [version]… [scene]…`: records these scenes of these versions (all, unless told) into
 * `test/recorded`.
 */
const asked = process.argv.slice(2);
const chosen = <T extends string>(all: readonly T[]): readonly T[] => {
  const some = all.filter((each) => asked.includes(each));
  return some.length === 0 ? all : some;
};
const unknown = asked.filter(
  (word) => !(natsVersions as readonly string[]).includes(word) && !(word in scenes),
);
if (unknown.length > 0) throw new Error(`neither a version nor a scene: ${unknown.join(', ')}`);

for (const version of chosen(natsVersions)) {
  const { version: printed } = await natsServer(version);
  const folder = path.join(import.meta.dirname, 'recorded', printed);
  for (const name of chosen(Object.keys(scenes))) {
    await rm(path.join(folder, name), { recursive: true, force: true });
    await scenes[name]?.(version, async (scene, servers, requests = endpoints, answering = servers) => {
      await recordScene(path.join(folder, scene), { scene, version: printed }, servers, requests, answering);
      process.stdout.write(`${printed} ${scene}\n`);
    });
  }
}

async function recordScene(
  folder: string,
  what: Pick<RecordedScene, 'scene' | 'version'>,
  servers: readonly NatsServer[],
  requests: Requests,
  answering: readonly NatsServer[],
): Promise<void> {
  const targets = await Promise.all(
    servers.map((server) => recordServer(folder, server, answering.includes(server) ? requests : undefined)),
  );
  const scene: RecordedScene = { ...what, takenAt: new Date().toISOString(), targets };
  await writeFile(path.join(folder, 'scene.json'), `${JSON.stringify(scene, null, 2)}\n`);
}

async function recordServer(
  folder: string,
  server: NatsServer,
  requests: Requests | undefined,
): Promise<RecordedTarget> {
  const target = { name: server.name, role: server.name.startsWith('leaf') ? 'leaf' : 'hub' } as const;
  if (requests === undefined || !server.isRunning()) return target;

  await mkdir(path.join(folder, server.name), { recursive: true });
  let healthz: RecordedTarget['healthz'];
  for (const [file, request] of Object.entries(requests)) {
    const reply = await fetch(`${server.monitoringUrl}${request}`);
    if (reply.status === 404 && request.startsWith('/raftz')) continue;
    const text = await reply.text();
    refuseTraces(text, `${server.name} ${request}`);
    await writeFile(path.join(folder, server.name, `${file}.json`), text.endsWith('\n') ? text : `${text}\n`);
    if (file === 'healthz') {
      healthz = { status: reply.status, contentType: reply.headers.get('content-type') ?? '' };
    } else if (!reply.ok) {
      throw new Error(`${server.name} ${request}: ${reply.status} ${text}`);
    }
  }
  return healthz === undefined ? target : { ...target, healthz };
}

/** Recordings hold the reply word by word, so a reply that tells of this machine or its users must not be kept. */
function refuseTraces(text: string, where: string): void {
  const addresses = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => address);
  const words = new Set(text.split(/[^\w.-]+/));
  const found = [
    ...[...addresses, tmpdir(), process.cwd()].filter((trace) => text.includes(trace)),
    ...[hostname(), 'jwt', 'issuer_key', 'nkey'].filter((word) => words.has(word)),
  ];
  if (found.length > 0) throw new Error(`${where}: the reply holds ${found.join(', ')}`);
}
