import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startJetStreamCluster, type JetStreamCluster } from '../scenes/jetstream-cluster.ts';
import { jetStreamConfig } from '../scenes/jetstream.ts';
import { natsVersions, startNatsServer, type NatsVersion } from '../services/nats-server.ts';
import { upForLong } from './up-for-long.ts';
import { answersOf, targetsOf, watchingLive, type LiveLook } from './watching.ts';

const outcomes = (look: LiveLook | undefined, server: string) =>
  Object.fromEntries(
    ['SERVER_001', 'SERVER_014', 'SERVER_015', 'SERVER_016'].map((id) => [
      id,
      look && answersOf(look, id)[server]?.outcome,
    ]),
  );
/** What the checks saw in one look: whether servers are up first. */
type Checked = readonly LiveLook[];
const reported = (looks: readonly Checked[]) => looks.flat().flatMap((look) => look.reported);

/** That servers restart, a minute apart for the checks and seconds for themselves, is another matter. */
const ofHealth = (looks: readonly Checked[]) => reported(looks).filter((each) => !/SERVER_00[89]/.test(each));

/** What the looks of each act saw. */
type Act = 'whole' | 'rolling' | 'leader' | 'lost' | 'rescued' | 'alone';
type Acts = Readonly<Record<Act, readonly Checked[]>> & { readonly streamsAlone: LiveLook | undefined };

/**
 * A cluster of three: well, then restarted one by one, then without its stream's leader, then without quorum; then with a quorum of
 * the one that is left, and without those that were lost.
 */
async function watch(cluster: JetStreamCluster, version: NatsVersion): Promise<Acts> {
  const watched = ['server-up', 'jetstream-meta', 'jetstream-server'].map((check) =>
    watchingLive(check, targetsOf(...cluster.servers)),
  );
  const look = () => Promise.all(watched.map((each) => each.look()));
  const whole = [await look()];

  const rolling: Checked[] = [];
  for (const server of cluster.servers) {
    await server.restart();
    rolling.push(await look());
    await cluster.healthy();
    rolling.push(await look());
  }

  const { leader } = await cluster.leader();
  await leader.kill();
  const during = await look();
  await leader.restart();
  await cluster.healthy();
  const after = [await look(), await look(), await look()];

  const left = await cluster.loseQuorum();
  await upForLong([left]);
  const lost = [await look(), await look()];
  const seen = { whole, rolling, leader: [during, ...after], lost };
  if (version !== rescuable) return { ...seen, rescued: [], alone: [], streamsAlone: undefined };
  const remove = await cluster.rescue(left);
  const rescued = [await look(), await look()];
  await remove();
  const alone: Checked[] = [];
  for (let i = 0; i < 6; i += 1) alone.push(await look());
  const streams = await watchingLive('jetstream-streams', targetsOf(left)).looks(6);
  return { ...seen, rescued, alone, streamsAlone: streams.at(-1) };
}

/** A meta group of older ones cannot lower its quorum. */
const rescuable = '2.15.1';

describe("JetStream's health", () => {
  const clusters: JetStreamCluster[] = [];
  let acts: ReadonlyMap<NatsVersion, Acts>;
  beforeAll(async () => {
    const watched = new Map<NatsVersion, Acts>();
    // One after the other: servers that wait for the processor elect leaders again and again.
    for (const version of natsVersions) {
      const cluster = await startJetStreamCluster({ version });
      clusters.push(cluster);
      watched.set(version, await watch(cluster, version));
    }
    acts = watched;
  }, 1_200_000);
  afterAll(() => Promise.all(clusters.map(({ stop }) => stop())));
  const act = (version: NatsVersion, name: Act): readonly Checked[] => acts.get(version)?.[name] ?? [];

  describe.each(natsVersions)('on nats-server %s', (version) => {
    it('is ok in a whole cluster', () => {
      const [looks = []] = act(version, 'whole');
      expect([looks.flatMap(({ found }) => found), outcomes(looks[0], 'n1')]).toEqual([
        [],
        {
          SERVER_001: 'ok',
          SERVER_014: 'ok',
          SERVER_015: 'ok',
          SERVER_016: version === '2.9.10' ? 'not-applicable' : 'ok',
        },
      ]);
    });

    it('is no news in a rolling restart, each server seen as it comes up', () => {
      expect([act(version, 'rolling').length, ofHealth(act(version, 'rolling'))]).toEqual([6, []]);
    });

    it('is no news of a change of leader, seen in the middle of it', () => {
      expect([act(version, 'leader').length, ofHealth(act(version, 'leader'))]).toEqual([4, []]);
    });

    it('is paged for once in the second run after two of three servers died, by the meta layer', () => {
      const looks = act(version, 'lost');
      expect(ofHealth(looks)).toEqual(['opened META_006 critical cluster east']);
      const [up, meta] = looks[1] ?? [];
      const found = up?.found.filter((each) => !each.startsWith('SERVER_008'));
      expect([found, outcomes(up, 'n1')['SERVER_015']]).toEqual([['SERVER_014 info n1'], 'unknown']);
      expect(meta?.findings[0]).toMatchObject({
        summary:
          'JetStream of cluster east has no meta leader: the one server that was read knows none, and 2 of 3 members are needed.',
      });
      expect(meta?.findings[0]?.evidence).toEqual(
        expect.arrayContaining(['read: n1', 'not read: n2, n3 (SERVER_101)']),
      );
    });
  });

  describe(`on nats-server ${rescuable}, whose quorum is lowered by hand since two of three are lost for good`, () => {
    it('warns while it is lowered', () => {
      const looks = act(rescuable, 'rescued');
      expect(ofHealth(looks).filter((each) => !each.includes('SERVER_101'))).toEqual([
        'opened META_102 warning cluster east',
      ]);
      expect(looks[1]?.[1]?.findings[0]).toMatchObject({
        summary: 'The meta group of cluster east is in rescue on 1 server: its quorum was lowered by hand.',
        evidence: ['n1 needs 1 of 3 members, led by n1'],
      });
    });

    it('is over when the lost are removed, and who is left is small, and its streams without replicas', () => {
      const looks = act(rescuable, 'alone');
      expect(ofHealth(looks).toSorted()).toEqual([
        'opened META_009 warning cluster east',
        'resolved META_006 critical cluster east',
        'resolved META_102 warning cluster east',
      ]);
      const [up] = looks.at(-1) ?? [];
      expect(up?.findings.find(({ diagnosis }) => diagnosis === 'SERVER_015')).toMatchObject({
        severity: 'info',
        summary:
          '1 stream of n1 is in no raft group, though configured with replicas: alone, or stopped here.',
      });
      expect(acts.get(rescuable)?.streamsAlone?.findings.map(({ summary }) => summary)).toEqual([
        '1 stream of cluster east has fewer replicas than configured: ORDERS (APP).',
      ]);
    });
  });
});

describe.each(natsVersions)('a lone nats-server %s', (version) => {
  it.each([
    ['with JetStream is healthy', jetStreamConfig, 'ok'],
    ['without JetStream has none to be unhealthy', (): string => '', 'not-applicable'],
  ] as const)('%s', async (_, config, outcome) => {
    const server = await startNatsServer({ version, name: 'n1', config });
    const look = await watchingLive('server-up', targetsOf(server)).look().finally(server.stop);
    expect([look.found, look.outcomes]).toEqual([[], { n1: 'ok', cluster: 'ok' }]);
    // 2.9.10 does not look at streams outside a cluster, nor at accounts.
    const rest = version === '2.9.10' ? 'not-applicable' : outcome;
    expect(outcomes(look, 'n1')).toEqual({
      SERVER_001: 'ok',
      SERVER_014: outcome,
      SERVER_015: rest,
      SERVER_016: rest,
    });
  });
});
