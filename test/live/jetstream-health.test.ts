import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startJetStreamCluster, type JetStreamCluster } from '../scenes/jetstream-cluster.ts';
import { jetStreamConfig } from '../scenes/jetstream.ts';
import { natsVersions, startNatsServer, type NatsVersion } from '../services/nats-server.ts';
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
const ofHealth = (looks: readonly Checked[]) =>
  reported(looks).filter((each) => !each.includes('SERVER_008'));

/** What the looks of each act saw. */
type Acts = Readonly<Record<'whole' | 'rolling' | 'leader' | 'lost', readonly Checked[]>>;

/** A cluster of three: well, then restarted one by one, then without its stream's leader, then without quorum. */
async function watch(cluster: JetStreamCluster): Promise<Acts> {
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

  await cluster.loseQuorum();
  return { whole, rolling, leader: [during, ...after], lost: [await look(), await look()] };
}

describe("JetStream's health", () => {
  const clusters: JetStreamCluster[] = [];
  let acts: ReadonlyMap<NatsVersion, Acts>;
  beforeAll(async () => {
    const watched = new Map<NatsVersion, Acts>();
    // One after the other: servers that wait for the processor elect leaders again and again.
    for (const version of natsVersions) {
      const cluster = await startJetStreamCluster({ version });
      clusters.push(cluster);
      watched.set(version, await watch(cluster));
    }
    acts = watched;
  }, 1_200_000);
  afterAll(() => Promise.all(clusters.map(({ stop }) => stop())));
  const act = (version: NatsVersion, name: keyof Acts): readonly Checked[] => acts.get(version)?.[name] ?? [];

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
