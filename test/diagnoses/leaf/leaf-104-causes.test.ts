import { describe, expect, it } from 'vitest';
import { firstMinute } from '../../kit.ts';
import { closing, leaf1, nameless, repeated, summary, type Row } from './closes.ts';

describe('LEAF_104, a reconnect loop, names the cause as real servers show it', () => {
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
    ['a loop', { ...leaf1, reason: 'Protocol Violation' }, at(0.02, 31), /a loop or a permission violation/],
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
});
