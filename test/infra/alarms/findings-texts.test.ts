import { describe, expect, it } from 'vitest';
import { alarmSpecs } from '../../../infra/alarms/alarm-specs.ts';
import { listForms } from '../../../infra/alarms/found-list.ts';
import { understand } from '../../../infra/settings.ts';
import { checks } from '../../../lambdas/checks/catalogue.ts';

const longName = 'orders-production-eu-west';

/** What an on-call reads may have fired each alarm on findings of such a cluster. */
function mayHaveFired(settings: {
  servers: number;
  name?: string;
  readme?: string;
  dns?: boolean;
  expect?: object;
  limits?: object;
}) {
  const { servers, name = 'prod', readme, dns = false, expect: expected = {}, limits = {} } = settings;
  const targets = dns
    ? [{ dns: 'nats.internal', port: 8222, expect: servers }]
    : Array.from({ length: servers }, (_, i) => ({ name: `n${i}`, url: `http://n${i}.internal:8222` }));
  const loaded = understand(
    {
      clusters: [{ name, targets, expect: expected }],
      limits,
      ...(readme === undefined ? {} : { alarms: { readme } }),
    },
    'settings',
  );
  return Object.fromEntries(
    alarmSpecs({ checks, ...loaded })
      .filter(({ name: alarm }) => alarm.includes('/findings/'))
      .map(({ name: alarm, description }) => [alarm, description.split('\n')[1] ?? '']),
  );
}

describe('an alarm on findings', () => {
  it.each([
    ['short names', {}],
    ['a long name of the cluster', { name: longName }],
    ["a link to the team's own page", { readme: `https://git.example.com/team/nats/${longName}/README.md` }],
    ['servers found by name', { dns: true }],
  ])('says in words all that can have fired it: %s', (_, settings) => {
    const texts = Object.entries(mayHaveFired({ servers: 3, ...settings }));
    expect(texts.length).toBeGreaterThan(15);
    expect(texts.filter(([, text]) => !/^(Any of|It is): .*[a-z)]\.$/.test(text))).toEqual([]);
    expect(texts.filter(([, text]) => /[;:] [A-Z]+_\d/.test(text))).toEqual([]);
  });

  it('has titles with ids where there is room, titles alone, else a few words by what they are about', () => {
    const found = [
      { id: 'META_006', title: 'Meta group without a leader', brief: ['meta group', 'no leader'] },
      { id: 'CONN_900', title: 'Nothing in brief' },
      { id: 'META_002', title: 'Servers name different leaders', brief: ['meta group', 'leaders disagree'] },
    ] as const;
    expect(listForms(found)).toEqual([
      'Meta group without a leader (META_006); Nothing in brief (CONN_900); Servers name different leaders (META_002)',
      'Meta group without a leader; Nothing in brief; Servers name different leaders',
      'meta group (no leader, leaders disagree); Nothing in brief',
      'meta group (no leader); Nothing in brief; META_002',
      'meta group (no leader); CONN_900; META_002',
      'META_006, 002; CONN_900',
    ]);
  });
});

describe('what compares servers', () => {
  const listed = (servers: number, dns = false) =>
    Object.values(mayHaveFired({ servers, dns }))
      .join(' ')
      .replaceAll(/ \(\w+\)/g, '');
  const ofTwo = [
    'A cluster is split',
    'Servers of one cluster are configured differently',
    'Servers of one cluster run different versions',
    'Versions in one cluster that must not mix',
    'Servers of one cluster have the same name',
    'One server is watched as two targets',
    'A gateway has lost interest of its cluster',
    'leaders disagree',
    'incomplete replica',
  ];
  const ofThree = [
    'Servers of a cluster have different gateways',
    'far more memory than the others of its cluster',
  ];

  const saidOf = (servers: number, dns?: boolean) =>
    [...ofTwo, ...ofThree].filter((words) => listed(servers, dns).includes(words));

  it('is in no alarm of a single server', () => {
    expect(saidOf(1)).toEqual([]);
    expect(mayHaveFired({ servers: 1 })['nats/prod/links/findings/critical']).toBe(
      'Any of: A gateway to another cluster is lost (CLUSTER_007); A route is open and nothing comes over it (CLUSTER_111).',
    );
  });

  it('is in those of two, or of three where it asks for what most of them have', () => {
    expect(saidOf(2)).toEqual(ofTwo);
    expect(saidOf(3)).toEqual([...ofTwo, ...ofThree]);
  });

  it('is in those of servers that are found by name, however many are expected', () => {
    expect(saidOf(1, true)).toEqual([...ofTwo, ...ofThree]);
  });

  it('and names alone can lead to fewer servers than expected', () => {
    expect(
      [listed(1, true), listed(3)].map((text) => /fewer behind|Fewer servers behind/.test(text)),
    ).toEqual([true, false]);
  });
});

describe('what asks for that which settings expect', () => {
  const asking = [
    'A service has no instance, or too few',
    'Instances of a service use different client libraries',
    'An account that is expected is on no server',
    'Nobody listens to a stream that an account imports',
    'Other servers in a cluster than expected',
  ];
  const said = (settings: object) => {
    const texts = Object.values(mayHaveFired({ servers: 3, ...settings })).join(' ');
    return asking.filter((words) => texts.includes(words));
  };

  it('is in no alarm of a cluster of which they expect no such thing', () => {
    expect(said({})).toEqual([]);
    const services = [{ name: 'billing', account: 'APP' }];
    expect(said({ expect: { services, accounts: ['APP'], imports: ['APP'], servers: 3 } })).toEqual(asking);
  });

  it('makes no alarm where nothing else could fire it', () => {
    const off = { LEAF_003: { subscriptions: { critical: 'off' } } };
    const names = Object.keys(mayHaveFired({ servers: 1, limits: off }));
    expect(names.filter((name) => name.startsWith('nats/prod/leafnodes/'))).toEqual([
      'nats/prod/leafnodes/findings/warning',
    ]);
  });
});
