import { describe, expect, it } from 'vitest';
import { assetsOf, tellingRow } from '../../../lambdas/diagnoses/assets/assets.ts';
import type { Assets } from '../../../lambdas/readings/decoders/assets.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { assets, consumer, ledBy, stream } from '../../jetstream-kit.ts';
import { clusterFacts, varz } from '../../kit.ts';

const seen = (name: string, consumers: Assets, changes: Partial<Varz> = {}) => ({
  target: { name, url: `http://${name}:8222` },
  varz: varz({
    server_id: `id-${name}`,
    server_name: name,
    uptime: 3_600,
    cluster: { name: 'east' },
    ...changes,
  }),
  consumers,
});
type Seen = ReturnType<typeof seen>;
const joined = (servers: readonly Seen[]) => assetsOf(servers, ({ consumers }) => consumers, clusterFacts);

const orders = (self: string, leader: string | null) =>
  assets(stream({ group: ledBy(leader, self), consumers: [consumer({ group: ledBy('n2', self) })] }));

describe('a stream of three replicas', () => {
  it('is one, with the row of the server that leads, and its consumers with the row of theirs', () => {
    const { streams, consumers } = joined(['n1', 'n2', 'n3'].map((name) => seen(name, orders(name, 'n1'))));
    expect(
      streams.map(({ entity, leader, replicas }) => [entity.name, leader?.server.name, replicas.length]),
    ).toEqual([['ORDERS (APP)', 'n1', 3]]);
    expect(consumers.all().map(({ entity, leader }) => [entity.name, leader?.server.name])).toEqual([
      ['ORDERS > shipping (APP)', 'n2'],
    ]);
  });

  it('has no leading row, and its leader is named, where the leader was not read', () => {
    const [own] = joined(['n2', 'n3'].map((name) => seen(name, orders(name, 'n1')))).streams;
    expect([own?.leader, own?.leaderName]).toEqual([null, 'n1']);
  });

  it('has no leader where no replica names one', () => {
    const [own] = joined([seen('n3', orders('n3', null))]).streams;
    expect([own?.leader, own?.leaderName, own?.isSettled]).toEqual([null, null, true]);
  });

  it('has no leader where the one that others name was read and does not lead', () => {
    const [n1, n2, n3] = [
      seen('n1', orders('n1', null)),
      seen('n2', orders('n2', 'n1')),
      seen('n3', orders('n3', 'n1')),
    ];
    const [own] = joined([n1, n2, n3]).streams;
    expect([own?.leader, own?.leaderName]).toEqual([null, null]);
    const starting = seen('n1', orders('n1', null), { uptime: 9 });
    expect(joined([starting, n2, n3]).streams[0]?.leaderName).toBe('n1');
  });

  it('is not led by a server that started seconds ago, whatever it says', () => {
    const [own] = joined([seen('n1', orders('n1', 'n1'), { uptime: 9 })]).streams;
    expect([own?.leader, own?.leaderName, own?.isSettled]).toEqual([null, null, false]);
    const [later] = joined([seen('n1', orders('n1', 'n1'), { uptime: 10 })]).streams;
    expect([later?.leader?.server.name, later?.isSettled]).toEqual(['n1', true]);
  });

  it('is not led by a server that knows none of its replicas, where others name another leader or none', () => {
    const stopped = seen('n1', assets(stream({ group: { leader: 'n1', replicas: [] } })));
    const others = (leader: string | null) => ['n2', 'n3'].map((name) => seen(name, orders(name, leader)));
    const leads = (...servers: readonly Seen[]) => {
      const [own] = joined(servers).streams;
      return [own?.leader?.server.name, own?.leaderName];
    };
    expect(leads(stopped, ...others('n2'))).toEqual(['n2', 'n2']);
    expect(leads(stopped, ...others('n2').slice(1))).toEqual([undefined, 'n2']);
    expect(leads(stopped, ...others(null))).toEqual([undefined, null]);
    // One that was scaled down to a single replica is told so by those that are about to give theirs up.
    expect(leads(stopped, ...others('n1'))).toEqual(['n1', 'n1']);
    expect(leads(stopped)).toEqual(['n1', 'n1']);
  });

  it('is led by the one elected last where two say so', () => {
    const of = (self: string, leaderSince: number) =>
      assets(stream({ group: { ...ledBy(self, self), leaderSince } }));
    const [own] = joined([seen('n1', of('n1', 1)), seen('n2', of('n2', 2))]).streams;
    expect(own?.leader?.server.name).toBe('n2');
  });
});

describe('a server of a cluster that is still recovering its streams', () => {
  it('leads none of them, and they are the same streams as the others hold', () => {
    const recovering = { ...orders('n1', 'n1'), meta_cluster: undefined };
    const { streams } = joined([
      seen('n1', recovering, { cluster: { name: 'east', cluster_port: 6_222 } }),
      seen('n2', orders('n2', 'n3')),
    ]);
    expect(
      streams.map(({ leader, leaderName, replicas, isSettled }) => [
        leader,
        leaderName,
        replicas.length,
        isSettled,
      ]),
    ).toEqual([[null, 'n3', 2, false]]);
  });
});

describe('consumers of a stream', () => {
  const holding = (self: string, names: readonly string[]) =>
    seen(
      self,
      assets(
        stream({
          group: ledBy('n1', self),
          consumers: names.map((name) =>
            consumer({ name, group: ledBy(name === 'both' ? 'n1' : 'n2', self) }),
          ),
        }),
      ),
    );

  it('are known by name, in whatever order servers show them, and whichever of them do', () => {
    const { consumers } = joined([
      holding('n1', ['both', 'all']),
      holding('n2', ['all', 'alone', 'both']),
      holding('n3', ['all']),
    ]);
    expect(consumers.count).toBe(3);
    expect(
      consumers
        .all()
        .map(({ name, leader, replicas }) => [
          name,
          leader?.server.name,
          replicas.map(({ server, row }) => `${server.name} ${row.name}`),
        ]),
    ).toEqual([
      ['both', 'n1', ['n1 both', 'n2 both']],
      ['all', 'n2', ['n1 all', 'n2 all', 'n3 all']],
      ['alone', 'n2', ['n2 alone']],
    ]);
  });

  it('are the same whenever one is looked at, and told apart where their leader was not read', () => {
    const { streams, consumers } = joined([holding('n1', ['both', 'all'])]);
    const [own] = streams;
    expect(consumers.unled().map(({ name, leaderName }) => [name, leaderName])).toEqual([['all', 'n2']]);
    expect(own?.consumers.at(1)).toBe(consumers.unled()[0]);
    expect([0, 1].map((i) => own?.consumers.leaderOf(i)?.name ?? null)).toEqual(['n1', null]);
  });

  it('are left out where settings ignore them, on every server', () => {
    const servers = [holding('n1', ['both', 'all']), holding('n2', ['all', 'both'])];
    const jetstream = { ...clusterFacts.jetstream, ignore: [{ stream: '*', consumer: 'a*' }] };
    const { consumers } = assetsOf(servers, ({ consumers: own }) => own, { ...clusterFacts, jetstream });
    expect(consumers.all().map(({ name, replicas }) => [name, replicas.length])).toEqual([['both', 2]]);
  });
});

describe('what tells most of a stream', () => {
  const holding = (name: string, leader: string | null, lastSeq: number) =>
    seen(name, assets(stream({ group: ledBy(leader, name), state: { lastSeq } })));
  const told = (servers: readonly Seen[]) =>
    joined(servers).streams.map((each) => tellingRow(each)?.state.lastSeq);

  it('is the row of its leader, whatever others hold', () => {
    expect(told([holding('n1', 'n1', 5), holding('n2', 'n1', 9)])).toEqual([5]);
  });

  it('is the row that has come furthest where none leads', () => {
    expect(told([holding('n1', null, 5), holding('n2', null, 9), holding('n3', null, 7)])).toEqual([9]);
  });
});

describe('the key of a stream', () => {
  it('stays when a lone server restarts, which gives it another id', () => {
    const alone = { ...assets(stream()), meta_cluster: undefined };
    const keys = ['A', 'B'].flatMap((id) =>
      joined([seen('n1', alone, { server_id: id, server_name: id, cluster: {} })]).streams.map(
        ({ key, entity }) => [key, entity.name],
      ),
    );
    expect(new Set(keys.map(String)).size).toBe(1);
  });
});

describe('streams of one name', () => {
  it('are two in two accounts', () => {
    const two = assets(stream(), stream({ account: '$G', accountName: '$G' }));
    expect(joined([seen('east1', two)]).streams.map(({ entity }) => entity.name)).toEqual([
      'ORDERS (APP)',
      'ORDERS',
    ]);
  });

  it('are two in two lone servers', () => {
    const alone = (): Assets => {
      const { config, ...rest } = assets(stream());
      return {
        ...rest,
        meta_cluster: undefined,
        config: { max_memory: config.max_memory, max_storage: config.max_storage },
      };
    };
    expect(
      joined([seen('n1', alone()), seen('n2', alone())]).streams.map(({ entity }) => entity.name),
    ).toEqual(['ORDERS (APP, n1)', 'ORDERS (APP, n2)']);
  });
});
