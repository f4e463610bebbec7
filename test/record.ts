import { mkdir, rm, writeFile } from 'node:fs/promises';
import { hostname, networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import type { RecordedScene, RecordedTarget } from './replay.ts';
import { startAlone, startLeafRefused } from './scenes/alone.ts';
import { startHealthy } from './scenes/healthy.ts';
import { startLameDuck } from './scenes/lame-duck.ts';
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
  healthz: '/healthz?js-server-only=true&details=true',
} as const;

type Record = (scene: string, servers: readonly NatsServer[]) => Promise<void>;

const scenes: readonly ((version: NatsVersion, record: Record) => Promise<void>)[] = [
  async (version, record) => {
    const healthy = await startHealthy({ version });
    await record('healthy', healthy.servers).finally(healthy.stop);
  },
  async (version, record) => {
    const trouble = await startTrouble({ version, loops: 4 });
    await record('trouble/1', trouble.servers)
      .then(() => trouble.stopLeaf())
      .then(() => record('trouble/2', trouble.servers))
      .finally(trouble.stop);
  },
  async (version, record) => {
    const alone = await startAlone({ version });
    await record('alone', alone.servers).finally(alone.stop);
  },
  async (version, record) => {
    const refused = await startLeafRefused({ version });
    await record('leaf-refused', refused.servers).finally(refused.stop);
  },
  async (version, record) => {
    const draining = await startLameDuck({ version });
    await draining
      .drain(10)
      .then(() => record('lame-duck', draining.servers))
      .finally(draining.stop);
  },
];

/** `node test/record.ts [version]…`: records every scene of these versions (all, unless told) into `test/recorded`. */
for (const version of natsVersions) {
  const asked = process.argv.slice(2);
  if (asked.length > 0 && !asked.includes(version)) continue;
  const { version: printed } = await natsServer(version);
  const folder = path.join(import.meta.dirname, 'recorded', printed);
  await rm(folder, { recursive: true, force: true });
  for (const play of scenes) {
    await play(version, async (scene, servers) => {
      await recordScene(path.join(folder, scene), { scene, version: printed }, servers);
      process.stdout.write(`${printed} ${scene}\n`);
    });
  }
}

async function recordScene(
  folder: string,
  what: Pick<RecordedScene, 'scene' | 'version'>,
  servers: readonly NatsServer[],
): Promise<void> {
  const targets = await Promise.all(servers.map((server) => recordServer(folder, server)));
  const scene: RecordedScene = { ...what, takenAt: new Date().toISOString(), targets };
  await writeFile(path.join(folder, 'scene.json'), `${JSON.stringify(scene, null, 2)}\n`);
}

async function recordServer(folder: string, server: NatsServer): Promise<RecordedTarget> {
  const target = { name: server.name, role: server.name.startsWith('leaf') ? 'leaf' : 'hub' } as const;
  if (!server.isRunning()) return target;

  await mkdir(path.join(folder, server.name), { recursive: true });
  let healthz: RecordedTarget['healthz'];
  for (const [file, request] of Object.entries(endpoints)) {
    const reply = await fetch(`${server.monitoringUrl}${request}`);
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
