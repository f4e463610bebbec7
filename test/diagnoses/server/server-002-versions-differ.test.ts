import { describe, expect, it } from 'vitest';
import { days, hours, minutes } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/server/server-002-versions-differ.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { failing, server, watching } from '../../kit.ts';
import { member, unclustered } from '../cluster/members.ts';

const every = minutes(5);
const runs = (name: string, version: string, changes: Partial<Varz> = {}) =>
  member(name, 2, { version, uptime: days(40) / 1_000, ...changes });
const alike = ['n1', 'n2', 'n3'].map((name) => runs(name, '2.15.1'));
const mixed = [runs('n1', '2.15.1'), runs('n2', '2.15.1'), runs('n3', '2.10.27')];

describe('SERVER_002, servers of one cluster that run different versions', () => {
  it('are a warning, once for the cluster, with what most of it runs', () => {
    const { findings, outcomes } = watching(diagnosis, { every }).look(mixed);
    expect(outcomes).toEqual({ cluster: 'warning' });
    expect(findings).toMatchObject([
      {
        entity: { kind: 'cluster', name: 'east' },
        summary: 'In cluster east 1 server of 3 runs another version than 2.15.1: n3 2.10.27.',
        evidence: ['n3 2.10.27, up for 40 d', 'n1 2.15.1, up for 40 d', 'n2 2.15.1, up for 40 d'],
      },
    ]);
  });

  it('are told after a day: a rolling upgrade is none', () => {
    const watch = watching(diagnosis, { every, remembers: true });
    const told = Array.from({ length: 290 }, (_, i) =>
      watch.look(mixed).notices.length > 0 ? [i * 5] : [],
    ).flat();
    expect(told).toEqual([hours(24) / minutes(1)]);
  });

  it.each([
    [hours(24) - 1_000, 'ok', '; an upgrade'],
    [hours(24), 'warning', ''],
  ])('at the first look wait where one has started %d ms ago', (uptime, outcome) => {
    const restarted = [...mixed.slice(0, 2), runs('n3', '2.10.27', { uptime: uptime / 1_000 })];
    expect(watching(diagnosis, { every }).look(restarted).outcomes).toEqual({ cluster: outcome });
  });

  it('of whom as many run each are compared with the one that started last', () => {
    const { start } = mixed[0]?.readings.varz?.ok ? mixed[0].readings.varz.value : { start: 0 };
    const two = [runs('n1', '2.12.1', { start: start + 1_000 }), runs('n2', '2.10.27')];
    expect(watching(diagnosis, { every }).look(two).findings[0]?.summary).toBe(
      'In cluster east 1 server of 2 runs another version than 2.12.1: n2 2.10.27.',
    );
  });

  it('end with the upgrade', () => {
    const watch = watching(diagnosis, { every });
    const looks = [mixed, alike, alike].map((servers) => watch.look(servers));
    expect(looks.flatMap(({ notices }) => notices.map(({ kind }) => kind))).toEqual(['opened', 'resolved']);
  });

  it('are compared by the cluster name without spaces around it', () => {
    const spaced = runs('n3', '2.10.27', { cluster: { name: 'east\t', cluster_port: 6_222 } });
    expect(watching(diagnosis, { every }).look([...alike.slice(0, 2), spaced]).outcomes).toEqual({
      cluster: 'warning',
    });
  });

  it.each([
    ['of one version', alike, 'ok'],
    [
      'of two clusters',
      [...alike, runs('w1', '2.10.27', { cluster: { name: 'west', cluster_port: 6_222 } })],
      'ok',
    ],
    ['leaf servers of other versions beside a cluster', [...alike, unclustered('leaf1')], 'ok'],
    ['a single server', [runs('n1', '2.15.1')], 'not-applicable'],
  ])('are not %s', (_, servers, outcome) => {
    expect(watching(diagnosis, { every }).look(servers).outcomes).toEqual({ cluster: outcome });
  });

  it('are told as far as they can be read', () => {
    const down = server('n4', { varz: failing('timeout') });
    expect(watching(diagnosis, { every }).look([...mixed, down]).outcomes).toEqual({ cluster: 'warning' });
    expect(watching(diagnosis, { every }).look([...alike, down]).outcomes).toEqual({ cluster: 'unknown' });
  });
});
