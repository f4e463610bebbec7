import { describe, expect, it } from 'vitest';
import { minutes } from '../../lambdas/define.ts';
import { parseSettings, watchSettings } from '../../lambdas/settings.ts';
import { loadSettings } from '../../infra/settings.ts';
import { checks } from './catalogue.ts';
import { refusal, smallest, written } from './settings-file.ts';

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
          dnsTargets: [],
          maxClosedClients: 10_000,
        },
      ],
      limits: {},
      closeReasons: {},
      jetstream: { ignore: [], limits: [] },
      clients: { ignore: [] },
      publish: 'shown',
      remindAfter: minutes(24 * 60),
      mute: [],
      requestTimeout: minutes(5) / 60,
      functions: { architecture: 'arm64' },
      subscriptions: [],
      topics: {},
      logRetentionDays: 30,
      logFormat: 'text',
      roles: {},
      tags: {},
      rules: ['built-in'],
      mirror: 'intended',
      dashboard: 'auto',
      alarms: {
        engine: 'classic',
        per: 'server',
        stacks: 1,
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
    expect(Object.keys(watch)).toEqual(['clusters', 'alarms']);
    const read = parseSettings(watchSettings, JSON.parse(JSON.stringify(watch)), 'settings.json', []);
    expect(read.settings.clusters).toEqual(settings.clusters);
    expect(read.settings.alarms.readme).toBe(settings.alarms.readme);
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
  const withFilter = (clusters: number) => {
    const names = Array.from({ length: clusters }, (_, i) => `c${i}`);
    const watched = names.map(
      (name) => `{ name: ${name}, targets: [{ name: h, url: "http://${name}:8222" }] }`,
    );
    const words = `cluster: [${names.join(', ')}], severity: [warning, critical], status: [opened, raised, lowered, reminded, resolved]`;
    return `clusters: [${watched.join(', ')}]\nsubscriptions: [{ topic: findings, protocol: email, endpoint: a@b, filter: { ${words} } }]`;
  };
  const withTarget = (text: string) => `clusters: [{ name: prod, targets: [{ name: hub1, ${text} }] }]`;
  const targets = (...texts: string[]) => `clusters: [{ name: prod, targets: [${texts.join(', ')}] }]`;
  const withLabels = (text: string) =>
    `clusters: [{ name: prod, labels: { ${text} }, targets: [{ name: hub1, url: "http://h:8222" }] }]`;
  it.each<[what: string, text: string, ...message: string[]]>([
    [
      'nothing at all',
      '',
      'settings: expected keys with values: namespace, clusters, limits, closeReasons, jetstream…, received nothing',
    ],
    ['broken YAML', 'clusters:\n\tprod:', 'line 2, column 1: Tabs are not allowed as indentation'],
    ['a key twice', 'name: a\nname: b', 'line 2, column 1: Map keys must be unique'],
    ['an unknown tag', 'name: !secret a', 'line 1, column 7: Unresolved tag: !secret'],
    [
      'a list of clusters without their key',
      '- name: prod',
      'settings: expected keys with values: namespace, clusters, limits, closeReasons, jetstream…, received a list',
    ],
    [
      'two documents',
      'name: a\n---\nname: b',
      'line 2, column 1: expected one document: leave out this "---"',
    ],
    [
      'an alias of nothing',
      'clusters: *all',
      'settings: Unresolved alias (the anchor must be set before the alias): all',
    ],
    [
      'aliases of aliases, which would fill the memory',
      [
        'a: &a [x, x]',
        'b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a]',
        'c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b]',
      ].join('\n'),
      'settings: Excessive alias count indicates a resource exhaustion attack',
    ],
    [
      'more labels than are taken, not as tags besides',
      `clusters: [{ name: prod, targets: [{ name: a, url: "http://a", labels: { ${Array.from({ length: 60 }, (_, i) => `l${i}: x`).join(', ')} } }] }]`,
      'clusters[0].targets[0].labels: expected at most 20 labels, received 60',
    ],
    [
      'more streams and consumers than a server has',
      `${smallest}alarms: { entities: 10000001 }`,
      'alarms.entities: expected at most 10,000,000, received 10000001',
    ],
    [
      'an unknown key',
      `${smallest}subscription: []`,
      'subscription: no such setting; did you mean "subscriptions"?',
    ],
    [
      'an unknown key below',
      withTarget('url: "http://h:8222", port: 1'),
      'clusters[0].targets[0].port: no such setting',
    ],
    ['no cluster', 'clusters: []', 'clusters: expected a list of 1 or more, received none'],
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
      'network.subnetIds: expected a list of 1 or more, received none',
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
      `${smallest}alarms: { engine: promq }`,
      'alarms.engine: expected classic or promql, received "promq"; did you mean "promql"?',
    ],
    [
      'alarms per what they cannot be per',
      `${smallest}alarms: { per: stream }`,
      'alarms.per: expected server or cluster, received "stream"',
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
      'alarms.strict: expected true or false, received "always"',
    ],
    [
      'dashboards that are neither all nor none nor as many as cost little',
      `${smallest}dashboard: yes please`,
      'dashboard: expected true, false or auto',
    ],
    [
      'a mirror that there is not',
      `${smallest}mirror: exact`,
      'mirror: expected intended or literal, received "exact"',
    ],
    [
      'rules that are no list',
      `${smallest}rules: built-in`,
      'rules: expected a list, received "built-in": write [built-in]',
    ],
    [
      'a rule file twice',
      `${smallest}rules: [built-in, a.yaml, built-in]`,
      'rules[2]: built-in stands twice',
    ],
    [
      'rule files that are not there, or cannot be read',
      `${smallest}rules: [none.yaml, ., buildin]`,
      'rules[0]: no such file: none.yaml',
      'rules[1]: FOLDER cannot be read (EISDIR)',
      'rules[2]: no such file: buildin; did you mean "built-in"?',
    ],
    [
      'a label that is a tag of ours',
      withLabels('rule: x'),
      'clusters[0].labels.rule: this label is set by the deployment itself',
    ],
    [
      'a bare number for a duration',
      `${smallest}remindAfter: 60`,
      'remindAfter: expected a duration such as 30s, 5m, 1h30m or 7d, received 60',
    ],
    [
      'an unknown diagnosis',
      `${smallest}limits: { CONN_999: { for: 5m } }`,
      'limits.CONN_999: no such diagnosis; there are CONN_001, CONN_002',
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
      'subscriptions[0].topic: expected critical, warning or findings, received "alarms"',
    ],
    [
      'plain http',
      withSubscription('topic: critical, protocol: http, endpoint: "http://h"'),
      'subscriptions[0].protocol: expected email, email-json, https, sms, sqs, lambda, slack or teams, received "http"; did you mean "https"?',
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
      'a filter of more words than SNS takes together',
      withFilter(16),
      'subscriptions[0].filter: SNS takes 150 combinations of the words, and these are 160: leave out a key whose words are all given, or divide the subscription',
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
      'a DNS name without its port, and with what a URL has',
      targets('{ dns: nats.internal, name: hub1, tsl: {} }'),
      'clusters[0].targets[0].port: expected a number, received nothing',
      'clusters[0].targets[0].name: no such setting',
      'clusters[0].targets[0].tsl: no such setting; did you mean "tls"?',
    ],
    ...['10.0.0.1', 'http://nats.internal', 'nats.internal:8222', '""'].map(
      (dns): [string, string, string] => [
        `a DNS name that is ${dns}`,
        targets(`{ dns: "${dns.replaceAll('"', '')}", port: 8222 }`),
        'clusters[0].targets[0].dns: expected a DNS name such as nats.internal, whose every address is one server',
      ],
    ),
    ...[
      ['port: 0', 'port: expected 1 or more, received 0'],
      ['port: 65536', 'port: expected at most 65,535, received 65536'],
      ['port: 8222, expect: 0', 'expect: expected 1 or more, received 0'],
      ['port: 8222, expect: 401', 'expect: expected at most 400, received 401'],
      ['port: 8222, expect: 1.5', 'expect: expected a whole number, received 1.5'],
      ['port: 8222, scheme: tls', 'scheme: expected http or https, received "tls"'],
      [
        'port: 8222, tls: { serverName: hub }',
        'tls: servers are asked without TLS: expected scheme: https (their https_port), or no tls',
      ],
      [
        'port: 8222, labels: { severity: high }',
        'labels.severity: this label is set by the deployment itself',
      ],
    ].map(([keys = '', message = '']): [string, string, string] => [
      `a DNS name with ${keys}`,
      targets(`{ dns: nats.internal, ${keys} }`),
      `clusters[0].targets[0].${message}`,
    ]),
    [
      'a DNS name twice, but for its port',
      targets(...['8222', '8223', '8222'].map((port) => `{ dns: nats.internal, port: ${port} }`)),
      'clusters[0].targets[2].dns: "nats.internal:8222" is the name of two targets',
    ],
    [
      'labels of targets among DNS names, each by its place',
      targets(
        '{ dns: nats.internal, port: 8222, labels: { check: a } }',
        '{ name: hub1, url: "http://h:8222", labels: { rule: a } }',
      ),
      'clusters[0].targets[1].labels.rule: this label is set by the deployment itself',
      'clusters[0].targets[0].labels.check: this label is set by the deployment itself',
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

  it('all of them at once, each at its path, whatever else is wrong beside it', () => {
    const text = `
naem: watch
clusters:
  - name: prod
    targets:
      - { name: hub1, url: 'http://10.0.1.10:8222', lables: { az: a } }
      - { name: hub1, url: 'nats://10.0.1.11:4222' }
      - { name: hub3, url: 'https://10.0.1.12', tls: { caFile: none.pem } }
  - name: edge
    labels: { check: mine }
    targets: [{ name: leaf1, url: 'http://10.0.2.10:8222' }]
limits:
  LEAF_001: { none: {} }
  CONN_999: {}
  CONN_001: { closes: { warning: many } }
subscriptions:
  - { topic: findings, protocol: email, endpoint: me@example.com, filter: { check: [server-upp], cluster: [test] } }
remindAfter: 1 day
rules: [none.yaml]
`;
    expect(refusal(text)).toMatchInlineSnapshot(`
      "settings.yaml:
        clusters[0].targets[2].tls.caFile: no such file: none.pem
        clusters[0].targets[0].lables: no such setting; did you mean "labels"?
        clusters[0].targets[1].url: expected http or https, received "nats://"
        clusters[0].targets[1].name: "hub1" names two targets
        limits.CONN_001.closes.warning: expected a number or "off"
        remindAfter: expected a duration such as 30s, 5m, 1h30m or 7d, received "1 day"
        naem: no such setting; did you mean "name"?
        subscriptions[0].filter.cluster[0]: no cluster "test"; there are prod, edge
        clusters[1].labels.check: this label is set by the deployment itself
        limits.CONN_999: no such diagnosis; there are CONN_001, CONN_002
        limits.LEAF_001.none: no such limit; LEAF_001 has leafnodes
        subscriptions[0].filter.check[0]: no check "server-upp"; did you mean "server-up"?
        rules[0]: no such file: none.yaml"
    `);
  });

  it('a key that is misspelt once, not as missing besides', () => {
    expect(refusal('cluster: []')).toBe(
      'settings.yaml:\n  cluster: no such setting; did you mean "clusters"?',
    );
    expect(refusal('clusters: [{ name: prod, targets: [{ nmae: hub1, uri: "http://h" }] }]')).toBe(
      [
        'settings.yaml:',
        '  clusters[0].targets[0].nmae: no such setting; did you mean "name"?',
        '  clusters[0].targets[0].uri: no such setting; did you mean "url"?',
      ].join('\n'),
    );
  });

  it('of a part that is nothing but wrong, no more than that', () => {
    expect(refusal('clusters: 3\nsubscriptions: [4, { filter: 5 }]\nlimits: 6\nrules: 7'))
      .toMatchInlineSnapshot(`
        "settings.yaml:
          clusters: expected a list, received 3
          limits: expected keys with values, received 6
          subscriptions[0]: expected keys with values: topic, protocol, endpoint, filter, rawMessageDelivery, received 4
          subscriptions[1].topic: expected critical, warning or findings, received nothing
          subscriptions[1].protocol: expected email, email-json, https, sms, sqs, lambda, slack or teams, received nothing
          subscriptions[1].endpoint: expected text, received nothing
          subscriptions[1].filter: expected keys with values: check, severity, cluster, status, received 5
          rules: expected a list, received 7: write [7]"
      `);
  });

  it('but not a filter of as many words as SNS takes together', () => {
    expect(() => loadSettings(written(withFilter(15)))).not.toThrow();
  });

  it('a file that is not there', () => {
    expect(() => loadSettings('infra/none.yaml', checks)).toThrow(
      'infra/none.yaml:\n  settings: no such file',
    );
  });
});
