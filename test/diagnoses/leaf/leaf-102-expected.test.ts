import { describe, expect, it } from 'vitest';
import { days, hours, minutes } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/leaf/leaf-102-leafnode-gone.ts';
import { watching } from '../../kit.ts';
import { hub } from './servers.ts';
import { both, reported, withoutSecond } from './gone.ts';

describe('LEAF_102, a leafnode that is gone', () => {
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

    it('lets any other come and go, reported as information', () => {
      const watch = watching(diagnosis, { facts: { expect: { leafnodes: ['leaf1'] } } });
      watch.look(both);
      const looks = [1, 2, 3, 4, 5, 6].map(() => watch.look(withoutSecond));
      expect(looks.map(({ outcomes }) => outcomes['cluster'])).toEqual(Array(6).fill('ok'));
      expect(looks.flatMap(({ notices }) => notices)).toEqual([]);
      expect(reported(looks[5] ?? watch.look(both))).toEqual([
        'info other leafnodes of c1: 1 leafnode is on no server of cluster c1 any more, and settings do not miss it (expected: leaf1): APP/leaf2.',
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
          'info other leafnodes of c1: 1 leafnode is on no server of cluster c1 any more, and settings do not miss it (expected: 1): APP/edge-7d9f-abcde.',
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
});
