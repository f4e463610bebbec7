import { describe, expect, it } from 'vitest';
import { hours } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/leaf/leaf-003-too-many-subscriptions.ts';
import type { LeafzRow } from '../../../lambdas/readings/decoders/leafz.ts';
import { failing, leafz, server, varz, watching } from '../../kit.ts';
import { hub, leafServer, spoke, unnamed } from './servers.ts';

const holding = (...subscriptions: readonly number[]) =>
  hub('hub1', {
    leafs: subscriptions.map((count, i) => ({ id: i + 1, name: `leaf${i + 1}`, subscriptions: count })),
  });
const outcome = (...subscriptions: readonly number[]) =>
  watching(diagnosis).look([holding(...subscriptions)]).outcomes['hub1'];

const many = (count: number, subject: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => subject(i));
const nuid = (i: number) => `Xq${String(i).padStart(20, '0')}`;

/** What a finding says once the subjects of its leafnode were read. */
const detailed = (subjects: readonly string[], row: Partial<LeafzRow> = {}) => {
  const asked: unknown[] = [];
  const watch = watching(diagnosis, {
    details: (requests) => {
      asked.push(...requests);
      return { leafzSubs: [leafz({ ...row, subscriptions_list: subjects })] };
    },
  });
  const look = watch.look([hub('hub1', { leafs: [{ ...row, subscriptions: subjects.length }] })]);
  return { finding: look.findings[0], asked };
};

describe('LEAF_003, a leafnode with too many subscriptions', () => {
  it('is quiet at 20,000, warns one beyond; is no worse at 50,000, critical one beyond', () => {
    expect([20_000, 20_001, 50_000, 50_001].map((count) => outcome(count))).toEqual([
      'ok',
      'warning',
      'warning',
      'critical',
    ]);
  });

  it('goes by each connection, not by their sum', () => {
    expect(outcome(15_000, 15_000)).toBe('ok');
    expect(
      watching(diagnosis)
        .look([holding(15_000, 20_001)])
        .findings.map(({ entity }) => entity),
    ).toEqual([{ kind: 'leafnode', name: 'APP/leaf2' }]);
  });

  it('shows round trip, growth, compression and the CPU of the hub', () => {
    const watch = watching(diagnosis);
    const at = (subscriptions: number) =>
      server('hub1', {
        varz: varz({ cpu: 85.5, cores: 4 }),
        leafz: leafz({ subscriptions, rtt: 0.042, compression: 's2_fast' }),
      });
    watch.look([at(20_500)]);
    const [finding] = watch.look([at(21_000)], hours(12)).findings;
    expect(finding?.summary).toBe('Leafnode APP/leaf1 brings 21,000 subscriptions to hub1, limit 20,000.');
    expect(finding?.evidence).toEqual([
      'growth: +1,000 a day',
      'round trip 42 ms, compression s2_fast',
      'CPU of hub1: 85.5 % of one core (4 cores)',
    ]);
  });

  it('does not know the growth yet on a first run', () => {
    expect(watching(diagnosis).look([holding(20_001)]).findings[0]?.evidence[0]).toBe(
      'growth: not known yet',
    );
  });

  it('has nothing to say without leafnodes', () => {
    const look = watching(diagnosis).look([hub('hub1')]);
    expect([look.outcomes, look.seen]).toEqual([{ hub1: 'ok' }, { hub1: 'no leafnodes' }]);
  });

  it('never calls silence healthy', () => {
    expect(watching(diagnosis).look([server('hub1', { leafz: failing() })]).outcomes).toEqual({
      hub1: 'unknown',
    });
  });

  it('knows leafnodes without names by account and address, and tells those of one address apart by number', () => {
    const leafs = [20_001, 30_000].map((subscriptions, i) => unnamed({ port: 40_000 + i, subscriptions }));
    const { findings } = watching(diagnosis).look([hub('hub1', { version: '2.9.10', leafs })]);
    expect(findings.map(({ entity, observed }) => [entity.name, observed])).toEqual([
      ['APP/10.0.9.1', 30_000],
      ['APP/10.0.9.1 (2nd)', 20_001],
    ]);
  });

  it('tells each of two leafnodes of one account and name: two sites have a nats-0', () => {
    const leafs = [60_000, 25_000].map((subscriptions, i) => ({ id: i + 1, name: 'nats-0', subscriptions }));
    const { findings } = watching(diagnosis).look([hub('hub1', { leafs })]);
    expect(findings.map(({ severity, entity, observed }) => [severity, entity.name, observed])).toEqual([
      ['critical', 'APP/nats-0', 60_000],
      ['warning', 'APP/nats-0 (2nd)', 25_000],
    ]);
  });

  it('knows the growth of names that differ in their last letter only, however long', () => {
    const long = (last: string) =>
      `edge-gateway-production-eu-central-1.nats-leaf-headless.customer-acme.svc-${last}`;
    const watch = watching(diagnosis);
    const at = (a: number, b: number) =>
      hub('hub1', {
        leafs: [
          { id: 1, name: long('a'), subscriptions: a },
          { id: 2, name: long('b'), subscriptions: b },
        ],
      });
    watch.look([at(21_000, 22_000)]);
    const { findings } = watch.look([at(22_000, 21_900)], hours(24));
    expect(findings.map(({ entity, evidence }) => [entity.name, evidence[0]])).toEqual([
      [`APP/${long('b')}`, 'growth: -100 a day'],
      [`APP/${long('a')}`, 'growth: +1,000 a day'],
    ]);
  });

  it('knows the connection it dialled by its remote, whichever hub answers there, and at which address', () => {
    const remotes = [{ local_account: 'APP', urls: ['hubs.example.com:7422'] }];
    const watch = watching(diagnosis);
    const at = (name: string, ip: string) =>
      leafServer('leaf1', remotes, { leafs: [spoke({ name, ip, subscriptions: 20_001 })] });
    const entities = [at('hub1', '10.0.0.1'), at('hub2', '10.0.0.2')].map(
      (leaf1) => watch.look([leaf1], hours(2)).findings[0],
    );
    expect(entities.map((finding) => finding?.entity)).toEqual(
      Array(2).fill({ kind: 'remote', name: 'leaf1 -> APP/hubs.example.com:7422' }),
    );
    expect(entities[1]?.evidence[0]).toBe('growth: +0 a day');
  });

  it('says which end it is where a leaf server looks at its own connection', () => {
    const remotes = [{ local_account: 'APP', urls: ['10.0.0.1:7422'] }];
    const leaf1 = leafServer('leaf1', remotes, { leafs: [spoke({ subscriptions: 20_001 })] });
    const [finding] = watching(diagnosis).look([leaf1]).findings;
    expect(finding?.summary).toBe(
      'The connection of leaf1 to its hub APP/hub1 brings 20,001 subscriptions to leaf1, limit 20,000.',
    );
    expect(finding?.remedy).toMatch(/^These are subscriptions of the hub's clients/);
    expect(finding?.remedy).not.toMatch(/deny_imports/);
  });

  describe('names the cause once it has read the subjects', () => {
    const orders = many(18_000, (i) => `orders.${i % 2 === 0 ? 'a' : 'b'}${i.toString(26)}x.created`);
    const inboxes = many(7_000, (i) => `_INBOX.${nuid(i)}.*`);

    it('asks for those of its account', () => {
      const { asked } = detailed(orders.concat(inboxes), { account: '$G' });
      expect(asked).toEqual([
        { target: { name: 'hub1', url: 'http://hub1:8222' }, endpoint: 'leafzSubs', account: '$G' },
      ]);
    });

    it('with its share, in the summary and first among the evidence', () => {
      const { finding } = detailed(orders.concat(inboxes));
      expect(finding?.summary).toBe(
        'Leafnode APP/leaf1 brings 25,000 subscriptions to hub1, limit 20,000; 72 % (18,000) are subjects like ' +
          '`orders.*.created`, 18,000 different values in token 2.',
      );
      expect(finding?.evidence.slice(0, 3)).toEqual([
        '72 % (18,000) are subjects like `orders.*.created`, 18,000 different values in token 2',
        "28 % (7,000) are clients' inboxes (`_INBOX.>`)",
        'growth: not known yet',
      ]);
    });

    it.each([
      ['a varying token: wildcards and queue groups', orders.concat(inboxes), /wildcard.*queue group/s],
      [
        'inboxes: shared connections, deny_imports, an account of their own',
        many(20_001, (i) => `_INBOX.${nuid(i)}.*`),
        /deny_imports: \["_INBOX\.>"\].*account of their own/s,
      ],
      ['deliver subjects: pull consumers', many(20_001, (i) => `_INBOX.${nuid(i)}`), /pull consumers/],
      ['sources and mirrors: fewer of them', many(20_001, (i) => `$JS.S.${nuid(i)}`), /sources the others/],
      [
        'services: discovery at home',
        many(20_001, (i) => `$SRV.PING.orders.${nuid(i)}`),
        /deny_imports: \["\$SRV\.>"\]/,
      ],
      ['queue groups of different names', many(20_001, () => 'orders'), /the same name/],
    ])('and what to do about %s', (_, subjects, step) => {
      expect(detailed(subjects).finding?.remedy).toMatch(step);
    });

    it('says in any case that compression will not help, and one remote for each account may', () => {
      expect(detailed(orders.concat(inboxes)).finding?.remedy).toMatch(
        /Compression will not help: it makes bytes fewer, not subscriptions\..*one remote for each account/s,
      );
    });

    it('does not blame a timeout that subscriptions do not meet', () => {
      const { finding } = detailed(orders.concat(inboxes));
      expect([finding?.why, finding?.remedy, finding?.summary].join(' ')).not.toMatch(
        /2 s|two seconds|timeout|stale/i,
      );
    });

    it('finds its connection again by address where the server gives no id', () => {
      const watch = watching(diagnosis, {
        details: () => ({
          leafzSubs: [
            leafz(
              unnamed({ port: 40_000, subscriptions_list: ['wrong'] }),
              unnamed({ port: 40_001, subscriptions_list: many(20_001, (i) => `_INBOX.${nuid(i)}.*`) }),
            ),
          ],
        }),
      });
      const look = watch.look([hub('hub1', { leafs: [unnamed({ port: 40_001, subscriptions: 20_001 })] })]);
      expect(look.findings[0]?.evidence[0]).toBe("100 % (20,001) are clients' inboxes (`_INBOX.>`)");
    });

    it('goes out without it where they could not be read, and says so', () => {
      const watch = watching(diagnosis, {
        details: () => ({ failures: [{ code: 'too-large', message: 'hub1 /leafz: larger than 64 MiB' }] }),
      });
      const [finding] = watch.look([holding(20_001)]).findings;
      expect(finding?.summary).toBe('Leafnode APP/leaf1 brings 20,001 subscriptions to hub1, limit 20,000.');
      expect(finding?.evidence[0]).toBe('what they are could not be read: hub1 /leafz: larger than 64 MiB');
      expect(finding?.remedy).toMatch(/Push consumers.*Inboxes/s);
    });

    it('keeps it while the number goes on changing', () => {
      const watch = watching(diagnosis, {
        details: () => ({
          leafzSubs: [leafz({ subscriptions_list: many(20_001, (i) => `_INBOX.${nuid(i)}.*`) })],
        }),
      });
      watch.look([hub('hub1', { leafs: [{ subscriptions: 20_001 }] })]);
      const [finding] = watch.look([hub('hub1', { leafs: [{ subscriptions: 20_500 }] })]).findings;
      expect(finding?.summary).toBe(
        "Leafnode APP/leaf1 brings 20,500 subscriptions to hub1, limit 20,000; 100 % (20,001) are clients' inboxes (`_INBOX.>`).",
      );
    });
  });

  it('quotes accounts in commands', () => {
    const row = { account: "A'B $G", subscriptions: 20_001 };
    const [finding] = watching(diagnosis).look([hub('hub1', { leafs: [row] })]).findings;
    expect(finding?.commands[1]).toMatch(/^curl -s 'http:\/\/hub1:8222\/leafz\?subs=1&acc=A%27B%20%24G' \|/);
  });
});
