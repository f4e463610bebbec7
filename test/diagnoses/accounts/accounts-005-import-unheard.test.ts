import { describe, expect, it } from 'vitest';
import { minutes } from '../../../lambdas/define.ts';
import diagnosis from '../../../lambdas/diagnoses/accounts/accounts-005-import-unheard.ts';
import { judge } from '../../../lambdas/engine/judgement/judge.ts';
import { limitBook } from '../../../lambdas/engine/limit-book.ts';
import type { TargetReadings } from '../../../lambdas/engine/judgement/views.ts';
import type { Account } from '../../../lambdas/readings/decoders/account.ts';
import type { AccountStat } from '../../../lambdas/readings/decoders/accstatz.ts';
import type { Varz } from '../../../lambdas/readings/decoders/varz.ts';
import type { AccountInterest } from '../../../lambdas/readings/interest.ts';
import { clusterFacts, failing, firstMinute, varz } from '../../kit.ts';
import { account, keyOf, knowing, watchingAccounts } from './kit.ts';

const from = keyOf('Q');
const stream = (local: string) => ({ type: 'stream', subject: 'orders.>', account: from, local });
/** Account APP, which imports these streams under these subjects, and a service. */
const importing = (subjects: readonly string[], changes: Partial<Account> = {}) =>
  account({
    imports: [
      ...subjects.map(stream),
      { type: 'service', subject: 'prices.get', account: from, local: 'prices.get' },
    ],
    ...changes,
  });

type Given = {
  readonly imports?: readonly string[];
  readonly stat?: Partial<AccountStat>;
  readonly isWhole?: boolean;
  readonly detail?: Partial<Account>;
  readonly varz?: Partial<Varz>;
};
/** A server whose APP imports `shop.orders.>`, with what is subscribed to there; null where it was not asked. */
function listening(
  name: string,
  subjects: readonly string[] | null,
  { imports = ['shop.orders.>'], stat = {}, isWhole = true, detail = {}, varz: own = {} }: Given = {},
): TargetReadings {
  const interest: AccountInterest = { account: keyOf('P'), subjects: subjects ?? [], isWhole };
  return knowing(name, [stat], subjects === null ? null : [importing(imports, detail)], {
    varz: varz({ server_name: name, server_id: `N-${name}`, ...own }),
    ...(subjects === null ? {} : { interest: { ofAccounts: [interest] } }),
  });
}

const facts = { expect: { imports: ['APP', keyOf('P')] } };
const watch = () => watchingAccounts(diagnosis, { facts, remembers: true });
/** What a look says of servers that stay as they are for half an hour. */
function after(minutesLater: number, ...servers: readonly TargetReadings[]) {
  const watched = watch();
  let look = watched.look(servers);
  for (let at = 5; at <= minutesLater; at += 5) look = watched.look(servers);
  return look;
}
const told = (...servers: readonly TargetReadings[]) =>
  after(30, ...servers).findings.map(({ summary }) => summary);
const said = (...servers: readonly TargetReadings[]) => {
  const { outcomes, seen } = after(0, ...servers);
  return `${outcomes['cluster'] ?? ''}: ${seen['cluster'] ?? ''}`;
};

/** What it asks for, of servers in short, with a history. */
function asks(
  servers: readonly TargetReadings[],
  history: Parameters<typeof judge>[2]['history'] = {},
  at = firstMinute,
  { imports = facts.expect.imports }: { readonly imports?: readonly string[] } = {},
) {
  const judged = judge(
    diagnosis,
    { at, servers },
    {
      ...{ facts: { ...clusterFacts, expect: { imports } }, at, firstRun: false, history },
      book: limitBook([diagnosis], {}).book,
      failures: () => [],
    },
  );
  const asked = judged.judgements.flatMap(({ asks: all = [] }) =>
    all.map((each) =>
      each.endpoint === 'interest'
        ? `${each.target.name} interest${each.leafnodes ? ' with leafnodes' : ''}`
        : `${each.target.name} ${each.endpoint}`,
    ),
  );
  return { asked, history: judged.history };
}

describe('ACCOUNTS_005, streams that an account imports and nobody listens to', () => {
  it('are told once nobody of the account subscribed for half an hour on any server', () => {
    const servers = [listening('n1', ['other']), listening('n2', ['shop.prices'])];
    expect(after(25, ...servers).notices).toEqual([]);
    const look = after(30, ...servers);
    expect(look.outcomes).toEqual({ cluster: 'warning' });
    expect(look.findings).toMatchObject([
      {
        severity: 'warning',
        entity: { kind: 'account', name: 'APP' },
        summary: 'Nobody of account APP listens to 1 of 1 stream that it imports: shop.orders.>.',
        evidence: ['no subscription to shop.orders.>', 'on n1, n2', `account ${keyOf('P')}`],
      },
    ]);
  });

  it.each([
    ['the subject itself', 'shop.orders.>'],
    ['a part of it', 'shop.orders.new'],
    ['a wildcard over it', 'shop.*.new'],
    ['all there is', '>'],
  ])('are none where one server has a subscription to %s', (_what, subject) => {
    expect(said(listening('n1', ['other']), listening('n2', [subject]))).toBe(
      'ok: 1 account with 1 imported stream, somebody listens to each',
    );
  });

  it.each([
    ['another part', 'shop.orders', 'shop.orders.>'],
    ["the exporter's subject, which is another one here", 'orders.>', 'shop.orders.>'],
    ['an inbox, which an import of everything takes', '_INBOX.x.*', '>'],
    ["a server's own", '$SYS.REQ.USER.INFO', '>'],
  ])('are told beside a subscription to %s', (_what, subject, imported) => {
    expect(told(listening('n1', [subject], { imports: [imported] }))).toEqual([
      `Nobody of account APP listens to 1 of 1 stream that it imports: ${imported}.`,
    ]);
  });

  it('are counted, the first ones by name', () => {
    const imports = Array.from({ length: 7 }, (_, i) => `s${i}.>`);
    const [finding] = after(30, listening('n1', ['s0.x'], { imports })).findings;
    expect([finding?.summary, finding?.evidence]).toEqual([
      'Nobody of account APP listens to 6 of 7 streams that it imports: s1.>, s2.>, s3.> and 2 more ….',
      [
        ...['s1.>', 's2.>', 's3.>', 's4.>', 's5.>'].map((subject) => `no subscription to ${subject}`),
        ...['and 1 more', 'on n1', `account ${keyOf('P')}`],
      ],
    ]);
  });

  it('stay told between turns, and end when somebody listens', () => {
    const watched = watch();
    const turn = [listening('n1', [])];
    const between = [listening('n1', null)];
    const heard = [listening('n1', ['shop.>'])];
    const looks = [
      turn,
      between,
      between,
      turn,
      between,
      between,
      turn,
      between,
      between,
      heard,
      between,
    ].map((servers) => watched.look(servers));
    expect(looks.map(({ notices }) => notices.map(({ kind }) => kind).join())).toEqual([
      ...['', '', '', '', '', '', 'opened', '', '', '', 'resolved'],
    ]);
  });
});

it('ACCOUNTS_005 calls an account the same between turns, where servers do not say its name', () => {
  const watched = watch();
  const stat = { name: undefined };
  const look = (subjects: readonly string[] | null) => {
    const { findings } = watched.look([
      listening('n1', subjects, { stat, ...(subjects === null ? {} : { detail: { name: 'APP' } }) }),
    ]);
    return findings.map(({ entity }) => entity.name);
  };
  const names = [[], null, null, [], null, null, [], null, null].map(look);
  expect(names.slice(-3)).toEqual([['APP'], ['APP'], ['APP']]);
});

describe('ACCOUNTS_005 asks', () => {
  const servers = [listening('n1', null), listening('n2', null, { stat: { leafnodes: 2 } })];
  const all = ['n1 accountz', 'n1 interest', 'n2 interest with leafnodes'];

  it('every server with the account, and where leafnodes are for their subjects, each quarter of an hour', () => {
    expect(asks(servers).asked).toEqual(all);
    const { history } = asks([listening('n1', []), listening('n2', [])]);
    const later = [5, 10, 14, 15].map(
      (passed) => asks(servers, history, firstMinute + minutes(passed)).asked,
    );
    expect(later).toEqual([[], [], [], all]);
  });

  it('as often beside an account that no server knows', () => {
    const imports = ['APP', 'BANK'];
    const { history } = asks([listening('n1', ['shop.>']), listening('n2', [])], {}, firstMinute, {
      imports,
    });
    const later = [5, 15].map(
      (passed) => asks(servers, history, firstMinute + minutes(passed), { imports }).asked,
    );
    expect(later).toEqual([[], all]);
  });

  it('for nothing where settings name no account', () => {
    const look = watchingAccounts(diagnosis).look(servers);
    expect(look.seen).toEqual({
      cluster: 'settings name no account whose imports somebody should listen to (`expect.imports`)',
    });
  });

  it('for no account that has more subscriptions on a server than are read', () => {
    const having = (count: number) => [listening('n1', null, { stat: { num_subscriptions: count } })];
    expect(asks(having(4_096)).asked).toEqual(['n1 accountz', 'n1 interest']);
    expect(asks(having(4_097)).asked).toEqual([]);
    expect(said(...having(4_097))).toBe(
      'not-applicable: APP has 4,097 subscriptions on n1, at most 4,096 are read',
    );
  });

  it('for no leafnodes of a server that does not say for how many subscriptions', () => {
    const old = (leafnodes: number) => [
      listening('n1', null, { stat: { num_subscriptions: undefined, leafnodes } }),
    ];
    expect(asks(old(0)).asked).toEqual(['n1 accountz', 'n1 interest']);
    expect(said(...old(1))).toBe(
      'not-applicable: APP has leafnodes on n1, which does not say for how many subscriptions (before nats-server 2.10)',
    );
  });

  it('at most 256 servers a run, those that were not asked for longest first', () => {
    const many = Array.from({ length: 150 }, (_, i) =>
      knowing(`n${i}`, [{}, { acc: from, name: 'SHOP' }], null, { varz: varz({ server_name: `n${i}` }) }),
    );
    const both = { expect: { imports: ['APP', 'SHOP'] } };
    const watched = watchingAccounts(diagnosis, { facts: both });
    expect(watched.look(many).seen).toEqual({ cluster: 'not read yet' });
    expect(asks(many).asked).toHaveLength(151);
  });
});

describe('ACCOUNTS_005 does not know', () => {
  it('of subscriptions that were cut off, unless those that are there are enough', () => {
    expect(said(listening('n1', ['shop.>'], { isWhole: false }))).toBe(
      'ok: 1 account with 1 imported stream, somebody listens to each',
    );
    expect(said(listening('n1', ['other'], { isWhole: false }))).toBe(
      'not-applicable: APP has more subscriptions on a server than the 4,096 that are read',
    );
  });

  it('where one of its servers did not answer', () => {
    const silent = {
      ...listening('n2', null),
      readings: { ...listening('n2', null).readings, interest: failing() },
    };
    expect(said(listening('n1', []), silent)).toBe('unknown: no reply: timeout');
  });

  it('of an account that no server knows', () => {
    const watched = watchingAccounts(diagnosis, { facts: { expect: { imports: ['APP', 'BANK'] } } });
    const { outcomes, seen } = watched.look([listening('n1', ['shop.>'])]);
    expect([outcomes['cluster'], seen['cluster']]).toEqual([
      'unknown',
      '1 account with 1 imported stream, somebody listens to each; no server knows account BANK',
    ]);
  });

  it('of one whose JWT has expired, which is told for itself', () => {
    expect(said(listening('n1', [], { detail: { isExpired: true } }))).toBe(
      'not-applicable: APP has a JWT that has expired (ACCOUNTS_102)',
    );
  });

  it.each<[string, Partial<Varz>]>([
    [
      '1 of 3 servers of cluster east is not watched',
      { cluster: { name: 'east', cluster_port: 6_222 }, remotes: 2 },
    ],
    [
      'cluster west, to which gateways lead, is not watched',
      {
        cluster: { name: 'east', cluster_port: 6_222 },
        remotes: 1,
        gateway: { name: 'east', gateways: [{ name: 'east' }, { name: 'west' }] },
      },
    ],
    [
      'clusters that have gateways to this one are not watched',
      { cluster: { name: 'east', cluster_port: 6_222 }, remotes: 1, gateway: { name: 'east' } },
    ],
  ])('who listens elsewhere: %s', (words, own) => {
    expect(said(listening('n1', [], { varz: own }), listening('n2', [], { varz: own }))).toBe(
      `not-applicable: somebody may listen where nobody looks: ${words}`,
    );
  });

  it('but does of a super-cluster that is watched as a whole', () => {
    const inCluster = (name: string) => ({
      cluster: { name, cluster_port: 6_222 },
      gateway: { name, gateways: [{ name: 'east' }, { name: 'west' }] },
    });
    const servers = [
      listening('n1', [], { varz: inCluster('east') }),
      listening('n2', [], { varz: inCluster('west') }),
    ];
    expect(told(...servers)).toHaveLength(1);
  });
});
