import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/leaf/leaf-102-leafnode-gone.ts';
import type { LeafzRow } from '../../../lambdas/readings/decoders/leafz.ts';
import { watching } from '../../kit.ts';
import { hub, unnamed } from './servers.ts';

describe('LEAF_102, a leafnode that is gone', () => {
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
        'before nats-server 2.9.15 leafnodes have no names: leaf1 cannot be identified',
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
});
