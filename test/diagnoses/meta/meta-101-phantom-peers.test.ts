import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/meta/meta-101-phantom-peers.ts';
import { lookingOn } from '../../jetstream-kit.ts';
import { failing, server, watching } from '../../kit.ts';
import { group, offline, silent } from './group.ts';

const found = (servers: Parameters<ReturnType<typeof watching>['look']>[0], looks = 11) =>
  lookingOn(watching(diagnosis, { remembers: true }), servers, looks);
const names = ['n1', 'n2', 'n3'];
const peers = [offline('old1')];

describe('META_101, meta peers that no server is', () => {
  it('are told after ten minutes, with how many more may fail', () => {
    const servers = group(names, { peers: [offline('old1'), offline('old2')] });
    expect(found(servers, 10).findings).toEqual([]);
    expect(found(servers).findings).toMatchObject([
      {
        severity: 'warning',
        summary:
          'The meta group of domain east, cluster east counts 2 members that no server is: old1, old2.',
        evidence: [
          '5 are counted, 3 of them are needed, 3 are there: not one more may fail',
          'watched: n1, n2, n3',
        ],
        commands: ["nats server cluster peer-remove 'old1' # only if it never returns", expect.any(String)],
      },
    ]);
  });

  it('are none where they are watched, or only silent for a while', () => {
    expect(found(group(names, { peers: [offline('n3')] })).findings).toEqual([]);
    expect(found(group(names, { peers: [silent('old1')] })).findings).toEqual([]);
  });

  it('cannot be told where a server is not watched, was not read, or there are gateways', () => {
    const unwatched = group(names, { peers, varz: { remotes: 3 } });
    const superCluster = group(names, { peers, varz: { gateway: { name: 'east' } } });
    expect([unwatched, superCluster].map((servers) => found(servers).outcomes)).toEqual([
      { cluster: 'not-applicable' },
      { cluster: 'not-applicable' },
    ]);
    const dead = server('n4', { varz: failing(), jsz: failing() });
    expect(found([...group(names, { peers }), dead]).findings).toEqual([]);
  });

  it('are over when they were removed', () => {
    const watch = watching(diagnosis, { remembers: true });
    lookingOn(watch, group(names, { peers }), 12);
    expect(lookingOn(watch, group(names), 6).findings).toEqual([]);
  });
});
