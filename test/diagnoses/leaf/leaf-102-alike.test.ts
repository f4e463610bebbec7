import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/leaf/leaf-102-leafnode-gone.ts';
import { firstMinute, watching } from '../../kit.ts';
import { hub, unnamed } from './servers.ts';
import { reported } from './gone.ts';

describe('LEAF_102, a leafnode that is gone', () => {
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

    it('one that is gone is not there because another is whose name reads like its account and name', () => {
      const one = { account: 'eu', name: 'edge1' };
      const other = { account: 'A', name: 'eu/edge1' };
      const watch = watching(diagnosis, { limits: { LEAF_102: { for: minutes(0) } } });
      watch.look([hub('hub1', { leafs: [one, other] })]);
      const { findings } = watch.look([hub('hub1', { leafs: [other] })]);
      expect(findings.map(({ summary }) => summary)).toEqual([
        expect.stringMatching(/^Leafnode eu\/edge1 is on no server of cluster c1: last seen /),
      ]);
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
});
