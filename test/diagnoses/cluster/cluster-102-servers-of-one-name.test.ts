import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/cluster/cluster-102-servers-of-one-name.ts';
import { failing, server, watching } from '../../kit.ts';
import { member, unclustered } from './members.ts';

const copies = [
  member('a', 0, { server_name: 'nats-0' }),
  member('b', 0, { server_name: 'nats-0' }),
  member('c', 1),
];

describe('CLUSTER_102, servers of one cluster with the same name', () => {
  it('is a warning with both servers once it held for three minutes', () => {
    const watch = watching(diagnosis, { remembers: true });
    const looks = Array.from({ length: 4 }, () => watch.look(copies));
    expect(looks.map(({ outcomes }) => outcomes['cluster'])).toEqual(['ok', 'ok', 'ok', 'warning']);
    expect(looks[3]?.findings).toMatchObject([
      {
        entity: { kind: 'server', name: 'nats-0' },
        summary: '2 servers of cluster east have the name nats-0: a, b.',
        evidence: [
          'a (http://a:8222): server_id ID-a, routes to 0 others',
          'b (http://b:8222): server_id ID-b, routes to 0 others',
        ],
      },
    ]);
  });

  it('is told of each name that is used twice, with how many servers have it', () => {
    const same = ['a', 'b', 'c'].map((name) => member(name, 0, { server_name: 'nats-0' }));
    const others = ['d', 'e'].map((name) => member(name, 0, { server_name: 'nats-1' }));
    const { seen, findings } = watching(diagnosis).look([...same, ...others, member('f', 0)]);
    expect(seen).toEqual({ cluster: '3 servers named nats-0, 2 servers named nats-1' });
    expect(findings.map(({ observed, summary }) => [observed, summary])).toEqual([
      [3, '3 servers of cluster east have the name nats-0: a, b, c.'],
      [2, '2 servers of cluster east have the name nats-1: d, e.'],
    ]);
  });

  it('is ok where each has a name of its own', () => {
    expect(watching(diagnosis).look([member('n1', 1), member('n2', 1)]).outcomes).toEqual({ cluster: 'ok' });
  });

  it.each([
    ['one server under two URLs', [member('a', 0), member('b', 0, { server_id: 'ID-a', server_name: 'a' })]],
    [
      'servers of two clusters',
      [member('a', 0), member('b', 0, { server_name: 'a', cluster: { name: 'west', cluster_port: 6_222 } })],
    ],
  ])('is not %s', (_, servers) => {
    expect(watching(diagnosis).look(servers).outcomes).toEqual({ cluster: 'ok' });
  });

  it('does not apply to leaf servers of one name, which 2.10 calls clusters of their own', () => {
    const leafs = [unclustered('nats-0'), unclustered('nats-0')];
    expect(watching(diagnosis).look(leafs).outcomes).toEqual({ cluster: 'not-applicable' });
  });

  it('is unknown where nobody can be read, and where one cannot', () => {
    const down = server('c', { varz: failing('timeout') });
    expect(watching(diagnosis).look([down]).outcomes).toEqual({ cluster: 'unknown' });
    expect(watching(diagnosis).look([member('a', 0), down]).outcomes).toEqual({ cluster: 'unknown' });
  });
});
