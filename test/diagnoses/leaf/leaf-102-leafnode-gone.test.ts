import { describe, expect, it } from 'vitest';
import { days, hours, minutes } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/leaf/leaf-102-leafnode-gone.ts';
import type { LeafzRow } from '../../../lambdas/readings/decoders/leafz.ts';
import { failing, firstMinute, leafz, server, watching } from '../../kit.ts';
import { hub, leafServer, spoke, unnamed } from './servers.ts';

const both = [hub('hub1', { leafs: [{ name: 'leaf1' }] }), hub('hub2', { leafs: [{ name: 'leaf2' }] })];
const withoutSecond = [hub('hub1', { leafs: [{ name: 'leaf1' }] }), hub('hub2')];
const reported = (look: ReturnType<ReturnType<typeof watching>['look']>) =>
  look.findings.map(({ severity, entity, summary }) => `${severity} ${entity.name}: ${summary}`);

describe('LEAF_102, a leafnode that is gone', () => {
  it('warns in the sixth minute in which it is on no server, not before', () => {
    const watch = watching(diagnosis);
    watch.look(both);
    const outcomes = [1, 2, 3, 4, 5, 6].map(() => watch.look(withoutSecond).outcomes['cluster']);
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'warning']);
  });

  it('names it, how long it was known, and since when it is missed', () => {
    const watch = watching(diagnosis);
    watch.look(both);
    watch.look(both);
    for (let minute = 0; minute < 5; minute += 1) watch.look(withoutSecond);
    const look = watch.look(withoutSecond);
    expect(reported(look)).toEqual([
      'warning APP/leaf2: Leafnode APP/leaf2 is on no server of cluster c1: ' +
        'last seen 6 min ago, 2026-11-20 10:01 UTC.',
    ]);
    expect(look.findings[0]?.evidence).toEqual([
      'how its last connection ended was not seen',
      'known since 2026-11-20 10:00 UTC',
      'leafnodes now: hub1 1, hub2 0',
    ]);
  });

  it('shows how its last connection ended', () => {
    const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
    watch.look(both);
    const ended = { name: 'leaf2', account: 'APP', version: '2.15.1', reason: 'Stale Connection' };
    const stoppedAt = firstMinute + 30_000;
    const look = watch.look([
      hub('hub1', { leafs: [{ name: 'leaf1' }] }),
      hub('hub2', { ended: [{ ...ended, lifetimeSeconds: 86_400, stoppedAt }] }),
    ]);
    expect(look.findings[0]?.evidence[0]).toBe(
      'its last connection: hub2 closed it 2026-11-20 10:00 UTC after 1 d with Stale Connection',
    );
  });

  it('does not mind a leafnode that moves to another hub', () => {
    const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
    watch.look(both);
    const moved = watch.look([hub('hub1', { leafs: [{ name: 'leaf1' }, { name: 'leaf2' }] }), hub('hub2')]);
    expect(moved.outcomes).toEqual({ cluster: 'ok' });
  });

  it('does not mind a leafnode that comes back after its hub was restarted', () => {
    const watch = watching(diagnosis);
    watch.look(both);
    watch.look(withoutSecond);
    expect([0, 1, 2, 3, 4, 5].map(() => watch.look(both).outcomes['cluster'])).toEqual(Array(6).fill('ok'));
  });

  it('tells the same name in two accounts apart', () => {
    const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
    watch.look([
      hub('hub1', {
        leafs: [
          { name: 'leaf1', account: 'A' },
          { name: 'leaf1', account: 'B' },
        ],
      }),
    ]);
    const look = watch.look([hub('hub1', { leafs: [{ name: 'leaf1', account: 'A' }] })]);
    expect(look.findings.map(({ entity }) => entity)).toEqual([{ kind: 'leafnode', name: 'B/leaf1' }]);
  });

  it('knows none on a first run', () => {
    expect(watching(diagnosis).look([hub('hub1')]).outcomes).toEqual({ cluster: 'ok' });
  });

  it('forgets one a day after it was last seen, where settings expect none', () => {
    const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
    watch.look(both);
    expect(watch.look(withoutSecond, days(1)).outcomes).toEqual({ cluster: 'warning' });
    expect(watch.look(withoutSecond, minutes(1)).findings).toEqual([]);
  });

  it('says how long it is missed, and what settings change about it', () => {
    const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
    watch.look(both);
    expect(watch.look(withoutSecond).findings[0]?.remedy).toMatch(
      /it is forgotten 1 d after it was last seen: .* With a number in `expect\.leafnodes` .*; with names /,
    );
  });

  it('is unknown while any server is silent: the leafnode may be there', () => {
    const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
    watch.look(both);
    const silent = [server('hub1', { leafz: failing(), closed: failing() }), hub('hub2')];
    expect(watch.look(silent).outcomes).toEqual({ cluster: 'unknown' });
  });

  it('still misses a leaf server that is watched itself and silent: it never listened for leafnodes', () => {
    const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
    const leaf2 = leafServer('leaf2', [{ local_account: 'APP', urls: ['10.0.0.2:7422'] }], {
      leafs: [spoke()],
    });
    watch.look([...both, leaf2]);
    const look = watch.look([...withoutSecond, server('leaf2', { varz: failing('unreachable') })]);
    expect(look.findings.map(({ entity }) => entity.name)).toEqual(['APP/leaf2']);
  });

  it('is quiet beside such a silent server while all others are there', () => {
    const watch = watching(diagnosis);
    const leaf3 = leafServer('leaf3', [{ local_account: 'APP', urls: ['hub.example.com:7422'] }]);
    watch.look([...both, leaf3]);
    const look = watch.look([...both, server('leaf3', { varz: failing('unreachable') })]);
    expect(look.outcomes).toEqual({ cluster: 'ok' });
  });

  it('does not assume so of a silent server that it never read', () => {
    const look = watching(diagnosis).look([...both, server('leaf2', { varz: failing('unreachable') })]);
    expect(look.outcomes).toEqual({ cluster: 'unknown' });
  });

  it('keeps an open finding through silence', () => {
    const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
    watch.look(both);
    watch.look(withoutSecond);
    const silent = watch.look([hub('hub1'), server('hub2', { varz: failing() })], minutes(30));
    expect(silent.notices).toEqual([]);
    watch.look(both);
    expect(watch.look(both).notices.map(({ kind, entity }) => `${kind} ${entity}`)).toEqual([
      'resolved APP/leaf2',
    ]);
  });

  it('leaves the connections that a watched leaf server dials itself to LEAF_103', () => {
    const remotes = [{ local_account: 'APP', urls: ['10.0.0.1:7422'] }];
    const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
    watch.look([leafServer('leaf1', remotes, { leafs: [spoke()] })]);
    expect(watch.look([leafServer('leaf1', remotes)]).outcomes).toEqual({ cluster: 'ok' });
  });

  it('counts one that dialled with `hub: true`, whose row at the hub is the spoke', () => {
    const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
    watch.look([hub('hub1', { leafs: [{ name: 'edge', is_spoke: true, port: 51_234 }] })]);
    expect(watch.look([hub('hub1')]).findings.map(({ entity }) => entity.name)).toEqual(['APP/edge']);
  });

  describe('of several alike', () => {
    const atOnce = { limits: { LEAF_102: { for: minutes(0) } } };
    const named = (...names: readonly string[]) => [hub('hub1', { leafs: names.map((name) => ({ name })) })];
    const sites = (count: number) => named(...Array.from({ length: count }, () => 'nats-0'));
    const entities = (look: ReturnType<ReturnType<typeof watching>['look']>) =>
      look.findings.map(({ entity }) => entity.name);

    it('is missed as one of two: two sites have a nats-0', () => {
      const watch = watching(diagnosis, atOnce);
      watch.look([
        hub('hub1', { leafs: [{ name: 'nats-0' }] }),
        hub('hub2', { leafs: [{ name: 'nats-0' }] }),
      ]);
      const look = watch.look([hub('hub1', { leafs: [{ name: 'nats-0' }] }), hub('hub2')]);
      expect(reported(look)).toEqual([
        'warning APP/nats-0: Leafnode APP/nats-0 has 1 of 2 connections to cluster c1: the missing one was ' +
          'last seen 1 min ago, 2026-11-20 10:00 UTC.',
      ]);
      expect(look.seen).toEqual({ cluster: '1 leafnode connected, 1 missing' });
    });

    it('is missed by itself when the next one goes, and resolved by any that comes', () => {
      const watch = watching(diagnosis, atOnce);
      watch.look(sites(3));
      expect(entities(watch.look(sites(2)))).toEqual(['APP/nats-0']);
      const none = watch.look(sites(0), minutes(10));
      expect(entities(none)).toEqual(['APP/nats-0', 'APP/nats-0 (2nd)', 'APP/nats-0 (3rd)']);
      expect(none.findings.map(({ summary }) => summary.split(':')[0])).toEqual(
        Array(3).fill('Leafnode APP/nats-0 has 0 of 3 connections to cluster c1'),
      );
      watch.look(sites(3));
      expect(watch.look(sites(3), minutes(10)).notices.map(({ kind }) => kind)).toEqual(
        Array(3).fill('resolved'),
      );
    });

    it('stays missed while the number that is left comes and goes', () => {
      const watch = watching(diagnosis, atOnce);
      watch.look(sites(2));
      expect(entities(watch.look(sites(1)))).toEqual(['APP/nats-0']);
      expect(entities(watch.look(sites(0)))).toEqual(['APP/nats-0', 'APP/nats-0 (2nd)']);
      expect(entities(watch.look(sites(1)))).toEqual(['APP/nats-0']);
    });

    it('is not missed where it moved before its old hub noticed: its dead connection goes minutes later', () => {
      const watch = watching(diagnosis, atOnce);
      watch.look(sites(1));
      for (let minute = 0; minute < 7; minute += 1) watch.look(sites(2));
      expect(watch.look(sites(1)).outcomes).toEqual({ cluster: 'ok' });
    });

    it('is missed where it was beside another for longer than any hub takes to notice a dead link', () => {
      const watch = watching(diagnosis, atOnce);
      watch.look(sites(1));
      for (let minute = 0; minute < 9; minute += 1) watch.look(sites(2));
      expect(watch.look(sites(1)).outcomes).toEqual({ cluster: 'warning' });
    });

    it('moves again and again without being taken for two', () => {
      const watch = watching(diagnosis, atOnce);
      watch.look(sites(1));
      const outcomes = Array.from({ length: 5 }, () => {
        for (let minute = 0; minute < 6; minute += 1) watch.look(sites(2));
        return watch.look(sites(1), minutes(20)).outcomes['cluster'];
      });
      expect(outcomes).toEqual(Array(5).fill('ok'));
    });

    const long = (last: string) =>
      `edge-gateway-production-eu-central-1.nats-leaf-headless.customer-acme.svc-${last}`;

    it('but not quite: long names are told by their last letter, whole', () => {
      const watch = watching(diagnosis, atOnce);
      watch.look(named(long('a'), long('b')));
      expect(reported(watch.look(named(long('a'))))).toEqual([
        `warning APP/${long('b')}: Leafnode APP/${long('b')} is on no server of cluster c1: ` +
          'last seen 1 min ago, 2026-11-20 10:00 UTC.',
      ]);
    });

    it('and so are such names that settings expect', () => {
      const facts = { expect: { leafnodes: [long('a'), `APP/${long('b')}`] } };
      const watch = watching(diagnosis, { ...atOnce, facts });
      expect(watch.look(named(long('a'), long('b'))).outcomes).toEqual({ cluster: 'ok' });
      expect(reported(watch.look(named(long('a'))))).toEqual([
        `warning APP/${long('b')}: Leafnode APP/${long('b')} is on no server of cluster c1: ` +
          'last seen 1 min ago, 2026-11-20 10:00 UTC.',
      ]);
    });

    it('but not quite: accounts and names may hold slashes', () => {
      const alike = [
        { account: 'APP', name: 'eu/edge1' },
        { account: 'APP/eu', name: 'edge1' },
      ];
      const gone = alike.map((_, i) => {
        const watch = watching(diagnosis, atOnce);
        watch.look([hub('hub1', { leafs: alike })]);
        return entities(watch.look([hub('hub1', { leafs: alike.toSpliced(i, 1) })]));
      });
      expect(gone).toEqual([['APP/eu/edge1'], ['"APP/eu"/edge1']]);
    });

    it('an expected edge1 is not there because an eu/edge1 is', () => {
      const watch = watching(diagnosis, { facts: { expect: { leafnodes: ['edge1'] } } });
      expect(entities(watch.look(named('eu/edge1')))).toEqual(['edge1']);
      expect(
        watching(diagnosis, { facts: { expect: { leafnodes: ['eu/edge1'] } } }).look(named('eu/edge1'))
          .outcomes,
      ).toEqual({
        cluster: 'ok',
      });
    });

    it('does not show how one of the other account ended', () => {
      const watch = watching(diagnosis, atOnce);
      const [a, b] = ['A', 'B'].map((account) => ({ name: 'leaf1', account }));
      watch.look([hub('hub1', { leafs: [a ?? {}, b ?? {}] })]);
      const ended = { ...a, version: '2.15.1', reason: 'Stale Connection', lifetimeSeconds: 600 };
      const look = watch.look([hub('hub1', { leafs: [a ?? {}], ended: [ended] })]);
      expect(look.findings.map(({ entity, evidence }) => [entity.name, evidence[0]])).toEqual([
        ['B/leaf1', 'how its last connection ended was not seen'],
      ]);
    });

    it('shows that it was refused since: such rows have no account', () => {
      const watch = watching(diagnosis, atOnce);
      watch.look(named('leaf1'));
      const row = { name: 'leaf1', version: '2.15.1' };
      const ended = { ...row, account: 'APP', lifetimeSeconds: 600, stoppedAt: firstMinute + 20_000 };
      const refused = {
        ...row,
        reason: 'Authentication Failure',
        lifetimeSeconds: 0.003,
        stoppedAt: firstMinute + 40_000,
      };
      const look = watch.look([hub('hub1', { ended: [ended, refused] })]);
      expect(look.findings[0]?.evidence[0]).toBe(
        'its last connection: hub1 closed it 2026-11-20 10:00 UTC after 3 ms with Authentication Failure',
      );
    });

    it('does not show how one of $G ended, whose rows have no account either', () => {
      const watch = watching(diagnosis, atOnce);
      watch.look(named('leaf1'));
      const ended = { name: 'leaf1', version: '2.15.1', reason: 'Stale Connection', lifetimeSeconds: 600 };
      const look = watch.look([hub('hub1', { ended: [ended] })]);
      expect(look.findings[0]?.evidence[0]).toBe('how its last connection ended was not seen');
    });

    it('is expected as often as settings name it', () => {
      const facts = { expect: { leafnodes: ['nats-0', 'nats-0'] } };
      expect(watching(diagnosis, { facts }).look(sites(2)).outcomes).toEqual({ cluster: 'ok' });
      expect(reported(watching(diagnosis, { facts }).look(sites(1)))).toEqual([
        'warning nats-0: Leafnode nats-0 has 1 of 2 connections to cluster c1: the missing one was never seen.',
      ]);
    });

    it('counts connections of one address on servers without names', () => {
      const watch = watching(diagnosis, atOnce);
      const behindNat = (count: number) => [
        hub('hub1', {
          version: '2.9.10',
          leafs: Array.from({ length: count }, (_, i) => unnamed({ port: 40_000 + i })),
        }),
      ];
      watch.look(behindNat(2));
      expect(reported(watch.look(behindNat(1)))[0]).toMatch(
        /^warning APP\/unnamed: Leafnode APP\/unnamed has 1 of 2 connections /,
      );
    });
  });

  describe('with names that settings expect', () => {
    const facts = { expect: { leafnodes: ['leaf1', 'leaf2'] } };

    it('misses one that was never seen', () => {
      expect(reported(watching(diagnosis, { facts }).look(withoutSecond))).toEqual([
        'warning leaf2: Leafnode leaf2 is on no server of cluster c1: it is expected by settings and was not seen.',
      ]);
    });

    it('tells one that was seen before once only, with its account', () => {
      const watch = watching(diagnosis, { facts, limits: { LEAF_102: { for: minutes(0) } } });
      watch.look(both);
      expect(watch.look(withoutSecond).findings.map(({ entity }) => entity.name)).toEqual(['APP/leaf2']);
    });

    it('keeps missing one after the day after which others are forgotten', () => {
      const watch = watching(diagnosis, { facts, limits: { LEAF_102: { for: minutes(0) } } });
      watch.look(both);
      watch.look(withoutSecond);
      const later = watch.look(withoutSecond, hours(25));
      expect(later.findings.map(({ entity }) => entity.name)).toEqual(['APP/leaf2']);
      expect(later.notices.map(({ kind }) => kind)).toEqual(['reminded']);
    });

    it('lets any other come and go, told as information', () => {
      const watch = watching(diagnosis, { facts: { expect: { leafnodes: ['leaf1'] } } });
      watch.look(both);
      const looks = [1, 2, 3, 4, 5, 6].map(() => watch.look(withoutSecond));
      expect(looks.map(({ outcomes }) => outcomes['cluster'])).toEqual(Array(6).fill('ok'));
      expect(looks.flatMap(({ notices }) => notices)).toEqual([]);
      expect(reported(looks[5] ?? watch.look(both))).toEqual([
        'info other leafnodes of c1: 1 leafnode that settings do not miss (expected: leaf1) is on no server of cluster c1: APP/leaf2.',
      ]);
    });

    it('misses one in an account that it left, while it is there in another', () => {
      const watch = watching(diagnosis, {
        facts: { expect: { leafnodes: ['leaf1'] } },
        limits: { LEAF_102: { for: minutes(0) } },
      });
      watch.look([hub('hub1', { leafs: [{ account: 'A' }, { account: 'B' }] })]);
      const left = [hub('hub1', { leafs: [{ account: 'A' }] })];
      expect(watch.look(left).findings.map(({ entity }) => entity.name)).toEqual(['B/leaf1']);
      expect(watch.look(left, days(1)).findings).toEqual([]);
    });

    it('takes names with their account, too', () => {
      const withAccount = { expect: { leafnodes: ['A/leaf1'] } };
      const hubWith = (account: string) => [hub('hub1', { leafs: [{ account }] })];
      expect(watching(diagnosis, { facts: withAccount }).look(hubWith('A')).findings).toEqual([]);
      const other = watching(diagnosis, { facts: withAccount }).look(hubWith('B'));
      expect(other.findings.map(({ entity }) => entity.name)).toEqual(['A/leaf1']);
    });

    it('never forgets them', () => {
      const watch = watching(diagnosis, { facts, limits: { LEAF_102: { for: minutes(0) } } });
      watch.look(both);
      watch.look(withoutSecond, days(8));
      expect(watch.look(withoutSecond).findings.map(({ entity }) => entity.name)).toEqual(['leaf2']);
    });
  });

  describe('with a number that settings expect', () => {
    const expecting = (leafnodes: number) => watching(diagnosis, { facts: { expect: { leafnodes } } });

    it('is quiet with as many, and tells one fewer', () => {
      expect(expecting(2).look(both).outcomes).toEqual({ cluster: 'ok' });
      expect(reported(expecting(3).look(both))).toEqual([
        'warning c1: Cluster c1 has 2 leafnode connections of the 3 that settings expect: 1 missing of which no name is known.',
      ]);
    });

    it('does not say it twice where a leafnode that is known to be gone explains it', () => {
      const watch = expecting(2);
      watch.look(both);
      for (let minute = 0; minute < 5; minute += 1) watch.look(withoutSecond);
      expect(watch.look(withoutSecond).findings.map(({ entity }) => entity.name)).toEqual(['APP/leaf2']);
    });

    it('says beside the one that is known how many more are missing: one of three not seen, one gone', () => {
      const watch = expecting(3);
      watch.look(both);
      for (let minute = 0; minute < 5; minute += 1) watch.look(withoutSecond);
      const look = watch.look(withoutSecond);
      expect(reported(look)).toEqual([
        'warning c1: Cluster c1 has 1 leafnode connection of the 3 that settings expect: 1 missing of which no name is known.',
        'warning APP/leaf2: Leafnode APP/leaf2 is on no server of cluster c1: last seen 6 min ago, 2026-11-20 10:00 UTC.',
      ]);
      expect(look.seen).toEqual({ cluster: '1 leafnode connected, 2 missing' });
    });

    it('keeps missing the one that is known for longer than a day', () => {
      const watch = expecting(2);
      watch.look(both);
      for (let minute = 0; minute < 6; minute += 1) watch.look(withoutSecond);
      const later = watch.look(withoutSecond, hours(25));
      expect(later.findings.map(({ entity }) => entity.name)).toEqual(['APP/leaf2']);
    });

    describe('and leafnodes that are replaced under new names', () => {
      const running = (...names: readonly string[]) => [
        hub('hub1', { leafs: names.map((name) => ({ name })) }),
      ];
      const replaced = () => {
        const watch = expecting(1);
        watch.look(running('edge-7d9f-abcde'));
        return { watch, looks: Array.from({ length: 7 }, () => watch.look(running('edge-7d9f-xyz'))) };
      };

      it('misses none while as many are there', () => {
        const { looks } = replaced();
        expect(looks.map(({ outcomes }) => outcomes['cluster'])).toEqual(Array(7).fill('ok'));
        expect(looks.flatMap(({ notices }) => notices)).toEqual([]);
      });

      it('tells the one that went as information, for a day', () => {
        const { watch, looks } = replaced();
        expect(looks.slice(-1).flatMap(reported)).toEqual([
          'info other leafnodes of c1: 1 leafnode that settings do not miss (expected: 1) is on no server of cluster c1: APP/edge-7d9f-abcde.',
        ]);
        expect(looks[6]?.seen).toEqual({
          cluster: '1 leafnode connected, 0 missing; 1 gone that may come and go',
        });
        expect(watch.look(running('edge-7d9f-xyz'), days(1)).findings).toEqual([]);
      });

      it('misses the one that took its place when that goes, not the one before', () => {
        const { watch } = replaced();
        const gone = Array.from({ length: 6 }, () => watch.look(running()));
        expect(gone.flatMap(({ notices }) => notices)).toEqual([
          { kind: 'opened', severity: 'warning', entity: 'APP/edge-7d9f-xyz' },
        ]);
      });

      it('goes on missing the same one while another is replaced', () => {
        const watch = expecting(2);
        watch.look(running('factory', 'edge-1'));
        for (let minute = 0; minute < 6; minute += 1) watch.look(running('edge-1'));
        const looks = Array.from({ length: 7 }, () => watch.look(running('edge-2')));
        expect(looks.flatMap(({ notices }) => notices)).toEqual([]);
        expect(looks[6]?.findings.map(({ severity, entity }) => `${severity} ${entity.name}`)).toEqual([
          'warning APP/factory',
          'info other leafnodes of c1',
        ]);
      });

      it('is resolved by any leafnode that makes them as many again', () => {
        const watch = expecting(2);
        watch.look(both);
        for (let minute = 0; minute < 10; minute += 1) watch.look(withoutSecond);
        const looks = Array.from({ length: 3 }, () => watch.look(running('leaf1', 'leaf3')));
        expect(looks.flatMap(({ notices }) => notices)).toEqual([
          { kind: 'resolved', severity: 'warning', entity: 'APP/leaf2' },
        ]);
      });
    });
  });

  describe('before nats-server 2.9.15, where leafnodes have no names', () => {
    const old = (...leafs: readonly Partial<LeafzRow>[]) =>
      hub('hub1', { version: '2.9.10', leafs: leafs.map((leaf) => unnamed(leaf)) });

    it('goes by account and address', () => {
      const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
      watch.look([hub('hub1', { version: '2.9.10', leafs: [unnamed({ ip: '10.0.9.1' })] })]);
      const look = watch.look([old()]);
      expect(look.findings.map(({ entity }) => entity.name)).toEqual(['APP/10.0.9.1']);
    });

    it('does not mind another port: a leafnode has a new one each time', () => {
      const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
      watch.look([old({ port: 40_001 })]);
      expect(watch.look([old({ port: 40_002 })]).outcomes).toEqual({ cluster: 'ok' });
    });

    it('does not mind another address either: that of a mobile link or a new task is new each time', () => {
      const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
      watch.look([old({ ip: '10.0.9.1' }, { ip: '10.0.9.2' })]);
      expect(watch.look([old({ ip: '10.0.9.7' }, { ip: '10.0.9.2' })]).outcomes).toEqual({ cluster: 'ok' });
      expect(watch.look([old({ ip: '10.0.9.2' })]).findings.map(({ entity }) => entity.name)).toEqual([
        'APP/10.0.9.7',
      ]);
    });

    it('nor one that it had before', () => {
      const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
      const outcomes = ['10.0.9.1', '10.0.9.7', '10.0.9.1', '10.0.9.7'].map(
        (ip) => watch.look([old({ ip })]).outcomes['cluster'],
      );
      expect(outcomes).toEqual(Array(4).fill('ok'));
    });

    it('takes a new address of another account for no return', () => {
      const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
      watch.look([old({ ip: '10.0.9.1' })]);
      const look = watch.look([old({ ip: '10.0.9.7', account: 'B' })]);
      expect(look.findings.map(({ entity }) => entity.name)).toEqual(['APP/10.0.9.1']);
    });

    it('does not pretend to know expected names', () => {
      const watch = watching(diagnosis, { facts: { expect: { leafnodes: ['leaf1'] } } });
      const look = watch.look([old({})]);
      expect(look.outcomes).toEqual({ cluster: 'not-applicable' });
      expect(look.seen['cluster']).toBe(
        'before nats-server 2.9.15 leafnodes have no names: leaf1 cannot be told',
      );
    });

    it('does not miss anyone when the servers are upgraded and names appear', () => {
      const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
      watch.look([old({ ip: '10.0.9.1' })]);
      expect(watch.look([hub('hub1', { version: '2.9.15', leafs: [{ ip: '10.0.9.1' }] })]).outcomes).toEqual({
        cluster: 'ok',
      });
    });

    it('goes by address on all servers while one of them is old, so that moving is no loss', () => {
      const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
      const modern = (...leafs: readonly Partial<LeafzRow>[]) => hub('hub2', { leafs });
      watch.look([old(), modern({ ip: '10.0.9.1' })]);
      expect(watch.look([old({ ip: '10.0.9.1' }), modern()]).outcomes).toEqual({ cluster: 'ok' });
    });
  });

  describe('without a server_name, so that its name changes with each restart', () => {
    const id = (letter: string) => `N${letter.repeat(55)}`;
    const task = (letter: string, ip: string) => [hub('hub1', { leafs: [{ name: id(letter), ip }] })];

    it('is not missed by itself when it is replaced at another address', () => {
      const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
      watch.look(task('A', '10.0.9.1'));
      const look = watch.look(task('B', '10.0.9.2'));
      expect([look.outcomes, look.findings]).toEqual([{ cluster: 'ok' }, []]);
    });

    it('is not missed by itself when it is gone', () => {
      const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
      watch.look(task('A', '10.0.9.1'));
      expect(watch.look([hub('hub1')]).outcomes).toEqual({ cluster: 'ok' });
    });

    it('is one fewer where settings expect a number', () => {
      const watch = watching(diagnosis, { facts: { expect: { leafnodes: 1 } } });
      watch.look(task('A', '10.0.9.1'));
      const looks = Array.from({ length: 6 }, () => watch.look([hub('hub1')]));
      expect(looks.flatMap(({ notices }) => notices)).toEqual([
        { kind: 'opened', severity: 'warning', entity: 'c1' },
      ]);
    });
  });

  describe('with a memory from before ids were whole', () => {
    const cut = 'edge-gateway-production-eu-central-1.nats-leaf-headless.customer-a';
    const whole = 'edge-gateway-production-eu-central-1.nats-leaf-headless.customer-acme.svc-1';
    const before = firstMinute - minutes(5);
    const remembered = (...members: readonly string[]) => ({
      LEAF_102: {
        named: {
          kind: 'set' as const,
          state: Object.fromEntries(members.map((member) => [member, [before, before]])),
        },
      },
    });
    const options = { limits: { LEAF_102: { for: minutes(0) } }, remembers: true };
    const there = hub('hub1', {
      leafs: [{ name: whole }, { name: 'edge1', account: 'APP/eu' }, { name: 'leaf1' }],
    });

    it('misses nobody who is there under the whole id', () => {
      const history = remembered(`APP/${cut.slice(0, 64)}`, 'APP/eu/edge1', 'APP/leaf1');
      const watch = watching(diagnosis, { ...options, history });
      expect([watch.look([there]), watch.look([there])].map(({ outcomes }) => outcomes)).toEqual(
        Array(2).fill({ cluster: 'ok' }),
      );
    });

    it('goes on missing who is not', () => {
      const watch = watching(diagnosis, { ...options, history: remembered('APP/leaf1', 'APP/leaf2') });
      const look = watch.look([there]);
      expect(look.findings.map(({ entity, evidence }) => [entity.name, evidence[1]])).toEqual([
        ['APP/leaf2', 'known since 2026-11-20 09:55 UTC'],
      ]);
    });

    it('misses one that goes afterwards once, by its whole id', () => {
      const watch = watching(diagnosis, { ...options, history: remembered(`APP/${cut.slice(0, 64)}`) });
      watch.look([there]);
      expect(
        watch
          .look([hub('hub1')])
          .findings.map(({ entity }) => entity.name)
          .sort(),
      ).toEqual(['"APP/eu"/edge1', `APP/${whole}`, 'APP/leaf1'].sort());
    });
  });

  it('goes on without closed connections', () => {
    const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
    watch.look(both);
    const look = watch.look([
      server('hub1', { leafz: leafz({ name: 'leaf1' }), closed: failing() }),
      hub('hub2'),
    ]);
    expect(look.findings.map(({ entity }) => entity.name)).toEqual(['APP/leaf2']);
  });
});
