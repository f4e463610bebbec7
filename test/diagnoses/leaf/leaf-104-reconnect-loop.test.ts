import { describe, expect, it } from 'vitest';
import { minutes, type ClosedConnection } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/leaf/leaf-104-reconnect-loop.ts';
import { failing, firstMinute, server, watching } from '../../kit.ts';
import { hub, leafServer } from './servers.ts';

type Row = Partial<ClosedConnection>;
const leaf1: Row = { name: 'leaf1', account: 'APP', version: '2.15.1', ip: '10.0.9.1', port: 51_000 };
const nameless: Row = { ip: '10.0.9.1', port: 51_000 };

/** Connections that last `life` seconds and come again `gap` seconds later, the last one closed at `end`. */
const repeated = (count: number, row: Row, { life = 2, gap = 0.1, end = firstMinute } = {}): Row[] =>
  Array.from({ length: count }, (_, i) => ({
    ...row,
    lifetimeSeconds: life,
    stoppedAt: end - (life + gap) * 1_000 * i,
  }));
const closing = (...rows: readonly Row[]) => watching(diagnosis).look([hub('hub1', { ended: rows })]);
const summary = (rows: readonly Row[]) => closing(...rows).findings[0]?.summary;

describe('LEAF_104, a reconnect loop', () => {
  it('is quiet with 2 closes in 10 minutes, warns at 3, is critical at 10', () => {
    const outcomes = [2, 3, 9, 10].map((count) => closing(...repeated(count, leaf1)).outcomes['cluster']);
    expect(outcomes).toEqual(['ok', 'warning', 'warning', 'critical']);
  });

  it('says how often, how long they last, how soon they return, and why', () => {
    const [finding] = closing(...repeated(12, { ...leaf1, reason: 'Client Closed' })).findings;
    expect(finding?.summary).toBe(
      'Leafnode APP/leaf1 was closed 12 times in 10 min by hub1 (limit 10): each lasts about 2.0 s and the next ' +
        'comes about 100 ms later; the leaf gives up 2 s after its CONNECT, before the hub has confirmed it.',
    );
    expect(finding?.evidence).toEqual([
      'reasons of the last 12 closes: Client Closed (12)',
      'last: 2026-11-20 10:00 UTC, hub1, Client Closed after 2.0 s, address 10.0.9.1, version 2.15.1',
    ]);
  });

  it('sums up runs, each row once, for 10 minutes and no longer', () => {
    const watch = watching(diagnosis);
    const one = (end: number) => hub('hub1', { ended: repeated(1, leaf1, { end }) });
    expect(watch.look([one(firstMinute)]).outcomes).toEqual({ cluster: 'ok' });
    expect(watch.look([one(firstMinute + 60_000)]).outcomes).toEqual({ cluster: 'ok' });
    expect(watch.look([one(firstMinute + 120_000)]).outcomes).toEqual({ cluster: 'warning' });
    expect(watch.look([hub('hub1')], minutes(8)).seen['cluster']).toBe('3 closes of 1 leafnode in 10 min');
    expect(watch.look([hub('hub1')]).seen['cluster']).toBe('2 closes of 1 leafnode in 10 min');
  });

  it('adds up a leafnode that tries one hub after the other', () => {
    const rows = repeated(3, { ...leaf1, reason: 'Authentication Failure', account: undefined });
    const hubs = rows.map((row, i) => hub(`hub${i + 1}`, { ended: [row] }));
    expect(watching(diagnosis).look(hubs).findings[0]?.summary).toMatch(
      /^Leafnode leaf1 was closed 3 times in 10 min by hub\d, hub\d, hub\d /,
    );
  });

  it('tells leafnodes apart by account and name', () => {
    const rows = [...repeated(2, leaf1), ...repeated(2, { ...leaf1, account: 'B' })];
    expect(closing(...rows, ...repeated(2, { ...leaf1, name: 'leaf2' })).outcomes).toEqual({ cluster: 'ok' });
  });

  it.each(['Server Shutdown', 'Kicked'])('does not count %s: that was meant', (reason) => {
    expect(closing(...repeated(12, { ...leaf1, reason })).outcomes).toEqual({ cluster: 'ok' });
  });

  it.each(['Client Closed', 'Read Error', 'Stale Connection', 'Protocol Violation', 'Something New'])(
    'counts %s like any other reason',
    (reason) => {
      expect(closing(...repeated(3, { ...leaf1, reason })).outcomes).toEqual({ cluster: 'warning' });
    },
  );

  it('does not count clients', () => {
    expect(closing(...repeated(12, { ...leaf1, kind: 'Client' })).outcomes).toEqual({ cluster: 'ok' });
  });

  it('goes by address where no name was said, as with TLS that fails', () => {
    const [finding] = closing(
      ...repeated(3, { ...nameless, reason: 'TLS Handshake Failure' }, { life: 0.003, gap: 1 }),
    ).findings;
    expect(finding?.entity).toEqual({ kind: 'address', name: '10.0.9.1' });
    expect(finding?.summary).toMatch(/^A leafnode connection from 10\.0\.9\.1 was closed 3 times /);
  });

  it('takes a server id for no name: it changes with each restart of that server', () => {
    const rows = ['A', 'B', 'C'].map((letter) => ({ ...leaf1, name: `N${letter.repeat(55)}` }));
    expect(closing(...rows).findings[0]?.entity).toEqual({ kind: 'address', name: '10.0.9.1' });
  });

  describe('leaves health checks of load balancers alone', () => {
    it.each(['Client Closed', 'Read Error', 'Write Error'])('that end without a word, with %s', (reason) => {
      expect(closing(...repeated(60, { ...nameless, reason }, { life: 0.001, gap: 10 })).outcomes).toEqual({
        cluster: 'ok',
      });
    });

    it('but not who waits: a leaf server gives the hub a second to speak', () => {
      const rows = repeated(3, { ...nameless, reason: 'Client Closed' }, { life: 0.5, gap: 1 });
      expect(closing(...rows).outcomes).toEqual({ cluster: 'warning' });
    });

    it('that fail TLS every 5 s or slower, where a leaf server tries every second', () => {
      const probing = (gap: number) =>
        closing(...repeated(12, { ...nameless, reason: 'TLS Handshake Failure' }, { life: 0.001, gap }))
          .outcomes;
      expect(probing(5)).toEqual({ cluster: 'ok' });
      expect(probing(4)).toEqual({ cluster: 'critical' });
    });
  });

  // As seen on real servers of 2.9.10, 2.10.27 and 2.15.1.
  describe('names the cause as real servers show it', () => {
    const at = (life: number, gap: number) => ({ life, gap });
    it.each<[why: string, row: Row, pace: { life: number; gap: number }, says: RegExp]>([
      [
        'wrong credentials',
        { ...leaf1, account: undefined, reason: 'Authentication Failure' },
        at(0.003, 1),
        /refuses its credentials/,
      ],
      [
        'an account that is full',
        { ...leaf1, reason: 'Authentication Failure' },
        at(0.002, 1),
        /takes no further leafnode/,
      ],
      [
        'TLS to a listener without, 2.15',
        { ...nameless, reason: 'Authentication Failure' },
        at(0.001, 1),
        /wants TLS from a listener without/,
      ],
      [
        'TLS to a listener without, 2.10',
        { ...nameless, reason: 'Protocol Violation' },
        at(0.001, 1),
        /wants TLS from a listener without/,
      ],
      [
        'TLS that fails',
        { ...nameless, reason: 'TLS Handshake Failure' },
        at(0.003, 1),
        /TLS cannot be agreed on/,
      ],
      [
        'a login that takes too long',
        { ...nameless, reason: 'Authentication Timeout' },
        at(2, 1),
        /does not finish logging in/,
      ],
      [
        'too old for the hub, 2.10',
        { ...leaf1, version: '2.9.10', reason: 'Authentication Timeout' },
        at(2, 1),
        /older than `leafnodes \{ min_version \}`/,
      ],
      [
        'too old for the hub, 2.9',
        { ...leaf1, version: '2.9.10', reason: 'Minimum Version Required' },
        at(5, 1),
        /its nats-server 2\.9\.10 is older/,
      ],
      [
        'too old for the hub, 2.15',
        { ...leaf1, version: '2.10.27', reason: 'Minimum Version Required' },
        at(0.001, 1),
        /its nats-server 2\.10\.27 is older/,
      ],
      [
        'a cluster name like the hub’s',
        { ...leaf1, reason: 'Cluster Names Identical' },
        at(0.006, 31),
        /same name as the hub's/,
      ],
      [
        'a loop',
        { ...leaf1, reason: 'Protocol Violation' },
        at(0.02, 31),
        /a loop or a permission violation/,
      ],
      [
        'a permission violation at the other end',
        { ...leaf1, reason: 'Client Closed' },
        at(0.002, 31),
        /waits half a minute/,
      ],
      [
        'two servers of one name',
        { ...leaf1, reason: 'Duplicate Remote LeafNode Connection' },
        at(1, 0),
        /put each other out/,
      ],
      [
        'a hub that does not confirm',
        { ...leaf1, reason: 'Client Closed' },
        at(2, 1),
        /gives up 2 s after its CONNECT/,
      ],
      [
        'an INFO that comes too late',
        { ...nameless, reason: 'Client Closed' },
        at(1, 1),
        /waiting a second for the hub's INFO/,
      ],
      [
        'a client at the wrong port',
        { ...nameless, name: 'web', lang: 'go', version: '1.37.0', reason: 'Authentication Failure' },
        at(0.001, 2),
        /a client that dials the leafnodes' port/,
      ],
      [
        'a leaf that waits 5 s for no named reason: all that wait so long',
        { ...leaf1, reason: 'Client Closed' },
        at(0.003, 6),
        /waits 5 s or so .* older than the hub's `leafnodes \{ min_version \}`, and one whose `reconnect` is so long/,
      ],
      ['a leaf that crashes', { ...leaf1, reason: 'Client Closed' }, at(20, 12), /connected in between/],
      ['a reason of a newer server', { ...leaf1, reason: 'Something New' }, at(20, 12), /does not say why/],
    ])('%s', (_, row, pace, says) => {
      expect(summary(repeated(5, row, pace))).toMatch(says);
    });

    it.each<[why: string, row: Row, pace: { life: number; gap: number }, says: RegExp]>([
      [
        'no answer to PINGs, which the hub says, whatever the gap',
        { ...leaf1, reason: 'Stale Connection' },
        at(9, 30),
        /; it does not answer PINGs\.$/,
      ],
      [
        'a leaf server that restarts and takes 5 s for it',
        { ...leaf1, reason: 'Client Closed', subscriptions: 5 },
        at(1.5, 5),
        /connected in between/,
      ],
      [
        'a leaf server that restarts after half a minute, as its supervisor waits',
        { ...leaf1, reason: 'Client Closed', subscriptions: 5 },
        at(0.5, 30),
        /connected in between/,
      ],
      [
        'a leaf that is put off for half a minute: all that wait so long',
        { ...leaf1, reason: 'Client Closed' },
        at(0.002, 30),
        /a loop, a permission violation or a cluster name like the hub's, and where its `reconnect` is so long/,
      ],
      [
        'a login that the hub does not end, of a leaf that has said who it is',
        { ...leaf1, account: undefined, reason: 'Authentication Timeout' },
        at(2, 1),
        /its login is not done .*: the hub is slow at it, or it is 2\.10 and the leaf older/,
      ],
      [
        'an HTTP health check beside TLS that is not wanted',
        { ...nameless, reason: 'Authentication Failure' },
        at(0.001, 10),
        /wants TLS from a listener without, or an HTTP health check/,
      ],
      [
        'a lifetime of no timer and no subscriptions',
        { ...leaf1, reason: 'Client Closed' },
        at(3.5, 1),
        /neither reason nor times tell why/,
      ],
    ])('%s', (_, row, pace, says) => {
      expect(summary(repeated(5, row, pace))).toMatch(says);
    });

    it('and does not take irregular outages for a timer', () => {
      const rows = [28, 31, 36, 26].map((gap, i) => ({
        ...leaf1,
        lifetimeSeconds: 0.5,
        stoppedAt: firstMinute - 1_000 * i * gap - 500 * i,
      }));
      expect(summary(rows)).toMatch(/the other end closes it at once/);
    });

    it('and takes a stated reason before a guess from times', () => {
      const rows = [
        ...repeated(4, { ...leaf1, reason: 'Client Closed' }, { life: 2, gap: 1 }),
        ...repeated(2, { ...leaf1, reason: 'Stale Connection' }, { life: 400, gap: 1 }),
      ];
      expect(summary(rows)).toMatch(/; it does not answer PINGs\.$/);
    });

    describe('of a duplicate', () => {
      const duplicate = { ...leaf1, reason: 'Duplicate Remote LeafNode Connection' };
      const lasting = (...lifetimes: readonly number[]) => {
        let end = firstMinute;
        return closing(
          ...lifetimes.map((lifetimeSeconds) => {
            const row = { ...duplicate, lifetimeSeconds, stoppedAt: end };
            end -= lifetimeSeconds * 1_000;
            return row;
          }),
        ).findings[0];
      };

      it('within seconds: two of one name, or one remote twice, by version', () => {
        const finding = lasting(1, 1, 1);
        expect(finding?.summary).toMatch(/put each other out\.$/);
        expect(finding?.remedy).toMatch(
          /same remote twice \(nats-server before 2\.15 .*hub is older than 2\.10/s,
        );
      });

      it('each after the same time: two of one name with that `reconnect`, or the link', () => {
        const finding = lasting(5, 5.01, 5);
        expect(finding?.summary).toMatch(/two leaf servers of one name take turns, or one comes back before/);
        expect(finding?.remedy).toMatch(/`server_name`.*`reconnect`.*`ping_interval`/s);
      });

      it('beside closes without a reason: the duplicate tells, unless it is rare among them', () => {
        const silent = { ...leaf1, reason: 'Client Closed', lifetimeSeconds: 3, subscriptions: 2 };
        const ended = (duplicates: number, others: number) =>
          closing(
            ...Array.from({ length: duplicates + others }, (_, i) => ({
              ...(i < duplicates ? { ...duplicate, lifetimeSeconds: 2, subscriptions: 2 } : silent),
              stoppedAt: firstMinute - i * 20_000,
            })),
          ).findings[0]?.summary;
        expect(ended(3, 9)).toMatch(/put each other out\.$/);
        expect(ended(2, 9)).toMatch(/it is connected in between, so its configuration is accepted\.$/);
      });

      it('after lifetimes of any length: the link, and ping_interval', () => {
        const finding = lasting(130, 75, 160);
        expect(finding?.summary).toMatch(
          /; it comes back while the hub still holds its old connection: the link breaks/,
        );
        expect(finding?.remedy).toMatch(/ping_interval/);
        expect(lasting(6.2, 10.1, 8.1)?.summary).toMatch(/the link breaks/);
      });
    });

    it('and gives each a first step', () => {
      const [finding] = closing(
        ...repeated(3, { ...leaf1, reason: 'Protocol Violation' }, { gap: 31 }),
      ).findings;
      expect(finding?.remedy).toMatch(/"Loop detected" means two ways lead from this leafnode to the hub/);
    });

    it('from a name without account on a hub that files them under $G', () => {
      const row = { ...leaf1, account: undefined, reason: 'Client Closed' };
      expect(summary(repeated(3, row))).toMatch(/^Leafnode leaf1 was closed 3 times/);
    });

    it('and the neighbours that a loop puts out as well', () => {
      const rows = ['leaf1', 'relay'].flatMap((name) =>
        repeated(3, { ...leaf1, name, reason: 'Protocol Violation' }, { life: 0.02, gap: 31 }),
      );
      expect(closing(...rows).findings[0]?.evidence.at(-1)).toBe(
        'closed the same way: APP/relay: of these, look for the one with two ways to the hub',
      );
    });
  });

  it('takes what is no NATS for no neighbour of a loop, nor for one itself', () => {
    const rows = [
      ...repeated(3, { ...leaf1, reason: 'Protocol Violation' }, { life: 0.02, gap: 31 }),
      ...repeated(3, { ip: '10.0.9.7', reason: 'Protocol Violation' }, { life: 0.001, gap: 10 }),
    ];
    const { findings } = closing(...rows);
    expect(findings.map(({ evidence }) => evidence.some((line) => line.includes('two ways')))).toEqual([
      false,
      false,
    ]);
    expect(findings.map(({ summary: text }) => /loop or a permission/.test(text))).toEqual([true, false]);
  });

  describe('knows whose closes are whose', () => {
    const found = (...rows: readonly Row[]) => closing(...rows).findings.map(({ entity }) => entity.name);
    const long = (last: string) =>
      `edge-gateway-production-eu-central-1.nats-leaf-headless.customer-acme.svc-${last}`;

    it('where names differ beyond their 64th character', () => {
      const rows = ['a', 'b'].flatMap((last) => repeated(2, { ...leaf1, name: long(last) }));
      expect(found(...rows)).toEqual([]);
      expect(found(...repeated(3, { ...leaf1, name: long('a') }))).toEqual([`APP/${long('a')}`]);
    });

    it('where accounts and names hold slashes', () => {
      const rows = [
        ...repeated(2, { ...leaf1, account: 'APP', name: 'eu/edge1' }),
        ...repeated(2, { ...leaf1, account: 'APP/eu', name: 'edge1' }),
        ...repeated(2, {
          ...leaf1,
          account: undefined,
          name: 'APP/eu/edge1',
          reason: 'Authentication Failure',
        }),
      ];
      expect(found(...rows)).toEqual([]);
      expect(found(...repeated(3, { ...leaf1, account: 'APP/eu', name: 'edge1' }))).toEqual([
        '"APP/eu"/edge1',
      ]);
      expect(found(...repeated(3, { ...leaf1, name: 'eu/edge1' }))).toEqual(['APP/eu/edge1']);
    });

    it('and shows addresses where closes of one name come from several', () => {
      const rows = ['10.0.9.1', '10.0.9.2'].flatMap((ip) => repeated(2, { ...leaf1, ip }));
      expect(closing(...rows).findings[0]?.evidence).toContain('addresses: 10.0.9.1 (2), 10.0.9.2 (2)');
    });
  });

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

    it('is told once where the hub is watched too', () => {
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

  it('says "at least" where a ring overran since the last run', () => {
    const watch = watching(diagnosis);
    const look = watch.look([hub('hub1', { ended: repeated(3, leaf1), ring: { lost: true } })]);
    expect(look.findings[0]?.summary).toMatch(/was closed at least 3 times/);
    expect(look.seen['cluster']).toBe('3 closes of 1 leafnode in 10 min, at least: closed rings overran');
  });

  it('never calls silence healthy, and tells what the others saw beside it', () => {
    const silent = server('hub2', { closed: failing() });
    expect(watching(diagnosis).look([silent]).outcomes).toEqual({ cluster: 'unknown' });
    expect(watching(diagnosis).look([hub('hub1'), silent]).outcomes).toEqual({ cluster: 'unknown' });
    const loop = hub('hub1', { ended: repeated(3, leaf1) });
    expect(watching(diagnosis).look([loop, silent]).outcomes).toEqual({ cluster: 'warning' });
  });

  it('takes its limits and window from settings', () => {
    const limits = { LEAF_104: { closes: { warning: 2, critical: 3, over: minutes(1) } } };
    const look = watching(diagnosis, { limits }).look([hub('hub1', { ended: repeated(2, leaf1) })]);
    expect(look.findings[0]?.summary).toMatch(/was closed 2 times in 1 min by hub1 \(limit 2\)/);
  });
});
