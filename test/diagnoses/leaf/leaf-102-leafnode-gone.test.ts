import { describe, expect, it } from 'vitest';
import { days, minutes } from '../../../lambdas/define.ts';
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

  it('forgets one a week after it was last seen', () => {
    const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
    watch.look(both);
    expect(watch.look(withoutSecond, days(7)).outcomes).toEqual({ cluster: 'warning' });
    expect(watch.look(withoutSecond, minutes(1)).findings).toEqual([]);
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
        'warning c1: Cluster c1 has 2 leafnode connections of the 3 that settings expect: 1 missing, and which was not seen.',
      ]);
    });

    it('does not say it twice where a leafnode that is known to be gone explains it', () => {
      const watch = expecting(2);
      watch.look(both);
      for (let minute = 0; minute < 5; minute += 1) watch.look(withoutSecond);
      expect(watch.look(withoutSecond).findings.map(({ entity }) => entity.name)).toEqual(['APP/leaf2']);
    });

    it('says it beside the ones that are known where these are too few to explain it', () => {
      const watch = expecting(4);
      watch.look(both);
      for (let minute = 0; minute < 5; minute += 1) watch.look(withoutSecond);
      const names = watch.look(withoutSecond).findings.map(({ entity }) => entity.name);
      expect(names).toEqual(['c1', 'APP/leaf2']);
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

  it('does not miss a leaf server without server_name, whose name changes with each restart', () => {
    const id = (letter: string) => `N${letter.repeat(55)}`;
    const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
    watch.look([hub('hub1', { leafs: [{ name: id('A') }] })]);
    expect(watch.look([hub('hub1', { leafs: [{ name: id('B') }] })]).outcomes).toEqual({ cluster: 'ok' });
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
