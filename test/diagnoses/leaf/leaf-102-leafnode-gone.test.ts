import { describe, expect, it } from 'vitest';
import { days, minutes } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/leaf/leaf-102-leafnode-gone.ts';
import { failing, firstMinute, leafz, server, watching } from '../../kit.ts';
import { hub, leafServer, spoke } from './servers.ts';
import { both, reported, withoutSecond } from './gone.ts';

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
