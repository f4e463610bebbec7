import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-122-versions-that-break.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import { watching } from '../../kit.ts';
import { member } from './members.ts';

const every = minutes(5);
const runs = (name: string, version: string, { writes = false, jetStream = true, ...changes } = {}) =>
  member(name, 2, {
    version,
    feature_flags: { js_raft_delete_range: writes },
    jetstream: jetStream ? { stats: {} } : {},
    ...(changes as Partial<Varz>),
  });
const newest = [runs('n1', '2.15.1', { writes: true }), runs('n2', '2.15.1', { writes: true })];

describe('CLUSTER_122, versions that must not mix', () => {
  it('are critical when two runs saw them, with what to do', () => {
    const watch = watching(diagnosis, { every, remembers: true });
    const looks = Array.from({ length: 2 }, () => watch.look([...newest, runs('n3', '2.10.27')]));
    expect(looks.map(({ outcomes }) => outcomes['cluster'])).toEqual(['ok', 'critical']);
    expect(looks[1]?.findings).toMatchObject([
      {
        entity: { kind: 'cluster', name: 'east' },
        summary:
          'Cluster east has versions that must not mix: 1 server with JetStream before 2.14 (n3 2.10.27) beside n1 2.15.1, n2 2.15.1, whose entries ' +
          'may make it panic.',
        evidence: [
          'n3 2.10.27 does not know them',
          'n1 2.15.1 writes them: js_raft_delete_range is on',
          'n2 2.15.1 writes them: js_raft_delete_range is on',
        ],
      },
    ]);
  });

  it.each([
    ['2.9.10', 'critical'],
    ['2.12.15', 'critical'],
    ['2.14.0', 'ok'],
    ['2.14.5', 'ok'],
    ['a build of their own', 'ok'],
  ])('an older one of %s is %s', (version, outcome) => {
    expect(watching(diagnosis, { every }).look([...newest, runs('n3', version)]).outcomes).toEqual({
      cluster: outcome,
    });
  });

  it.each([
    ['the flag is off on the newer ones', [runs('n1', '2.15.1'), runs('n2', '2.10.27')]],
    ['the older one has no JetStream', [...newest, runs('n3', '2.10.27', { jetStream: false })]],
    [
      'the newer ones have no JetStream',
      [runs('n1', '2.15.1', { writes: true, jetStream: false }), runs('n2', '2.10.27')],
    ],
    ['all are new', newest],
    ['all are old', [runs('n1', '2.10.27'), runs('n2', '2.9.10')]],
  ])('are none where %s', (_, servers) => {
    expect(watching(diagnosis, { every }).look(servers).outcomes).toEqual({ cluster: 'ok' });
  });

  it('are told of the flag of a 2.14 that was switched on, too', () => {
    const early = runs('n1', '2.14.3', { writes: true });
    expect(watching(diagnosis, { every }).look([early, runs('n2', '2.12.1')]).outcomes).toEqual({
      cluster: 'critical',
    });
  });
});
