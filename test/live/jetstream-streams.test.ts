import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electionPatience } from '../scenes/jetstream.ts';
import { startCluster, type Client, type Cluster } from '../scenes/jetstream/cluster.ts';
import { addStream, fill, taken } from '../scenes/jetstream/content.ts';
import { healthOf } from '../scenes/jetstream/health.ts';
import {
  copyOfShop,
  deliveriesMended,
  flowControlCut,
  hasAll,
  sharingAccounts,
} from '../scenes/jetstream/mirrors.ts';
import { isFollowed, leaderOf, streamIs } from '../scenes/jetstream/rows.ts';
import {
  allBack,
  followerLosesBlock,
  ofSmallBlocks,
  onlyReplicaKilled,
  replicasAgree,
} from '../scenes/jetstream/servers.ts';
import { followerDiskFull, jetStreamGivenUp } from '../scenes/jetstream/storage.ts';
import {
  deleted,
  fullAndRefusing,
  movedOntoFrozen,
  purged,
  recreated,
  scaled,
} from '../scenes/jetstream/streams.ts';
import { waitUntil } from '../services/wait.ts';
import { upForLong } from './up-for-long.ts';
import { targetsOf, watchingLive, type LiveLook } from './watching.ts';

const patience = { ...electionPatience, everyMs: 1_000 };

describe.each(['2.10.27', '2.15.1'] as const)('streams of nats-server %s', (version) => {
  let cluster: Cluster;
  let client: Client;
  let watch: ReturnType<typeof watchingLive>;
  beforeAll(async () => {
    cluster = await startCluster({ version, accounts: sharingAccounts() });
    client = await cluster.client();
    await addStream(cluster, client, 'ORDERS', { num_replicas: 3 });
    await fill(client, 'ORDERS', 20);
    await addStream(cluster, client, 'NOTES');
    await fill(client, 'NOTES', 5);
    await addStream(cluster, client, 'SCRATCH', { num_replicas: 3 });
    await upForLong(cluster.servers);
    watch = watchingLive('jetstream-streams', targetsOf(...cluster.servers));
  });
  afterAll(() => cluster.stop());

  /** What is found of what streams' state says, after so many looks. */
  const ids = /^(CHANGE_004|JETSTREAM_(002|003|010|013|111|112|114)) /;
  const own = ({ found }: LiveLook) => found.filter((each) => ids.test(each));
  const after = async (looks: number) => own((await watch.looks(looks)).at(-1) ?? (await watch.look()));

  it('are nothing to tell of while all is well, and after a purge', async () => {
    expect(await after(3)).toEqual([]);
    await purged(cluster, client, 'ORDERS');
    await fill(client, 'ORDERS', 5);
    expect(await after(4)).toEqual([]);
  });

  it('that are full and refuse are told in the second look', async () => {
    await fullAndRefusing(cluster, client, 'FULL');
    expect(await after(2)).toEqual(['JETSTREAM_003 critical FULL (APP)']);
    await purged(cluster, client, 'FULL');
    expect(await after(7)).toEqual([]);
  });

  it('that were changed are told with the change', async () => {
    await taken('a limit of ORDERS', () => client.jsm.streams.update('ORDERS', { max_msgs: 1_000 }));
    const { findings } = await waitUntil(
      'the change to be seen',
      () => watch.look(),
      (look) => own(look).length > 0,
      patience,
    );
    expect(findings.find(({ diagnosis }) => diagnosis === 'CHANGE_004')?.summary).toBe(
      'Stream ORDERS (APP) was changed: max_msgs none -> 1,000. Messages beyond the new limit, if any, were deleted.',
    );
  });

  it('that were created anew, and deleted ones, are told apart', async () => {
    await recreated(cluster, client, 'ORDERS');
    await deleted(cluster, client, 'SCRATCH');
    const found = await waitUntil(
      'both to be told',
      () => watch.look(),
      (look) => own(look).length >= 2,
      patience,
    );
    await watch.looks(4);
    expect(own(await watch.look()).filter((each) => !each.startsWith('CHANGE'))).toEqual([
      'JETSTREAM_111 warning ORDERS (APP)',
      'JETSTREAM_112 info SCRATCH (APP)',
    ]);
    expect(found.outcomes['cluster']).not.toBe('unknown');
  });

  it.runIf(version === '2.15.1')(
    'that copy more at once than flow control lets through are silent, until what answers it is not imported',
    async () => {
      const shop = await cluster.client('shop');
      const copy = { origin: 'SALES', copy: 'SALES-COPY', kind: 'mirror' } as const;
      await addStream(cluster, shop, copy.origin);
      await copyOfShop(cluster, client, copy);
      await fill(shop, copy.origin, 400, { bytes: 20_000 });
      const copies = ({ found }: LiveLook) => found.filter((each) => /^JETSTREAM_(015|110) /.test(each));
      const midway = await watch.look();
      // On a busy machine a copy may stall for seconds, between two looks of life.
      await hasAll(cluster, copy);
      expect([midway, ...(await watch.looks(4))].flatMap(copies)).toEqual([]);
      await flowControlCut(cluster, shop, copy);
      const isTold = (look: LiveLook) => copies(look).length > 0;
      const told = await waitUntil('the stall to be told', () => watch.look(), isTold, patience);
      expect(copies(told)).toEqual(['JETSTREAM_015 warning SALES-COPY (APP)']);
      expect(told.findings.find(({ diagnosis }) => diagnosis === 'JETSTREAM_015')).toMatchObject({
        summary:
          'Stream SALES-COPY (APP) copies nothing: mirror of SALES through shop.API: it stalls on flow control ' +
          '(error 10228: stream source consumer stalled on flow control).',
        remedy: expect.stringContaining('`$JS.FC.>`') as string,
      });
      await deliveriesMended(cluster, copy);
      const isOver = (look: LiveLook) => copies(look).length === 0;
      await waitUntil('the copy to go on', () => watch.look(), isOver, patience);
      await deleted(cluster, client, copy.copy);
      await deleted(cluster, shop, copy.origin);
    },
  );

  it.runIf(version === '2.15.1')(
    'that wait for a server to move to are told with it, until it answers',
    async () => {
      const waiting = ({ findings }: LiveLook) =>
        findings.filter(({ diagnosis }) => diagnosis === 'JETSTREAM_109');
      await addStream(cluster, client, 'MOVING');
      const frozen = await movedOntoFrozen(cluster, client, 'MOVING');
      const moving = watchingLive('jetstream-streams', targetsOf(...cluster.answering()), {
        limits: { JETSTREAM_109: { for: '1m', waiting: { warning: 1 } } },
      });
      const looked = (what: string, isSo: (look: LiveLook) => boolean) =>
        waitUntil(what, () => moving.look(), isSo, patience);
      const told = await looked('the wait to be told', (look) => waiting(look).length > 0);
      expect(waiting(told).flatMap(({ evidence }) => evidence)).toEqual([
        expect.stringMatching(
          `^MOVING \\(APP\\) has waited for .+ to be on ${frozen.name} \\(quorum, waiting for quorum to add peer\\), led by n`,
        ),
      ]);
      cluster.thaw(frozen);
      await looked('the move to be over', (look) => waiting(look).length === 0);
      await deleted(cluster, client, 'MOVING');
    },
  );

  const lacking = ({ findings }: LiveLook) =>
    findings.filter(({ diagnosis }) => diagnosis === 'JETSTREAM_104').map(({ summary }) => summary);
  const reported = (looks: readonly LiveLook[]) =>
    looks.flatMap((look) => look.reported.filter((each) => each.includes('JETSTREAM_104')));

  it('of which a replica lost old messages are told though all call it well, until it is copied anew', async () => {
    await addStream(cluster, client, 'LEDGER', ofSmallBlocks);
    await fill(client, 'LEDGER', 100, { bytes: 1_000 });
    await replicasAgree(cluster, 'LEDGER', cluster.servers);
    const replicas = watchingLive('jetstream-streams', targetsOf(...cluster.servers), { serversAge: true });
    expect((await replicas.looks(2)).flatMap(lacking)).toEqual([]);
    const follower = await followerLosesBlock(cluster, client, 'LEDGER');
    await fill(client, 'LEDGER', 1);
    await streamIs(cluster, 'LEDGER', 'to be called current on all', isFollowed);
    await expect.poll(async () => (await healthOf(follower)).status).toBe(200);
    const { leader } = await leaderOf(cluster, 'LEDGER');
    const told = await replicas.looks(12);
    expect(reported(told)).toEqual(['opened JETSTREAM_104 warning LEDGER (APP)']);
    expect(told.at(-1)?.findings.find(({ diagnosis }) => diagnosis === 'JETSTREAM_104')).toMatchObject({
      summary: `Replica ${follower.name} of stream LEDGER (APP) holds 30 messages fewer than its leader ${leader.name}, up to the same sequence.`,
      evidence: [
        `${follower.name} holds 71 messages, ${leader.name} 101`,
        'its last sequence 101 does not move',
        `${leader.name} calls it current, 0 entries behind`,
      ],
    });
    await scaled(cluster, client, 'LEDGER', 1);
    await scaled(cluster, client, 'LEDGER', 3);
    await replicasAgree(cluster, 'LEDGER', cluster.servers);
    expect(reported(await replicas.looks(7))).toEqual(['resolved JETSTREAM_104 warning LEDGER (APP)']);
    await deleted(cluster, client, 'LEDGER');
  });

  // 2.10.27 shuts its JetStream down.
  it.runIf(version === '2.15.1')(
    'of which a replica has no room lack messages there, which is told after five minutes, until it has',
    async () => {
      await addStream(cluster, client, 'LEDGER', ofSmallBlocks);
      await fill(client, 'LEDGER', 20, { bytes: 1_000 });
      await replicasAgree(cluster, 'LEDGER', cluster.servers);
      const replicas = watchingLive('jetstream-streams', targetsOf(...cluster.servers), { serversAge: true });
      const { server, mend } = await followerDiskFull(cluster, client, { stream: 'LEDGER', messages: 60 });
      const told = await replicas.looks(7);
      expect(reported(told)).toEqual(['opened JETSTREAM_104 warning LEDGER (APP)']);
      expect(told.flatMap(lacking).at(-1)).toMatch(
        new RegExp(
          `^Replica ${server.name} of stream LEDGER \\(APP\\) lacks 50 of the sequences that n\\d has \\(last 30 of 80\\) and got no nearer for 6 min\\.$`,
        ),
      );
      await mend();
      await replicasAgree(cluster, 'LEDGER', cluster.servers);
      expect(reported(await replicas.looks(7))).toEqual(['resolved JETSTREAM_104 warning LEDGER (APP)']);
      await deleted(cluster, client, 'LEDGER');
    },
  );

  it('go on when a server whose disk is full shuts its JetStream down, which is told in the second look', async () => {
    const [health, own] = ['server-up', 'jetstream-server'].map((check) =>
      watchingLive(check, targetsOf(...cluster.servers)),
    );
    await Promise.all([health?.looks(2), own?.looks(2)]);
    const { server, mend } = await jetStreamGivenUp(cluster, client, 'ORDERS');
    const off = (look: LiveLook | undefined) =>
      look?.findings.filter(({ diagnosis }) => /_(014|132)$/.test(diagnosis));
    const [, told] = (await health?.looks(2)) ?? [];
    expect(off(told)).toMatchObject([
      {
        diagnosis: 'SERVER_014',
        severity: 'critical',
        summary: `${server.name} says: JetStream not enabled (10076).`,
        why: expect.stringContaining('its disk was full or failed') as string,
      },
    ]);
    expect((await own?.looks(2))?.flatMap(off)).toEqual([]);
    await mend();
    await waitUntil(
      'its JetStream to be well',
      async () => off(await health?.look()),
      (found) => found?.length === 0,
      patience,
    );
  });

  it('whose only replica is on a server that died are told with its name, until it is back', async () => {
    const dead = await onlyReplicaKilled(cluster, 'NOTES');
    const isLost = (look: LiveLook) => own(look).includes(`JETSTREAM_112 critical ${dead.name}`);
    const lost = await waitUntil('the loss to be told', () => watch.look(), isLost, patience);
    expect(lost.findings.find(({ diagnosis }) => diagnosis === 'JETSTREAM_112')?.summary).toBe(
      `${dead.name} cannot be read and is gone for the others, and with it 1 stream that has no replica elsewhere: NOTES (APP).`,
    );
    await allBack(cluster);
    await watch.looks(6);
    expect(own(await watch.look()).filter((each) => each.startsWith('JETSTREAM_112 critical'))).toEqual([]);
  });
});
