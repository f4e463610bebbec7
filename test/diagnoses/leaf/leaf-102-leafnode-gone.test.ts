import { describe, expect, it } from 'vitest';
import { days, hours, minutes } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/leaf/leaf-102-leafnode-gone.ts';
import type { LeafzRow } from '../../../lambdas/replies/leafz.ts';
import { failing, firstMinute, leafz, server, watching } from '../../kit.ts';
import { hub, leafServer, spoke, unnamed } from './servers.ts';

const both = [hub('hub1', { leafs: [{ name: 'leaf1' }] }), hub('hub2', { leafs: [{ name: 'leaf2' }] })];
const withoutSecond = [hub('hub1', { leafs: [{ name: 'leaf1' }] }), hub('hub2')];
const told = (look: ReturnType<ReturnType<typeof watching>['look']>) =>
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
    expect(told(look)).toEqual([
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

  describe('with names that settings expect', () => {
    const facts = { expect: { leafnodes: ['leaf1', 'leaf2'] } };

    it('misses one that was never seen', () => {
      expect(told(watching(diagnosis, { facts }).look(withoutSecond))).toEqual([
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
      expect(told(looks[5] ?? watch.look(both))).toEqual([
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
      expect(told(expecting(3).look(both))).toEqual([
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
      expect(told(look)).toEqual([
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
        expect(looks.slice(-1).flatMap(told)).toEqual([
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
