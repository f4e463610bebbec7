import { describe, expect, it } from 'vitest';
import { decodeVarz } from '../../lambdas/readings/decoders/varz.ts';
import { creation, jetStreamConfig } from '../scenes/jetstream.ts';
import { natsVersions, startNatsServer, type NatsServer } from '../services/nats-server.ts';
import { hours, type Duration } from '../../lambdas/durations.ts';
import { startCluster } from '../scenes/jetstream/cluster.ts';
import { addStream, fill, taken } from '../scenes/jetstream/content.ts';
import { jsz } from '../scenes/jetstream/rows.ts';
import { diskHung, fewDiskOperations, requestsPileUp } from '../scenes/jetstream/storage.ts';
import { waitFor } from '../services/wait.ts';
import { targetsOf, watchingLive } from './watching.ts';

const reserving = (server: NatsServer, name: string, megabytes: number) =>
  creation({ port: server.clientPort, name: 'jetstream' }, `$JS.API.STREAM.CREATE.${name}`, {
    name,
    subjects: [`${name}.>`],
    storage: 'file',
    retention: 'limits',
    num_replicas: 1,
    max_bytes: megabytes * 2 ** 20,
  });

const statsOf = async ({ monitoringUrl }: NatsServer) => {
  const reply = decodeVarz(await (await fetch(`${monitoringUrl}/varz`)).json());
  if (!reply.ok) throw new Error(reply.problem);
  return reply.value.jetstream.stats;
};

describe.each(natsVersions)('JetStream of a real server of %s', (version) => {
  it('is reserved out though it is empty', async () => {
    const server = await startNatsServer({ version, name: 'n1', config: jetStreamConfig });
    const watched = watchingLive('jetstream-server', targetsOf(server));
    try {
      await watched.looks(2);
      await reserving(server, 'ORDERS', 250);
      const [, reserved] = await watched.looks(2);
      expect(reserved?.found).toEqual(['SERVER_131 warning max_file_store of n1']);
      expect(reserved?.findings[0]?.summary).toBe(
        'Streams on n1 reserve 250 MiB of at most 256 MiB (file): 97.7 %, limit 95 %. What is in use: 0 B.',
      );
    } finally {
      await server.stop();
    }
  });

  it('is full soon by what a stream without a limit brings, which is told with both until it has one, and not of one that has', async () => {
    const cluster = await startCluster({ version, size: 1, jetStream: 'max_mem: 8MB, max_file: 8MB' });
    try {
      const client = await cluster.client();
      const [ring, log] = ['RING', 'LOG'];
      await addStream(cluster, client, ring, { max_bytes: 1_000_000 });
      await addStream(cluster, client, log);
      await fill(client, ring, 19, { bytes: 50_000 });
      await fill(client, log, 50, { bytes: 50_000 });
      const limits = { SERVER_135: { for: '1m' }, JETSTREAM_114: { for: '1m' } };
      const watches = ['jetstream-server', 'jetstream-streams'].map((check) =>
        watchingLive(check, targetsOf(...cluster.servers), { limits, serversAge: true }),
      );
      const look = (after?: Duration) => Promise.all(watches.map((watch) => watch.look(after)));
      /** What is found after so many hours in which as much comes, and some minutes. */
      const after = async (hoursLater: number, stream: string) => {
        for (let hour = 0; hour < hoursLater; hour += 1) {
          await fill(client, stream, 4, { bytes: 50_000 });
          await look(hours(1));
        }
        for (let minute = 0; minute < 6; minute += 1) await look();
        return (await look()).flatMap(({ findings }) => findings);
      };
      expect(await after(13, ring)).toEqual([]);
      expect((await after(13, log)).map(({ severity, summary }) => `${severity}: ${summary}`)).toEqual([
        expect.stringMatching(
          /^warning: JetStream of n1 reaches 8 MiB, its maximum, in about 2\d h at its pace\.$/,
        ),
        expect.stringMatching(
          /^warning: Stream LOG \(APP\) has no limit and grows by 2\.\d MiB a day: at this pace the file store of n1 is full in 2\d h/,
        ),
      ]);
      await taken('a limit of LOG', () => client.jsm.streams.update(log, { max_bytes: 2_000_000 }));
      expect((await after(1, log)).map(({ diagnosis }) => diagnosis)).toEqual(['CHANGE_004']);
    } finally {
      await cluster.stop();
    }
  });

  it('has less room after a restart that took some of it away, and is told by how much', async () => {
    let megabytes = 256;
    const config = () => `jetstream { store_dir: "data", max_mem: 64MB, max_file: ${megabytes}MB }`;
    const server = await startNatsServer({ version, name: 'n1', config });
    const watched = watchingLive('jetstream-server', targetsOf(server));
    const shrunk = async () => (await watched.looks(2))[1]?.findings.map(({ summary }) => summary);
    try {
      await watched.looks(2);
      await server.restart();
      expect(await shrunk()).toEqual([]);
      megabytes = 128;
      await server.restart();
      expect(await shrunk()).toEqual([
        expect.stringMatching(/^JetStream of n1 may store 128 MiB, 50 % of the 256 MiB that it had until /),
      ]);
      megabytes = 256;
      await server.restart();
      expect(await shrunk()).toEqual([]);
    } finally {
      await server.stop();
    }
  });

  it('is off after a reload without it, which /healthz and /varz do not say', async () => {
    const server = await startNatsServer({ version, name: 'n1', config: jetStreamConfig });
    try {
      const [watched, health] = ['jetstream-server', 'server-up'].map((check) =>
        watchingLive(check, targetsOf(server)),
      );
      await watched?.looks(2);
      await server.reload(() => '');
      const looks = await watched?.looks(2);
      expect(looks?.[1]?.found).toEqual(['SERVER_132 critical n1']);
      expect(looks?.[1]?.findings[0]?.summary).toMatch(/: its configuration was reloaded without it\.$/);
      expect((await health?.looks(2))?.flatMap(({ found }) => found)).toEqual([]);
      expect(await statsOf(server)).toEqual({});
    } finally {
      await server.stop();
    }
  });
});

it('a disk that hangs is told after six minutes though /healthz is content, and requests that pile up, until it goes on', async () => {
  const { jetStream } = fewDiskOperations;
  const cluster = await startCluster({ version: '2.15.1', size: 1, jetStream });
  try {
    const watched = watchingLive('jetstream-server', targetsOf(...cluster.servers));
    const health = watchingLive('server-up', targetsOf(...cluster.servers));
    expect((await watched.looks(2)).flatMap(({ found }) => found)).toEqual([]);
    const client = await cluster.client();
    const mend = await diskHung(cluster, client, 'ORDERS');
    const looks = await watched.looks(7);
    expect((await health.looks(2)).flatMap(({ found }) => found)).toEqual([]);
    await requestsPileUp(cluster, client, 'ORDERS', 1_100);
    const [burst, piled] = await watched.looks(2);
    await mend();
    expect([burst?.reported, piled?.reported]).toEqual([[], ['opened JETSTREAM_005 warning n1']]);
    expect(piled?.findings.find(({ diagnosis }) => diagnosis === 'JETSTREAM_005')?.summary).toMatch(
      /^1,1\d\d JetStream API requests wait on n1, limit 1,000\.$/,
    );
    expect(looks.map(({ found }) => found)).toEqual([
      ...Array.from({ length: 6 }, () => []),
      ['SERVER_134 warning n1'],
    ]);
    expect(looks.at(-1)?.findings[0]?.summary).toMatch(
      /^The disk of n1 hangs: \d operations? on it waited, and none has gone on since the last look\.$/,
    );
    await waitFor('no request to wait', async () => !(await jsz(cluster.server('n1'))).api.inflight);
    const after = await watched.looks(9);
    expect(after.at(-1)?.found).toEqual([]);
    expect(after.flatMap(({ reported }) => reported).toSorted()).toEqual([
      'resolved JETSTREAM_005 warning n1',
      'resolved SERVER_134 warning n1',
    ]);
  } finally {
    await cluster.stop();
  }
});
