import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { format, resolveConfig } from 'prettier';
import { chooseTargets } from '../infra/local/targets.ts';
import { understand } from '../infra/settings.ts';
import { watching } from '../infra/preview/watching.ts';
import { seriesOf, type Recording } from '../infra/preview/recording.ts';
import { seconds } from '../lambdas/durations.ts';
import { watchesOf } from '../lambdas/run/watch.ts';
import { leafConfig } from './scenes/configs.ts';
import { startCluster, type Cluster } from './scenes/jetstream/cluster.ts';
import { startLoad } from './scenes/jetstream/load.ts';
import { noPullWaiting } from './scenes/jetstream/stalled.ts';
import { loopback } from './services/loopback.ts';
import { connect } from './services/nats-client.ts';
import { newestNatsVersion, startNatsServer } from './services/nats-server.ts';

/**
 * `node test/record-dashboard.ts`: what all checks publish of a busy cluster in which a consumer is forgotten, logins fail and
 * a server is gone for a while, into `test/recorded/dashboard.json`. Takes five minutes.
 */
const looks = 60;
const every = seconds(5);

const cluster = await startCluster({
  version: newestNatsVersion,
  more: ({ leaf }) => `leafnodes {
  listen: "${loopback}:${leaf}"
  authorization { users: [{ user: leaf, password: leaf, account: APP }] }
}`,
});
const load = await startLoad(cluster);
const leaf = await startNatsServer({
  version: newestNatsVersion,
  name: 'leaf1',
  config: () => leafConfig({ remotes: [cluster.servers.slice(0, 2)] }),
});
const chat = await startChat(cluster);
await cluster.healthy();

const settingsOf = (url: (name: string) => string) => ({
  clusters: [
    {
      name: 'prod',
      targets: cluster.servers.map(({ name }) => ({ name, url: url(name) })),
      expect: { leafnodes: 1 },
    },
  ],
});
const recordedSettings = settingsOf((name) => `http://${name}.nats.example:8222`);
const scenery = await chooseTargets({
  urls: cluster.servers.map(({ monitoringUrl }) => monitoringUrl),
  ...{ settings: null, since: null, replay: false },
});
const own = understand(
  settingsOf((name) => cluster.server(name).monitoringUrl),
  'recording',
);

const application = await cluster.client();
const third = cluster.server('n3');
const events: Readonly<Record<number, () => Promise<unknown>>> = {
  8: () => noPullWaiting(cluster, application, { stream: 'ORDERS', consumer: 'report' }),
  16: () => failedLogins(cluster, 7),
  17: () => failedLogins(cluster, 4),
  30: () => third.kill(),
  40: () => third.restart(),
};
const takenAt = new Date().toISOString();
let looked = 0;
const seen = await watching(
  {
    ...scenery,
    loaded: own,
    // All that the checks observe, at each look: a deployment publishes most of it in every fifth minute alone.
    watches: watchesOf(own.settings, own.book, { ...own.translated.plan, published: null }),
  },
  { info: () => {}, warn: (message) => process.stderr.write(`${message}\n`) },
  {
    ...{ looks, every },
    onLook: () => {
      looked += 1;
      process.stdout.write(`look ${looked} of ${looks}\n`);
      void events[looked]?.().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
    },
  },
);
const recording: Recording = {
  version: cluster.servers[0]?.version ?? '',
  takenAt,
  settings: recordedSettings,
  seconds: every / 1_000,
  series: seriesOf(seen),
};
const file = path.join(import.meta.dirname, 'recorded/dashboard.json');
await writeFile(
  file,
  await format(JSON.stringify(recording), { ...(await resolveConfig(file)), filepath: file }),
);
chat.stop();
await load.stop();
await leaf.stop();
await cluster.stop();
process.exit();

/** Clients that talk, more and less of them with time. */
async function startChat({ servers }: Cluster) {
  let isOver = false;
  const listeners = await Promise.all(
    servers.map(({ clientPort: port }) => connect({ port, user: 'app', pass: 'app', name: 'listener' })),
  );
  for (const listener of listeners) listener.subscribe('chat.>');
  const talk = async () => {
    for (let i = 0; !isOver; i += 1) {
      const [server] = servers.toSorted(() => Math.random() - 0.5).filter((each) => each.isRunning());
      if (server === undefined) return;
      const talker = await connect({ port: server.clientPort, user: 'app', pass: 'app', name: 'talker' });
      const words = Math.round(40 + 30 * Math.sin(i / 9) + 10 * Math.random());
      for (let word = 0; word < words; word += 1) talker.publish('chat.hello', 'x'.repeat(300));
      await talker.flush();
      await pause(1_500);
      await talker.end();
    }
  };
  const again = async () => {
    while (!isOver) await talk().catch(() => pause(200));
  };
  const talkers = Array.from({ length: 6 }, again);
  return {
    stop: () => {
      isOver = true;
      void Promise.allSettled(talkers);
    },
  };
}

async function failedLogins({ servers }: Cluster, count: number): Promise<void> {
  const attempts = Array.from({ length: count }, (_, i) => {
    const port = servers[i % 2]?.clientPort ?? 0;
    return connect({ port, user: 'app', pass: 'wrong', name: 'billing-old' });
  });
  await Promise.allSettled(attempts);
}
