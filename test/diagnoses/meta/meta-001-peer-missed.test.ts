import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/meta/meta-001-peer-missed.ts';
import { lookingOn } from '../../jetstream-kit.ts';
import { failing, server, watching } from '../../kit.ts';
import { group, offline, silent, withoutJetStream } from './group.ts';

const found = (servers: Parameters<ReturnType<typeof watching>['look']>[0]) =>
  lookingOn(watching(diagnosis, { remembers: true }), servers, 2);

describe('META_001, a server that the meta leader misses', () => {
  it('is told in the second look, by what the leader says, with what is left of the group', () => {
    const watch = watching(diagnosis, { remembers: true });
    const servers = group(['n1', 'n2', 'n3'], { peers: [silent('n3')] });
    expect(watch.look(servers).findings).toEqual([]);
    expect(watch.look(servers).findings).toMatchObject([
      {
        severity: 'warning',
        entity: { kind: 'server', name: 'n3' },
        summary: 'The meta leader n1 misses n3: not current.',
        evidence: ['last heard 30 s before it was asked', '3 members, 1 missed, 2 needed for a majority'],
        commands: [
          'nats server report jetstream',
          `curl -s 'http://n1:8222/jsz' | grep -A40 '"meta_cluster"'`,
        ],
      },
    ]);
  });

  it('is silent about what followers say of each other, which means nothing', () => {
    expect(found(group(['n1', 'n2', 'n3']))).toMatchObject({
      outcomes: { cluster: 'ok' },
      seen: { cluster: 'led by n1' },
    });
  });

  it('is over when the leader hears it again', () => {
    const watch = watching(diagnosis, { remembers: true });
    lookingOn(watch, group(['n1', 'n2', 'n3'], { peers: [silent('n3')] }), 2);
    expect(lookingOn(watch, group(['n1', 'n2', 'n3']), 6).findings).toEqual([]);
  });

  it('leaves a server that was not read to SERVER_101', () => {
    const n3 = server('n3', { varz: failing(), jsz: failing() });
    const look = found([...group(['n1', 'n2'], { peers: [offline('n3')] }), n3]);
    expect([look.findings, look.outcomes]).toEqual([[], { cluster: 'unknown' }]);
  });

  it('tells of two that are missed where one was not read', () => {
    const n3 = server('n3', { varz: failing(), jsz: failing() });
    const look = found([...group(['n1', 'n2'], { peers: [offline('n3'), offline('n4')] }), n3]);
    expect(look.findings.map(({ entity }) => entity.name)).toEqual(['n3', 'n4']);
  });

  it('leaves a server whose JetStream is off to those that tell that', () => {
    const off = withoutJetStream('n3');
    expect(found([...group(['n1', 'n2'], { peers: [offline('n3')] }), off]).findings).toEqual([]);
  });

  it('leaves a peer that no server is to META_101 where the whole cluster is watched, and else tells that it is not watched', () => {
    const peers = [offline('gone')];
    expect(found(group(['n1', 'n2'], { peers })).findings).toEqual([]);
    const [finding] = found(group(['n1', 'n2'], { peers, varz: { gateway: { name: 'east' } } })).findings;
    expect(finding?.summary).toBe('The meta leader n1 misses gone: offline, and it is not watched.');
  });

  it('knows nothing of it where the leader is in a cluster that is not watched', () => {
    const look = found(group(['n1', 'n2'], { leader: 'w1', meta: { replicas: [silent('w2')] } }));
    expect([look.findings, look.seen]).toEqual([[], { cluster: 'led by w1' }]);
  });

  it('does not apply where JetStream is not clustered', () => {
    expect(found([withoutJetStream('n1')]).outcomes).toEqual({ cluster: 'not-applicable' });
  });
});
