import { describe, expect, it } from 'vitest';
import { atLeast, hours, minutes, seconds } from '../lambdas/define.ts';
import { emptyPlan } from '../lambdas/rules/plan.ts';
import { factsOf, parseSettings, SettingsError, targetsOf, watchSettings } from '../lambdas/settings.ts';
import { minuteOf, watchesNamed, watchesOf } from '../lambdas/run/watch.ts';
import { diagnosis } from './infra/catalogue.ts';

const loops = diagnosis({
  id: 'LEAF_104',
  limits: {
    closes: atLeast({ warning: 3, critical: 10 }, { unit: 'count', of: 'closes', over: minutes(10) }),
    share: atLeast({ warning: 0.8 }, { unit: 'ratio', of: 'share' }),
  },
});
const parse = (raw: unknown) => parseSettings(watchSettings, raw, 'settings.yaml', [loops]);

const hub1 = { name: 'hub1', url: 'http://10.0.0.1:8222' };
const prod = { name: 'prod', targets: [hub1] };
const of = (changes: object) => ({ clusters: [prod], ...changes });
const withCluster = (changes: object) => of({ clusters: [{ ...prod, ...changes }] });
const withTarget = (changes: object) => withCluster({ targets: [{ ...hub1, ...changes }] });

/** The problems of settings, one a line, without the file's name. */
function problems(raw: unknown): readonly string[] {
  try {
    parse(raw);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const [file, ...lines] = error.message.split('\n');
    expect(file).toBe('settings.yaml:');
    return lines.map((line) => line.slice(2));
  }
  return [];
}

describe('settings', () => {
  it('need one target, and all else is as it is by default', () => {
    expect(parse(of({})).settings).toEqual({
      namespace: 'NATS',
      clusters: [
        {
          name: 'prod',
          labels: {},
          targets: [{ ...hub1, labels: {} }],
          expect: {},
          dnsTargets: [],
          maxClosedClients: 10_000,
        },
      ],
      limits: {},
      closeReasons: {},
      jetstream: { ignore: [], limits: [] },
      clients: { ignore: [] },
      alarms: { readme: 'lambdas/checks/README.md' },
      mute: [],
      remindAfter: hours(24),
      requestTimeout: seconds(5),
    });
  });

  it('with all that there is are taken as they are written', () => {
    const { settings, book } = parse({
      namespace: 'Team/NATS',
      clusters: [
        {
          name: 'prod-eu.1',
          labels: { team: 'platform' },
          targets: [
            {
              name: 'hub_1',
              url: 'https://10.0.0.1:8222/base/',
              labels: { az: 'a' },
              tls: { ca: '-----BEGIN CERTIFICATE-----', serverName: 'hub1.internal' },
            },
          ],
          expect: {
            ...{ leafnodes: ['leaf1', 'leaf2'], accounts: ['APP'], gateways: ['west'], servers: 3 },
            imports: ['APP'],
          },
          maxClosedClients: 50_000,
        },
      ],
      limits: { LEAF_104: { closes: { warning: 5, critical: 'off', over: '30m' }, for: '2m' } },
      closeReasons: { 'Authentication Expired': 'auth' },
      remindAfter: '12h',
      requestTimeout: '10s',
    });
    const [cluster] = settings.clusters;
    expect([
      cluster?.targets[0]?.url,
      cluster?.expect,
      settings.remindAfter,
      settings.requestTimeout,
    ]).toEqual([
      'https://10.0.0.1:8222/base',
      {
        ...{ leafnodes: ['leaf1', 'leaf2'], accounts: ['APP'], gateways: ['west'], servers: 3 },
        imports: ['APP'],
      },
      hours(12),
      seconds(10),
    ]);
    expect(book.get('LEAF_104')).toMatchObject({
      for: minutes(2),
      limits: { closes: { levels: { warning: 5 }, over: minutes(30) } },
    });
  });

  it('name services alone or with account and number of instances', () => {
    const services = ['orders', { name: 'billing', account: 'APP', instances: 2 }];
    const clusters = [{ name: 'prod', targets: [hub1], expect: { services } }];
    const { settings } = parse(of({ clusters, clients: { ignore: [{ name: 'batch-*', account: 'APP' }] } }));
    expect([settings.clusters[0]?.expect, settings.clients]).toEqual([
      { services: [{ name: 'orders' }, { name: 'billing', account: 'APP', instances: 2 }] },
      { ignore: [{ name: 'batch-*', account: 'APP' }] },
    ]);
  });

  it('of DNS names stand apart from those of known servers, in whatever order they are written', () => {
    const { settings, book } = parse(
      of({
        clusters: [
          {
            name: 'prod',
            targets: [
              { dns: 'NATS.internal', port: 8222 },
              hub1,
              {
                dns: 'nats.example',
                port: 8443,
                scheme: 'https',
                expect: 3,
                labels: { az: 'a' },
                tls: { ca: 'PEM' },
              },
            ],
          },
        ],
      }),
    );
    const [watched] = watchesOf(settings, book, emptyPlan);
    expect([watched?.targets, watched?.dnsTargets]).toEqual([
      [{ ...hub1, labels: {} }],
      [
        { dns: 'nats.internal', port: 8222, scheme: 'http', expect: null, labels: {} },
        {
          dns: 'nats.example',
          port: 8443,
          scheme: 'https',
          expect: 3,
          labels: { az: 'a' },
          tls: { ca: 'PEM' },
        },
      ],
    ]);
  });

  it('of clusters and targets become what a run watches', () => {
    const { settings, book } = parse(
      of({
        clusters: [
          prod,
          { name: 'test', labels: { env: 'test' }, targets: [hub1], expect: { leafnodes: 2 } },
        ],
        closeReasons: { Kicked: 'other' },
        alarms: { readme: 'https://wiki.example/nats', per: 'cluster' },
      }),
    );
    const covered = { LEAF_101: { critical: { place: 'test', rule: 'NatsLeafNodes', perServer: false } } };
    const plan = { ...emptyPlan, covers: { test: covered } };
    const watched = watchesOf(settings, book, plan);
    expect(
      watched.map(({ facts, targets, remindAfter, lookBack }) => ({ facts, targets, remindAfter, lookBack })),
    ).toEqual([
      {
        facts: {
          name: 'prod',
          labels: {},
          expect: {},
          mostServers: 1,
          maxClosedClients: 10_000,
          memoryLimit: null,
          closeReasons: { Kicked: 'other' },
          jetstream: { ignore: [] },
          clients: { ignore: [] },
          covered: {},
          manual: 'https://wiki.example/nats',
        },
        targets: [{ ...hub1, labels: {} }],
        remindAfter: hours(24),
        lookBack: minutes(10),
      },
      {
        facts: {
          name: 'test',
          labels: { env: 'test' },
          expect: { leafnodes: 2 },
          mostServers: 1,
          maxClosedClients: 10_000,
          memoryLimit: null,
          closeReasons: { Kicked: 'other' },
          jetstream: { ignore: [] },
          clients: { ignore: [] },
          covered,
          manual: 'https://wiki.example/nats',
        },
        targets: [{ ...hub1, labels: {} }],
        remindAfter: hours(24),
        lookBack: minutes(10),
      },
    ]);
  });

  it('give a target no more of TLS than they say', () => {
    const { settings } = parse(withTarget({ url: 'https://10.0.0.1:8443', tls: { serverName: 'hub1' } }));
    const [cluster] = settings.clusters;
    expect(cluster && targetsOf(cluster)).toStrictEqual([
      { ...hub1, url: 'https://10.0.0.1:8443', labels: {}, tls: { serverName: 'hub1' } },
    ]);
    expect(cluster && factsOf(settings, cluster).name).toBe('prod');
  });

  it('take what is just within its bounds', () => {
    const within = [
      withTarget({ name: 'a'.repeat(64) }),
      of({ requestTimeout: '1s' }),
      withCluster({ expect: { leafnodes: 1 }, maxClosedClients: 1 }),
      of({ remindAfter: '36500d' }),
      withCluster({
        expect: {
          leafnodes: ['a', 'a'],
          services: ['a', { name: 'a', account: 'SHOP' }, { name: 'a', account: 'BANK' }],
          imports: Array.from({ length: 16 }, (_, i) => `A${i}`),
        },
      }),
    ];
    expect(within.map(problems)).toEqual(within.map(() => []));
  });

  it.each([
    ['512MiB', 2 ** 29],
    ['1.5 Gi', 1.5 * 2 ** 30],
  ])('read the memory that a server may use: %s', (memoryLimit, bytes) => {
    const { settings } = parse(withCluster({ memoryLimit }));
    const [cluster] = settings.clusters;
    expect(cluster && factsOf(settings, cluster).memoryLimit).toBe(bytes);
  });

  it('may have one URL in two clusters, each of which counts it once', () => {
    expect(problems(of({ clusters: [prod, { ...prod, name: 'test' }] }))).toEqual([]);
  });

  it('read a URL that they gave to the same one', () => {
    const read = (url: string) => parse(withTarget({ url })).settings.clusters[0]?.targets[0]?.url ?? '';
    const once = read("http://h'/a'b//");
    expect([once, read(once)]).toEqual(['http://h%27/a%27b', 'http://h%27/a%27b']);
  });

  it.each([
    ['a trailing slash', 'http://h:8222/', 'http://h:8222'],
    ['a base path', 'http://h:8222/nats//', 'http://h:8222/nats'],
    ['an IPv6 address', 'http://[::1]:8222', 'http://[::1]:8222'],
    ['no port', 'https://h', 'https://h'],
    ["the scheme's own port", 'http://h:80', 'http://h'],
    ['capital letters', 'HTTP://Hub.EU:8222', 'http://hub.eu:8222'],
    ['a question mark and nothing behind it', 'http://h:8222/?', 'http://h:8222'],
    ['a number sign and nothing behind it', 'http://h:8222/nats#', 'http://h:8222/nats'],
    ['an apostrophe, which would end a quoted word of a shell', "http://h/a';id;'", 'http://h/a%27;id;%27'],
    ['an apostrophe in its host', "http://h'$(id)'", 'http://h%27$(id)%27'],
  ])('take a URL with %s', (_what, url, expected) => {
    expect(parse(withTarget({ url })).settings.clusters[0]?.targets[0]?.url).toBe(expected);
  });
});

describe('settings that cannot be used are refused by path:', () => {
  it.each<[what: string, raw: unknown, ...problems: string[]]>([
    [
      'no object',
      null,
      'settings: expected keys with values: namespace, clusters, limits, closeReasons, jetstream…, received nothing',
    ],
    ['nothing', {}, 'clusters: expected a list, received nothing'],
    ['no cluster', { clusters: [] }, 'clusters: expected a list of 1 or more, received none'],
    [
      'no target',
      withCluster({ targets: [] }),
      'clusters[0].targets: expected a list of 1 or more, received none',
    ],
    [
      'what is expected twice',
      withCluster({
        expect: {
          ...{ servers: ['a', 'b', 'a'], gateways: ['e', 'e'], accounts: ['APP', 'APP'] },
          services: ['o', { name: 'o' }, { name: 'p', account: 'A' }, { name: 'p', account: 'A' }],
        },
      }),
      'clusters[0].expect.gateways[1]: e stands twice',
      'clusters[0].expect.servers[2]: a stands twice',
      'clusters[0].expect.services[1]: o stands twice',
      'clusters[0].expect.services[3]: p of A stands twice',
      'clusters[0].expect.accounts[1]: APP stands twice',
    ],
    [
      'more accounts whose subscriptions are read than servers are asked for',
      withCluster({ expect: { imports: Array.from({ length: 17 }, (_, i) => `A${i}`) } }),
      'clusters[0].expect.imports: expected at most 16 accounts',
    ],
    [
      'numbers that no server has',
      withCluster({ maxClosedClients: 1e300, memoryLimit: `${'9'.repeat(400)}GiB` }),
      'clusters[0].maxClosedClients: expected at most 9,007,199,254,740,991, received 1e+300',
      `clusters[0].memoryLimit: expected a size such as 512MiB or 4GiB, received "${'9'.repeat(40)}…"`,
    ],
    [
      'a time that never comes',
      of({ remindAfter: '36501d' }),
      'remindAfter: expected at most 36500d, received "36501d"',
    ],
    ['an unknown key', of({ cluster: [] }), 'cluster: no such setting; did you mean "clusters"?'],
    ['two unknown keys', of({ a: 1, b: 2 }), 'a: no such setting', 'b: no such setting'],
    [
      'an unknown key of a cluster',
      withCluster({ target: [] }),
      'clusters[0].target: no such setting; did you mean "targets"?',
    ],
    ['an unknown key of a target', withTarget({ port: 1 }), 'clusters[0].targets[0].port: no such setting'],
    [
      'an unknown key of TLS',
      withTarget({ tls: { cert: '' } }),
      'clusters[0].targets[0].tls.cert: no such setting',
    ],
    [
      'TLS for a URL without it',
      withTarget({ tls: { serverName: 'hub1' } }),
      'clusters[0].targets[0].tls: "http://10.0.0.1:8222" is asked without TLS: expected https:// there (the https_port of ' +
        'the server), or no tls',
    ],
    [
      'an unknown expectation',
      withCluster({ expect: { routes: 2 } }),
      'clusters[0].expect.routes: no such setting',
    ],
    [
      'a name with a slash',
      withCluster({ name: 'a/b' }),
      'clusters[0].name: expected letters, digits, ".", "_" or "-", a letter or digit first',
    ],
    [
      'a name that begins with a dash',
      withTarget({ name: '-a' }),
      'clusters[0].targets[0].name: expected letters, digits, ".", "_" or "-", a letter or digit first',
    ],
    [
      'a name of 65 characters',
      withTarget({ name: 'a'.repeat(65) }),
      'clusters[0].targets[0].name: expected at most 64 characters',
    ],
    [
      'two targets of one name',
      withCluster({ targets: [hub1, { ...hub1, url: 'http://10.0.0.2' }] }),
      'clusters[0].targets[1].name: "hub1" names two targets',
    ],
    [
      'two targets of one URL, which would be counted twice',
      withCluster({ targets: [hub1, { name: 'hub2', url: 'HTTP://10.0.0.1:8222/' }] }),
      'clusters[0].targets[1].url: "http://10.0.0.1:8222" is the URL of two targets',
    ],
    [
      'two clusters of one name',
      of({ clusters: [prod, prod] }),
      'clusters[1].name: "prod" names two clusters',
    ],
    [
      'no URL',
      withTarget({ url: 'hub1' }),
      'clusters[0].targets[0].url: expected a URL such as http://10.0.1.10:8222',
    ],
    [
      'a URL of another scheme',
      withTarget({ url: 'nats://h:4222' }),
      'clusters[0].targets[0].url: expected http or https, received "nats://"',
    ],
    [
      'a URL with a password',
      withTarget({ url: 'http://me:secret@h:8222' }),
      'clusters[0].targets[0].url: user and password do not belong here: monitoring has no login',
    ],
    [
      'a URL with a query',
      withTarget({ url: 'http://h:8222/?a=1' }),
      'clusters[0].targets[0].url: expected no query or fragment: only scheme, host, port, base path',
    ],
    [
      'a URL of an endpoint',
      withTarget({ url: 'http://h:8222/varz' }),
      'clusters[0].targets[0].url: expected no endpoint, which checks add: leave out "/varz"',
    ],
    [
      'expectations that are neither a count nor names',
      withCluster({ expect: { leafnodes: 'edge', gateways: 'west' } }),
      'clusters[0].expect.leafnodes: expected how many, a whole number from 1 on, or a list of names such as [a, b]',
      'clusters[0].expect.gateways: expected how many, a whole number from 1 on, or a list of names such as [a, b]',
    ],
    [
      'no duration',
      of({ remindAfter: '1 day' }),
      'remindAfter: expected a duration such as 30s, 5m, 1h30m or 7d, received "1 day"',
    ],
    [
      'a reminder of one severity alone',
      of({ remindAfter: { critical: '1 h' } }),
      'remindAfter.critical: expected a duration such as 30s, 5m, 1h30m or 7d, received "1 h"',
    ],
    [
      'a reminder of no severity',
      of({ remindAfter: { critcal: '1h' } }),
      'remindAfter.critcal: no such setting; did you mean "critical"?',
    ],
    [
      'a URL of no port',
      withTarget({ url: 'http://h:0' }),
      'clusters[0].targets[0].url: port 0 is none: expected the http_port of the server',
    ],
    ['a request of no time', of({ requestTimeout: '0s' }), 'requestTimeout: expected 1s to 10s'],
    ['a request longer than a run', of({ requestTimeout: '11s' }), 'requestTimeout: expected 1s to 10s'],
    [
      'an expectation of no leafnode',
      withCluster({ expect: { leafnodes: 0 } }),
      'clusters[0].expect.leafnodes: expected 1 or more, received 0',
    ],
    [
      'an expectation of no gateway',
      withCluster({ expect: { gateways: [] } }),
      'clusters[0].expect.gateways: expected a list of 1 or more, received none',
    ],
    [
      'a ring of no size',
      withCluster({ maxClosedClients: 0 }),
      'clusters[0].maxClosedClients: expected 1 or more, received 0',
    ],
    ...['4GB', '4', '0GiB', 'GiB', '-1GiB'].map((memoryLimit): [string, unknown, string] => [
      `a memory limit of ${memoryLimit}`,
      withCluster({ memoryLimit }),
      `clusters[0].memoryLimit: expected a size such as 512MiB or 4GiB, received "${memoryLimit}"`,
    ]),
    [
      'a duration under no name that it has',
      of({ limits: { LEAF_104: { fro: '10m' } } }),
      'limits.LEAF_104.fro: expected levels, such as { warning: 100 }; how long it must hold is "for"',
    ],
    [
      'a level that is a word',
      of({ limits: { LEAF_104: { closes: { warning: 'none' } } } }),
      'limits.LEAF_104.closes.warning: expected a number or "off"',
    ],
    ...[NaN, Infinity, -Infinity].map((warning): [string, unknown, string] => [
      `a level that is ${warning}`,
      of({ limits: { LEAF_104: { closes: { warning } } } }),
      'limits.LEAF_104.closes.warning: expected a number or "off"',
    ]),
    [
      'a level below 0',
      of({ limits: { LEAF_104: { closes: { warning: -1 } } } }),
      'limits.LEAF_104.closes.warning: expected 0 or more',
    ],
    [
      'percent where a ratio is meant, which would switch the limit off',
      of({ limits: { LEAF_104: { share: { warning: 80 } } } }),
      'limits.LEAF_104.share.warning: expected a ratio from 0 to 1, for 80 % write 0.8',
    ],
    [
      'a level that does not exist',
      of({ limits: { LEAF_104: { closes: { fatal: 1 } } } }),
      'limits.LEAF_104.closes.fatal: no such setting',
    ],
    [
      'a diagnosis that does not exist',
      of({ limits: { LEAF_999: {} } }),
      'limits.LEAF_999: no such diagnosis; there are LEAF_104',
    ],
    [
      'a limit that does not exist',
      of({ limits: { LEAF_104: { opens: {} } } }),
      'limits.LEAF_104.opens: no such limit; LEAF_104 has closes, share',
    ],
    [
      'levels in the wrong order',
      of({ limits: { LEAF_104: { closes: { warning: 11 } } } }),
      'limits.LEAF_104.closes: critical (10) must be above warning (11)',
    ],
    [
      'a class of closes that does not exist',
      of({ closeReasons: { Kicked: 'bad' } }),
      'closeReasons.Kicked: expected planned, auth, slow, limit, network or other, received "bad"',
    ],
    [
      'a close reason that is misspelt',
      of({ closeReasons: { 'Authentication expired': 'auth', 'Read Error': 'planned' } }),
      'closeReasons.Authentication expired: no such close reason; did you mean "Authentication Expired"?',
    ],
    [
      'a close reason that is none',
      of({ closeReasons: { constructor: 'auth' } }),
      'closeReasons.constructor: no such close reason; GET /connz?state=closed shows those of a server',
    ],
    [
      'clients that are ignored without a name, or with an unknown key',
      of({ clients: { ignore: [{ account: 'APP' }, { name: 'tmp-*', ip: '10.0.0.7' }] } }),
      'clients.ignore[0].name: expected text, received nothing',
      'clients.ignore[1].ip: no such setting',
    ],
    [
      'services whose name cannot be one, or with an unknown key',
      of({
        clusters: [
          {
            name: 'prod',
            targets: [hub1],
            expect: {
              services: ['orders.new', { name: 'orders', instance: 2 }, { name: 'a', instances: 0 }],
            },
          },
        ],
      }),
      'clusters[0].expect.services[0]: expected the name of a service: letters, digits, "_" or "-"',
      'clusters[0].expect.services[1].instance: no such setting; did you mean "instances"?',
      'clusters[0].expect.services[2].instances: expected 1 or more, received 0',
    ],
    [
      'streams that are ignored without a name, or with an unknown key',
      of({ jetstream: { ignore: [{ account: 'APP' }, { stream: 'TMP_*', consumers: '*' }] } }),
      'jetstream.ignore[0].stream: expected text, received nothing',
      'jetstream.ignore[1].consumers: no such setting; did you mean "consumer"?',
    ],
    [
      'limits of some streams that no diagnosis has, beside those of all',
      of({
        limits: { LEAF_999: {} },
        jetstream: { limits: [{ stream: '*', limits: { JETSTREAM_999: {} } }] },
      }),
      'limits.LEAF_999: no such diagnosis; there are LEAF_104',
      'jetstream.limits[0].limits.JETSTREAM_999: no such diagnosis; there are LEAF_104',
    ],
    ['a namespace of AWS', of({ namespace: 'AWS/NATS' }), 'namespace: expected a CloudWatch namespace'],
    [
      'several things',
      { ...withTarget({ url: 1 }), remindAfter: 5 },
      'clusters[0].targets[0].url: expected text, received 1: write it in quotes, "1"',
      'remindAfter: expected a duration such as 30s, 5m, 1h30m or 7d, received 5',
    ],
  ])('%s', (_what, raw, ...expected) => {
    expect(problems(raw)).toEqual(expected);
  });

  it('a secret in a URL is not repeated', () => {
    expect(problems(withTarget({ url: 'http://me:hunter2@h:8222' })).join()).not.toContain('hunter2');
  });
});

describe('the minute of a run', () => {
  const now = Date.parse('2026-01-31T12:00:59.999Z');

  it('is the one that the schedule names, to the full minute', () => {
    expect(minuteOf('2026-01-31T11:59:30Z', now)).toBe(Date.parse('2026-01-31T11:59:00Z'));
  });

  it('is the current one where none is named', () => {
    expect(minuteOf(undefined, now)).toBe(Date.parse('2026-01-31T12:00:00Z'));
  });

  it('may be five minutes ahead of the clock and no more, as memory claimed for it would refuse every run until then', () => {
    expect(minuteOf('2026-01-31T12:05:00Z', now)).toBe(Date.parse('2026-01-31T12:05:00Z'));
    expect(() => minuteOf('2027-01-31T12:00:00Z', now)).toThrow(
      new Error('scheduledTime is 2027-01-31 12:00 UTC, 364 d 23 h ahead of this clock: nothing was run'),
    );
    expect(() => minuteOf('2026-01-31T12:06:00Z', now)).toThrow(
      'scheduledTime is 2026-01-31 12:06 UTC, 5 min ahead of this clock',
    );
  });

  it('cannot be what is no time', () => {
    expect(() => minuteOf('<aws.scheduler.scheduled-time>', now)).toThrow(
      new Error('scheduledTime "<aws.scheduler.scheduled-time>" is no time'),
    );
  });
});

describe('the clusters of an event', () => {
  const { settings, book } = parse(
    of({ clusters: [prod, { ...prod, name: 'edge' }, { ...prod, name: 'lab' }] }),
  );
  const all = watchesOf(settings, book, emptyPlan);
  const named = (names: unknown) => {
    const { watches, unknown } = watchesNamed(all, names);
    return [watches.map(({ facts }) => facts.name), unknown];
  };

  it('are those that it names, and all where it names none', () => {
    expect(named(['lab', 'prod'])).toEqual([['prod', 'lab'], []]);
    expect(named(undefined)).toEqual([['prod', 'edge', 'lab'], []]);
  });

  it('that settings do not have are told, and the others are run', () => {
    expect(named(['gone', 'edge'])).toEqual([['edge'], ['gone']]);
  });

  it.each(['prod', [], [{ name: 'prod' }], null])('cannot be %j', (names) => {
    expect(() => named(names)).toThrow(
      `clusters is ${JSON.stringify(names)}: expected a list of names, or nothing for all: nothing was run`,
    );
  });
});
