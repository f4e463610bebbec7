import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { minutes } from '../../lambdas/define.ts';
import { parseSettings, watchSettings } from '../../lambdas/settings.ts';
import { loadSettings } from '../../infra/settings.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { checks } from './catalogue.ts';

const folder = temporaryFolder('settings');
function written(text: string): string {
  const file = path.join(folder, 'settings.yaml');
  writeFileSync(file, text);
  return file;
}
const smallest = 'clusters: [{ name: prod, targets: [{ name: hub1, url: "http://10.0.1.10:8222" }] }]\n';

/** The message without the folder that only this run knows. */
function refusal(text: string): string {
  try {
    loadSettings(written(text), checks);
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, '').replaceAll(folder, 'FOLDER');
  }
  return 'accepted';
}

describe('settings', () => {
  it('need no more than one target', () => {
    expect(loadSettings(written(smallest), checks).settings).toStrictEqual({
      name: 'nats-cloudwatch',
      namespace: 'NATS',
      clusters: [
        {
          name: 'prod',
          labels: {},
          targets: [{ name: 'hub1', url: 'http://10.0.1.10:8222', labels: {} }],
          expect: {},
          maxClosedClients: 10_000,
        },
      ],
      limits: {},
      closeReasons: {},
      remindAfter: minutes(24 * 60),
      requestTimeout: minutes(5) / 60,
      subscriptions: [],
      logRetentionDays: 30,
      rules: ['built-in'],
      mirror: 'intended',
      alarms: {
        engine: 'classic',
        per: 'server',
        strict: false,
        severities: {},
        entities: 1_000,
        warmUp: minutes(15),
        readme: 'lambdas/checks/README.md',
      },
    });
  });

  it('of the example file are accepted', () => {
    const { settings } = loadSettings('infra/settings.yaml', checks);
    expect(
      settings.clusters.map(({ name, targets }) => [name, targets.map((target) => target.name)]),
    ).toEqual([['prod', ['hub1', 'hub2']]]);
  });

  it('give a Lambda only what it watches with, in a form it reads again to the same values', () => {
    const { settings, watch } = loadSettings('infra/settings.yaml', checks);
    expect(Object.keys(watch)).toEqual(['clusters']);
    const read = parseSettings(watchSettings, JSON.parse(JSON.stringify(watch)), 'settings.json', []);
    expect(read.settings.clusters).toEqual(settings.clusters);
  });

  it('change limits for findings and alarms alike', () => {
    const { book } = loadSettings(
      written(`${smallest}limits: { CONN_001: { connections: { warning: 200, critical: 400 }, for: 10m } }`),
      checks,
    );
    expect(book.get('CONN_001')).toMatchObject({
      for: minutes(10),
      limits: { connections: { levels: { warning: 200, critical: 400 } } },
    });
  });
});

describe('settings that cannot be used are refused by file and path', () => {
  const withSubscription = (text: string) => `${smallest}subscriptions: [{ ${text} }]`;
  const withTarget = (text: string) => `clusters: [{ name: prod, targets: [{ name: hub1, ${text} }] }]`;
  const withLabels = (text: string) =>
    `clusters: [{ name: prod, labels: { ${text} }, targets: [{ name: hub1, url: "http://h:8222" }] }]`;
  it.each<[what: string, text: string, ...message: string[]]>([
    ['nothing at all', '', 'settings: Invalid input: expected object, received null'],
    ['broken YAML', 'clusters:\n\tprod:', 'line 2, column 1: Tabs are not allowed as indentation'],
    ['a key twice', 'name: a\nname: b', 'line 2, column 1: Map keys must be unique'],
    ['an unknown tag', 'name: !secret a', 'line 1, column 7: Unresolved tag: !secret'],
    ['an unknown key', `${smallest}subscription: []`, 'subscription: no such setting'],
    [
      'an unknown key below',
      withTarget('url: "http://h:8222", port: 1'),
      'clusters[0].targets[0].port: no such setting',
    ],
    ['no cluster', 'clusters: []', 'clusters: Too small: expected array to have >=1 items'],
    [
      'a URL of another scheme',
      withTarget('url: "nats://h:4222"'),
      'clusters[0].targets[0].url: expected http or https, received "nats://"',
    ],
    [
      'two servers of one name',
      'clusters: [{ name: prod, targets: [{ name: a, url: "http://a" }, { name: a, url: "http://b" }] }]',
      'clusters[0].targets[1].name: "a" names two targets',
    ],
    [
      'a name unfit for functions',
      `${smallest}name: Prod_1`,
      'name: expected lower-case letters, digits and "-", at most 30',
    ],
    [
      'a VPC without subnets',
      `${smallest}network: { vpcId: vpc-0123456789abcdef0, subnetIds: [], securityGroupIds: [sg-1] }`,
      'network.subnetIds: Too small: expected array to have >=1 items',
      'network.securityGroupIds[0]: expected an id such as sg-0123456789abcdef0',
    ],
    [
      'a retention that CloudWatch Logs lacks',
      `${smallest}logRetentionDays: 31`,
      'logRetentionDays: expected one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731',
    ],
    [
      'a warm-up of half minutes',
      `${smallest}alarms: { warmUp: 90s }`,
      'alarms.warmUp: expected whole minutes from 1m to 2d',
    ],
    [
      'a warm-up beyond two days',
      `${smallest}alarms: { warmUp: 2d1m }`,
      'alarms.warmUp: expected whole minutes from 1m to 2d',
    ],
    [
      'an engine that there is not',
      `${smallest}alarms: { engine: prometheus }`,
      'alarms.engine: expected classic or promql',
    ],
    [
      'alarms per what they cannot be per',
      `${smallest}alarms: { per: stream }`,
      'alarms.per: expected server or cluster',
    ],
    [
      'a Prometheus that there is not',
      `${smallest}alarms: { prometheus: 4 }`,
      'alarms.prometheus: expected 2 or 3',
    ],
    [
      'a Prometheus that CloudWatch is not',
      `${smallest}alarms: { engine: promql, prometheus: 2 }`,
      'alarms.prometheus: CloudWatch reads PromQL as Prometheus 3 does: leave it out, or choose the engine classic',
    ],
    [
      'a severity for no topic',
      `${smallest}alarms: { severities: { page: critical, ticket: findings } }`,
      'alarms.severities.ticket: expected the topic that a word of severity is for: critical or warning',
    ],
    [
      'strictness that is no truth value',
      `${smallest}alarms: { strict: always }`,
      'alarms.strict: Invalid input: expected boolean, received string',
    ],
    ['a mirror that there is not', `${smallest}mirror: exact`, 'mirror: expected intended or literal'],
    [
      'rules that are no list',
      `${smallest}rules: built-in`,
      'rules: Invalid input: expected array, received string',
    ],
    [
      'a rule file twice',
      `${smallest}rules: [built-in, a.yaml, built-in]`,
      'rules[2]: built-in stands twice',
    ],
    [
      'rule files that are not there, or cannot be read',
      `${smallest}rules: [none.yaml, .]`,
      'rules[0]: no such file: none.yaml',
      'rules[1]: FOLDER cannot be read (EISDIR)',
    ],
    [
      'a label that is a tag of ours',
      withLabels('rule: x'),
      'clusters[0].labels.rule: this label is set by the deployment itself',
    ],
    [
      'a bare number for a duration',
      `${smallest}remindAfter: 60`,
      'remindAfter: Invalid input: expected string, received number',
    ],
    [
      'an unknown diagnosis',
      `${smallest}limits: { CONN_999: { for: 5m } }`,
      'limits.CONN_999: no such diagnosis; there are SERVER_001, LEAF_001, CONN_001, CONN_002',
    ],
    [
      'an unknown limit',
      `${smallest}limits: { CONN_001: { count: { warning: 1 } } }`,
      'limits.CONN_001.count: no such limit; CONN_001 has connections',
    ],
    [
      'a critical level below the warning',
      `${smallest}limits: { CONN_001: { connections: { critical: 10 } } }`,
      'limits.CONN_001.connections: critical (10) must be above warning (1000)',
    ],
    [
      'an unknown topic',
      withSubscription('topic: alarms, protocol: email, endpoint: a@b'),
      'subscriptions[0].topic: Invalid option: expected one of "critical"|"warning"|"findings"',
    ],
    [
      'plain http',
      withSubscription('topic: critical, protocol: http, endpoint: "http://h"'),
      'subscriptions[0].protocol: Invalid option: expected one of "email"|"email-json"|"https"|"sms"|"sqs"',
    ],
    [
      'an endpoint of another protocol',
      withSubscription('topic: critical, protocol: sqs, endpoint: "https://h/secret"'),
      'subscriptions[0].endpoint: expected the ARN of a standard queue for sqs',
    ],
    [
      'a FIFO queue, to which SNS would not send',
      withSubscription(
        'topic: critical, protocol: sqs, endpoint: "arn:aws:sqs:eu-west-1:123456789012:pages.fifo"',
      ),
      'subscriptions[0].endpoint: expected the ARN of a standard queue for sqs',
    ],
    ...['https://', 'https://?key=secret', 'https://[::1/secret'].map(
      (endpoint): [string, string, string] => [
        `a URL without a host: ${endpoint}`,
        withSubscription(`topic: critical, protocol: https, endpoint: "${endpoint}"`),
        'subscriptions[0].endpoint: expected an https:// URL for https',
      ],
    ),
    [
      'a subnet twice',
      `${smallest}network: { vpcId: vpc-0123456789abcdef0, subnetIds: [subnet-0123456789abcdef0, subnet-0123456789abcdef0], securityGroupIds: [sg-0123456789abcdef0] }`,
      'network.subnetIds[1]: subnet-0123456789abcdef0 stands twice',
    ],
    [
      'a label name that no tag has',
      withLabels(`${'a'.repeat(129)}: b`),
      `clusters[0].labels.${'a'.repeat(129)}: expected a name of at most 128 characters, as AWS tags have`,
    ],
    [
      'a filter on alarms',
      withSubscription('topic: critical, protocol: email, endpoint: a@b, filter: { severity: [critical] }'),
      'subscriptions[0].filter: only findings have attributes to filter by; alarms of topic "critical" have none',
    ],
    [
      'a filter by an unknown cluster',
      withSubscription('topic: findings, protocol: email, endpoint: a@b, filter: { cluster: [prod, test] }'),
      'subscriptions[0].filter.cluster[1]: no cluster "test"; there are prod',
    ],
    [
      'a filter by an unknown check',
      withSubscription('topic: findings, protocol: email, endpoint: a@b, filter: { check: [up] }'),
      'subscriptions[0].filter.check[0]: no check "up"; there are server-up, leafnode-connections, connection-count',
    ],
    [
      'raw messages by e-mail',
      withSubscription('topic: findings, protocol: email, endpoint: a@b, rawMessageDelivery: true'),
      'subscriptions[0].rawMessageDelivery: only https and sqs take raw messages, not email',
    ],
    [
      'one subscription twice',
      `${smallest}subscriptions: [{ topic: critical, protocol: email, endpoint: a@b }, { topic: critical, protocol: email, endpoint: a@b }]`,
      'subscriptions[1]: the same as subscriptions[0]',
    ],
    [
      'a label that a tag of ours has',
      withLabels('severity: high'),
      'clusters[0].labels.severity: this label is set by the deployment itself',
    ],
    [
      'a label that no tag takes',
      withLabels('owner: "a*b"'),
      'clusters[0].labels.owner: expected what an AWS tag takes: letters, digits, spaces and _.:/=+@-, at most 256',
    ],
    [
      'a certificate file that is not there',
      withTarget('url: "https://h", tls: { caFile: ca/none.pem }'),
      'clusters[0].targets[0].tls.caFile: no such file: ca/none.pem',
    ],
    [
      'a certificate file without one',
      withTarget('url: "https://h", tls: { caFile: settings.yaml }'),
      'clusters[0].targets[0].tls.caFile: settings.yaml holds no PEM certificate (-----BEGIN CERTIFICATE-----)',
    ],
    [
      'a certificate that is a path',
      withTarget('url: "https://h", tls: { ca: certs/ca.pem }'),
      'clusters[0].targets[0].tls.ca: holds no PEM certificate (-----BEGIN CERTIFICATE-----); a file is named by caFile',
    ],
    [
      'a certificate that is any text',
      withTarget('url: "https://h", tls: { ca: none }'),
      'clusters[0].targets[0].tls.ca: holds no PEM certificate (-----BEGIN CERTIFICATE-----)',
    ],
    [
      'a certificate that is empty',
      withTarget('url: "https://h", tls: { ca: "" }'),
      'clusters[0].targets[0].tls.ca: holds no PEM certificate (-----BEGIN CERTIFICATE-----)',
    ],
    [
      'a certificate that is no text',
      withTarget('url: "https://h", tls: { ca: [a] }'),
      'clusters[0].targets[0].tls.ca: expected the text of PEM certificates',
    ],
    [
      'a server name that is a URL',
      withTarget('url: "https://h", tls: { serverName: "https://h" }'),
      'clusters[0].targets[0].tls.serverName: expected the host name on the certificate, such as nats.example',
    ],
    [
      'a server name that is an address, which TLS does not ask for',
      withTarget('url: "https://h", tls: { serverName: 10.0.0.1 }'),
      'clusters[0].targets[0].tls.serverName: expected the host name on the certificate, such as nats.example',
    ],
    [
      'a certificate given twice',
      withTarget('url: "https://h", tls: { ca: x, caFile: ca.pem }'),
      'clusters[0].targets[0].tls.caFile: give either ca or caFile',
    ],
    [
      'a certificate file that is no name',
      withTarget('url: "https://h", tls: { caFile: 3 }'),
      'clusters[0].targets[0].tls.caFile: expected the path of a PEM file',
    ],
  ])('%s', (_, text, ...messages) => {
    expect(refusal(text)).toBe(['settings.yaml:', ...messages.map((message) => `  ${message}`)].join('\n'));
  });

  it('a file that is not there', () => {
    expect(() => loadSettings('infra/none.yaml', checks)).toThrow(
      'infra/none.yaml:\n  settings: no such file',
    );
  });
});

describe('rule files', () => {
  const withRules = (text: string, ...files: readonly [name: string, text: string][]) => {
    for (const [name, content] of files) writeFileSync(path.join(folder, name), content);
    return written(`${smallest}${text}`);
  };
  const rule = (name: string, expr: string) =>
    `groups: [{ name: g, rules: [{ alert: ${name}, expr: '${expr}', labels: { severity: page } }] }]\n`;

  it('are read from beside the settings, in their order, the built-in ones where they are named', () => {
    const file = withRules('rules: [mine.yaml, built-in]\nmirror: literal\n', [
      'mine.yaml',
      rule('Mine', 'up == 0'),
    ]);
    const { rules } = loadSettings(file, checks).translated;
    expect(rules.map((each) => each.file).filter((name, i, all) => all.indexOf(name) === i)).toEqual([
      'mine.yaml',
      'built-in/literal.yaml',
    ]);
    expect([rules[0]?.alert, rules.length > 10]).toEqual(['Mine', true]);
  });

  it('may be none', () => {
    expect(loadSettings(written(`${smallest}rules: []`), checks).translated.specs).toEqual([]);
  });

  it('that promtool would not take are refused by file, place and rule, all of them', () => {
    withRules(
      '',
      ['bad.yaml', rule('Bad', 'rate(gnatsd_varz_cpu) > 1')],
      ['worse.yaml', 'groups:\n  - nam: g\n'],
    );
    expect(refusal(`${smallest}rules: [bad.yaml, worse.yaml]`)).toMatchInlineSnapshot(`
      "settings.yaml:
        rules[0]: bad.yaml:1:55: group "g", rule 1 (Bad): rate wants a range vector, not an instant vector; give it a range, such as [5m]
        rules[1]: worse.yaml:2:5: a group has no field "nam"; it has name, interval, query_offset, limit, labels, rules
        rules[1]: worse.yaml:2:5: a group needs a name"
    `);
  });

  it('are read as the Prometheus that settings name', () => {
    withRules('', ['three.yaml', rule('Three', 'rate(gnatsd_varz_cpu[300]) > 1')]);
    expect(refusal(`${smallest}rules: [three.yaml]\nalarms: { prometheus: 3 }`)).toBe('accepted');
    expect(refusal(`${smallest}rules: [three.yaml]\nalarms: { engine: promql }`)).toBe('accepted');
    expect(refusal(`${smallest}rules: [three.yaml]`)).toContain('rules[0]: three.yaml:1:73');
  });

  it('of which two records depend on each other are refused', () => {
    const record = (name: string, expr: string) =>
      `groups: [{ name: g, rules: [{ record: '${name}', expr: '${expr}' }] }]\n`;
    withRules('', ['one.yaml', record('a:b', 'b:a + 1')], ['two.yaml', record('b:a', 'a:b + 1')]);
    expect(refusal(`${smallest}rules: [one.yaml, two.yaml]`)).toMatchInlineSnapshot(`
      "settings.yaml:
        rules: one.yaml:1:53: group "g", rule 1 (a:b): a recorded series is computed from itself: a:b -> b:a -> a:b"
    `);
  });
});

const certificate = `-----BEGIN CERTIFICATE-----
MIIBczCCARmgAwIBAgIUUznUglX/QHosl6tN3s1tyBfSd3cwCgYIKoZIzj0EAwIw
DjEMMAoGA1UEAwwDaHViMCAXDTI2MTEyMDA5NTkxM1oYDzIxMjYxMDI3MDk1OTEz
WjAOMQwwCgYDVQQDDANodWIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATanY2Y
baEj1Kuc09E8F6fbmmOrfESe90Diea9VcM9SzQ1FZ57GxITeOZR/i6I/W0ktstB4
WnXQPm8YTbocvT5do1MwUTAdBgNVHQ4EFgQUXl882wUaVcbKAOqI8N4Qex0hfgMw
HwYDVR0jBBgwFoAUXl882wUaVcbKAOqI8N4Qex0hfgMwDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNIADBFAiAvUQdI3mslHQ2QZwJHsdoR0f8nioClwCUyrsv+
2mqW5gIhALa+gt0AvfsFqllEVAIb/un0dn+3cAgSPSiFLiMSamI6
-----END CERTIFICATE-----
`;

describe('a certificate file', () => {
  it('is read from beside the settings, and a key in it stays out', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nnone\n-----END PRIVATE KEY-----\n';
    writeFileSync(path.join(folder, 'ca.pem'), `${key}${certificate}${certificate}`);
    const target = 'name: hub1, url: "https://h:8443", tls: { caFile: ca.pem, serverName: hub }';
    const { settings, watch } = loadSettings(
      written(`clusters: [{ name: prod, targets: [{ ${target} }] }]`),
      checks,
    );
    const tls = { ca: `${certificate}${certificate}`, serverName: 'hub' };
    expect(settings.clusters[0]?.targets[0]?.tls).toEqual(tls);
    expect(watch).toMatchObject({ clusters: [{ targets: [{ tls }] }] });
  });

  it('that is damaged is refused by name', () => {
    writeFileSync(path.join(folder, 'ca.pem'), certificate.replace('MII', 'AAA'));
    expect(
      refusal(
        'clusters: [{ name: prod, targets: [{ name: hub1, url: "https://h", tls: { caFile: ca.pem } }] }]',
      ),
    ).toMatch(
      /^settings\.yaml:\n  clusters\[0\]\.targets\[0\]\.tls\.caFile: ca\.pem cannot be read as PEM certificates/,
    );
  });

  it('that was cut off, or holds a key alone, is refused without a word of it', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n';
    const refusalOf = (text: string) => {
      writeFileSync(path.join(folder, 'ca.pem'), text);
      return refusal(
        'clusters: [{ name: prod, targets: [{ name: hub1, url: "https://h", tls: { caFile: ca.pem } }] }]',
      );
    };
    const at = 'settings.yaml:\n  clusters[0].targets[0].tls.caFile: ca.pem';
    expect([
      refusalOf(certificate + certificate.slice(0, 200)),
      refusalOf(certificate + certificate.replace('MII', 'AAA')),
      refusalOf(key),
    ]).toEqual([
      `${at} cannot be read as PEM certificates: 2 begin, 1 end`,
      expect.stringMatching(
        /ca\.pem cannot be read as PEM certificates: number 2 is damaged \(ERR_OSSL_\w+\)$/,
      ),
      `${at} holds a private key and no PEM certificate (-----BEGIN CERTIFICATE-----)`,
    ]);
  });
});

describe('certificates in the settings themselves', () => {
  const withCa = (text: string) =>
    JSON.stringify({
      clusters: [{ name: 'prod', targets: [{ name: 'hub1', url: 'https://h', tls: { ca: text } }] }],
    });

  it('are taken without the words around them', () => {
    const { watch } = loadSettings(written(withCa(`Issued in May\n${certificate}\n${certificate}`)), checks);
    const tls = { ca: `${certificate}${certificate}` };
    expect(watch).toMatchObject({ clusters: [{ targets: [{ tls }] }] });
  });

  it('are refused beside a key, which is not repeated', () => {
    const key = '-----BEGIN EC PRIVATE KEY-----\nhunter2\n-----END EC PRIVATE KEY-----\n';
    expect(refusal(withCa(certificate + key))).toBe(
      'settings.yaml:\n  clusters[0].targets[0].tls.ca: holds a private key: give the certificates of the authority alone',
    );
  });

  it('that are damaged are refused', () => {
    expect(refusal(withCa(certificate.replace('MII', 'AAA')))).toMatch(
      /tls\.ca: cannot be read as PEM certificates: number 1 is damaged \(ERR_OSSL_\w+\)$/,
    );
  });
});
