import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/leaf/leaf-104-reconnect-loop.ts';
import { watching } from '../../kit.ts';
import { hub, leafServer } from './servers.ts';
import { leaf1, repeated, type Row } from './closes.ts';

describe('LEAF_104, a reconnect loop', () => {
  describe('seen from a leaf server', () => {
    const remotes = [{ local_account: 'APP', urls: ['10.0.0.1:7422'] }];
    const dialled: Row = { account: 'APP', ip: '10.0.0.1', port: 7_422, reason: 'Client Closed' };
    const dialling = (row: Row, pace: { life: number; gap: number }, count = 3) =>
      leafServer('leaf1', remotes, { ended: repeated(count, { ...dialled, ...row }, pace) });
    const quick = { life: 0.003, gap: 1 };

    it('names the remote', () => {
      const [finding] = watching(diagnosis).look([dialling({}, quick)]).findings;
      expect(finding?.entity).toEqual({ kind: 'remote', name: 'leaf1 -> APP/10.0.0.1:7422' });
      expect(finding?.summary).toBe(
        'Remote leaf1 -> APP/10.0.0.1:7422 was closed 3 times in 10 min (limit 3): each lasts about 3 ms and the ' +
          'next comes about 1.0 s later; the other end closes it at once and knows why.',
      );
    });

    it('is reported once where the hub is watched too', () => {
      const watch = watching(diagnosis);
      const look = watch.look([
        hub('hub1', {
          ended: repeated(3, { ...leaf1, account: undefined, reason: 'Authentication Failure' }, quick),
        }),
        dialling({}, quick),
      ]);
      expect(look.findings.map(({ entity }) => entity)).toEqual([{ kind: 'leafnode', name: 'leaf1' }]);
    });

    it.each<[why: string, row: Row, pace: { life: number; gap: number }, says: RegExp]>([
      [
        'the hub does not confirm',
        { reason: 'Stale Connection' },
        { life: 2, gap: 1 },
        /gives up 2 s after its CONNECT/,
      ],
      [
        'the hub’s timeout',
        { reason: 'Read Error' },
        { life: 2, gap: 1 },
        /the time it gives for logging in/,
      ],
      ['no INFO', { reason: 'Read Error' }, { life: 1, gap: 1 }, /waiting a second for the hub's INFO/],
      [
        'too old for a hub of 2.9',
        { reason: 'Read Error' },
        { life: 5, gap: 1 },
        /lets it wait for 5 s .* as 2\.9 does with a leaf older .* or any hub whose `authorization \{ timeout \}` is so long/,
      ],
      [
        'too old for a hub of 2.15',
        { reason: 'Read Error' },
        { life: 0.005, gap: 6 },
        /waits 5 s or so .* older than the hub's .* `reconnect` is so long/,
      ],
      [
        'a port of the hub that is not for leafnodes',
        { reason: 'Incorrect Port' },
        quick,
        /a port that is not for leafnodes/,
      ],
      ['a cluster name like the hub’s', {}, { life: 0.006, gap: 31 }, /waits half a minute/],
    ])('%s', (_, row, pace, says) => {
      expect(watching(diagnosis).look([dialling(row, pace)]).findings[0]?.summary).toMatch(says);
    });
  });

  describe('of a remote with several addresses', () => {
    const spread = (
      rows: readonly Row[],
      remotes = [{ local_account: 'APP', urls: ['hubs.example.com:7422'] }],
    ) =>
      watching(diagnosis)
        .look([leafServer('edge1', remotes, { ended: rows, listens: true })])
        .findings.map(({ entity, observed }) => [entity.kind, entity.name, observed]);
    const row = { account: 'APP', reason: 'Client Closed', subscriptions: 6, lifetimeSeconds: 4 };
    const one = ['remote', 'edge1 -> APP/hubs.example.com:7422', 4];

    it('is one: a name with several A records', () => {
      const rows = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map((ip) => ({
        ...row,
        ip,
        port: 7_422,
      }));
      expect(spread(rows)).toEqual([one]);
    });

    it('is one: a load balancer, and the hubs that its hubs make known, at other ports', () => {
      const rows = [7_422, 17_601, 7_422, 17_602].map((port) => ({ ...row, ip: '10.0.0.1', port }));
      expect(spread(rows)).toEqual([one]);
    });

    it('is one in $G, where a row has no account: subscriptions without a name tell who dialled', () => {
      const rows = [7_422, 17_601, 7_422, 17_602].map((port) => ({
        ...row,
        account: undefined,
        ip: '10.0.0.1',
        port,
      }));
      expect(spread(rows, [{ local_account: '$G', urls: ['hubs.example.com:7422'] }])).toEqual([
        ['remote', 'edge1 -> hubs.example.com:7422', 4],
      ]);
    });

    it('is told from another of its account where address or port tell', () => {
      const remotes = ['10.0.0.1:7422', '10.1.0.1:7423'].map((url) => ({
        local_account: 'APP',
        urls: [url],
      }));
      const rows = [
        ...Array.from({ length: 3 }, () => ({ ...row, ip: '10.0.0.1', port: 7_422 })),
        ...Array.from({ length: 2 }, () => ({ ...row, ip: '10.9.9.9', port: 7_423 })),
      ];
      expect(spread(rows, remotes)).toEqual([['remote', 'edge1 -> APP/10.0.0.1:7422', 3]]);
    });

    it('is counted with the others of its account where nothing tells', () => {
      const remotes = ['east', 'west'].map((name) => ({
        local_account: 'APP',
        urls: [`${name}.example.com:7422`],
      }));
      const rows = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((ip) => ({ ...row, ip, port: 7_422 }));
      expect(spread(rows, remotes)).toEqual([
        ['remote', 'edge1 -> APP/east.example.com:7422; west.example.com:7422', 3],
      ]);
    });

    it('is refused in $G: a close at once at the own end of a remote is no health check', () => {
      const rows = repeated(
        3,
        { reason: 'Client Closed', ip: '10.0.0.1', port: 7_422 },
        { life: 0.003, gap: 1 },
      );
      expect(spread(rows, [{ local_account: '$G', urls: ['10.0.0.1:7422'] }])).toEqual([
        ['remote', 'edge1 -> 10.0.0.1:7422', 3],
      ]);
    });

    it('a leafnode that it accepted is none of its remotes, whatever port it came from', () => {
      const rows = repeated(3, { ...leaf1, port: 7_422 });
      expect(spread(rows)).toEqual([['leafnode', 'APP/leaf1', 3]]);
    });
  });
});
