import { expect, it } from 'vitest';
import { minutes } from '../../lambdas/durations.ts';
import { decodeVarz } from '../../lambdas/readings/decoders/varz.ts';
import { electionPatience } from '../scenes/jetstream.ts';
import { metaLeader, startCluster } from '../scenes/jetstream/cluster.ts';
import { peerRemoved, phantomPeer } from '../scenes/jetstream/servers.ts';
import type { NatsServer } from '../services/nats-server.ts';
import { waitFor, waitUntil } from '../services/wait.ts';
import { targetsOf, watchingLive } from './watching.ts';

/** How long those of them run that started last, in seconds. */
async function upFor(servers: readonly NatsServer[]): Promise<number> {
  const all = servers.map(async ({ monitoringUrl }) => {
    const reply = decodeVarz(await (await fetch(`${monitoringUrl}/varz`)).json());
    return reply.ok ? reply.value.uptime : 0;
  });
  return Math.min(...(await Promise.all(all)));
}

it('a server that was taken away is a phantom of the meta group until it is removed, which is told too', async () => {
  const cluster = await startCluster({ version: '2.15.1' });
  try {
    const gone = await phantomPeer(cluster, await cluster.client());
    const left = cluster.servers.filter((server) => server !== gone);
    await waitUntil(
      'the servers to have settled',
      () => upFor(left),
      (uptime) => uptime > 10,
    );
    const watched = watchingLive('jetstream-meta', targetsOf(...left));
    const phantom = (await watched.looks(12)).at(-1);
    expect(phantom?.found).toEqual(['META_101 warning cluster lab']);
    expect(phantom?.findings[0]).toMatchObject({
      summary: `The meta group of cluster lab counts 1 member that no server is: ${gone.name}.`,
      evidence: [
        '3 are counted, 2 of them are needed, 2 are there: not one more may fail',
        expect.stringMatching(/^watched: /),
      ],
    });
    await peerRemoved(cluster, await cluster.client('sys'), gone);
    const looks = await watched.looks(2);
    expect(looks.flatMap(({ reported }) => reported)).toEqual([
      'resolved META_101 warning cluster lab',
      'opened META_009 warning cluster lab',
    ]);
    expect(looks[1]?.findings.find(({ diagnosis }) => diagnosis === 'META_009')?.summary).toMatch(
      new RegExp(`has 2 members; it had 3 until .*\\. Gone: ${gone.name}\\.$`),
    );
    await watched.look(minutes(61));
    const even = await watched.looks(12);
    expect(even.at(-1)?.found).toEqual(['META_007 info cluster lab']);
  } finally {
    await cluster.stop();
  }
});

it('a meta leader that changes again and again is told, and one that changes once is not', async () => {
  const cluster = await startCluster({ version: '2.15.1' });
  try {
    const system = await cluster.client('sys');
    const leads = () => waitFor('a leader of the meta group', () => metaLeader(cluster), electionPatience);
    await waitUntil(
      'the servers to have settled',
      () => upFor(cluster.servers),
      (uptime) => uptime > 10,
    );
    const watched = watchingLive('jetstream-meta', targetsOf(...cluster.servers), { serversAge: true });
    const changed = async () => {
      const former = await leads();
      await system.ask('$JS.API.META.LEADER.STEPDOWN');
      await waitUntil('another leader', leads, (leader) => leader !== former, electionPatience);
      return watched.look();
    };
    // Long after their start, which explains a change.
    const once = [await watched.look(minutes(30)), await changed(), ...(await watched.looks(2))];
    expect(once.flatMap(({ found }) => found)).toEqual([]);
    for (let i = 0; i < 3; i += 1) await changed();
    const look = await watched.look();
    expect(look.found).toEqual(['META_003 warning cluster lab']);
    expect(look.findings[0]?.summary).toMatch(
      /^The meta leader of cluster lab changed 4 times within 15 min, between n\d/,
    );
    await watched.look(minutes(16));
    expect((await watched.look()).found).toEqual([]);
  } finally {
    await cluster.stop();
  }
});
