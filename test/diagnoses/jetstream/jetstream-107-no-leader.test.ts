import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-107-no-leader.ts';
import { assetsIn, ledBy, member, stream } from '../../jetstream-kit.ts';
import { failing, server, watching } from '../../kit.ts';

const dead = (name: string) =>
  server(name, { varz: failing('unreachable'), streams: failing('unreachable') });

/** These servers with ORDERS, whose leader is this one, and OTHER, which n1 leads. */
const seen = (
  names: readonly string[],
  leader: string | null,
  {
    version = '2.15.1',
    meta = 'n1',
    other = 'n1',
  }: { version?: string; meta?: string; other?: string | null } = {},
) =>
  names.map((name) => {
    const streams = [
      stream({ group: ledBy(leader, name) }),
      stream({ name: 'OTHER', group: ledBy(other, name) }),
    ];
    return member(name, { varz: { version }, streams: assetsIn({ leader: meta }, ...streams) });
  });

const second = (servers: Parameters<ReturnType<typeof watching>['look']>[0]) => {
  const watch = watching(diagnosis, { remembers: true });
  expect(watch.look(servers).findings).toEqual([]);
  return watch.look(servers).findings;
};

describe('JETSTREAM_107, no leader', () => {
  it('is critical for a stream all of whose replicas are there, in the second look', () => {
    expect(second(seen(['n1', 'n2', 'n3'], null))).toMatchObject([
      {
        severity: 'critical',
        entity: { kind: 'stream', name: 'ORDERS (APP)' },
        summary: '1 stream has no leader and takes no message, though all replicas are there: ORDERS (APP).',
        evidence: ['ORDERS (APP): on n1, n2, n3, 2 needed, n1, n2, n3 left'],
      },
    ]);
  });

  it('is so too where the leader gave up on a full store, and the others go on naming it', () => {
    const full = (storage: number) =>
      ['n1', 'n2', 'n3'].map((name) => {
        const group = ledBy(name === 'n3' ? null : 'n3', name);
        const streams = assetsIn({ leader: 'n1' }, stream({ group }), stream({ name: 'OTHER', group }));
        const config = { max_memory: 0, max_storage: 1_000 };
        return member(name, { streams: { ...streams, config, storage: name === 'n3' ? storage : 0 } });
      });
    const [finding, ...others] = second(full(900));
    expect(others).toEqual([]);
    expect([finding?.entity, finding?.summary, finding?.why, finding?.remedy]).toEqual([
      { kind: 'server', name: 'n3' },
      '2 streams have no leader and take no message, for the store of n3 is full: ORDERS (APP), OTHER (APP).',
      'The store of n3 is full: a leader that cannot write gives up, and no other is elected. The others may go on naming it.',
      'Give the store room as SERVER_019 says. A purge of a stream without a leader is refused, and a restart alone changes nothing.',
    ]);
    expect(second(full(899)).map(({ entity, why }) => [entity.name, why])).toEqual([
      ['ORDERS (APP)', diagnosis.why],
      ['OTHER (APP)', diagnosis.why],
    ]);
  });

  it('names the server that may hold the newest copy, from 2.12 on', () => {
    const [finding] = second([...seen(['n1', 'n2'], null, { other: null }), dead('n3')]);
    expect(finding).toMatchObject({
      entity: { kind: 'server', name: 'n3' },
      summary:
        '2 streams have no leader and take no message, though a majority is there, n3 is missing: ORDERS (APP), OTHER (APP).',
      why: expect.stringContaining('n3 may hold the newest copy') as string,
      remedy: expect.stringMatching(/^Bring n3 back, with its store/) as string,
    });
    const [older] = second([...seen(['n1', 'n2'], null, { version: '2.10.27', other: null }), dead('n3')]);
    expect(older?.remedy).toBe(diagnosis.remedy);
  });

  it('is one finding where no server has a meta leader either', () => {
    const cut = seen(['n1', 'n2', 'n3'], null, { meta: '', other: null });
    expect(second(cut)).toMatchObject([
      {
        entity: { kind: 'meta', name: 'domain east, cluster east' },
        summary:
          '2 streams have no leader and take no message, though all replicas are there: ORDERS (APP), OTHER (APP).',
        remedy: expect.stringMatching(/^Are the cluster ports/) as string,
      },
    ]);
  });

  it('leaves to JETSTREAM_008 what has lost its quorum', () => {
    expect(second([...seen(['n1'], null, { other: null }), dead('n2'), dead('n3')])).toEqual([]);
  });

  it('is silent while one replica names a leader, read or not', () => {
    expect(second(seen(['n1', 'n2', 'n3'], 'n3'))).toEqual([]);
    expect(second([...seen(['n1', 'n2'], 'n3'), dead('n3')])).toEqual([]);
  });

  it('is silent over a change of leader between two looks', () => {
    const watch = watching(diagnosis, { remembers: true });
    const looks = ['n1', null, 'n2', null, 'n3'].map((leader) =>
      watch.look(seen(['n1', 'n2', 'n3'], leader)),
    );
    expect(looks.flatMap(({ notices }) => notices)).toEqual([]);
  });
});
