import { describe, expect, it } from 'vitest';
import { understand } from '../../infra/settings.ts';
import { SettingsError, type SettingsProblem } from '../../lambdas/settings.ts';

const key = 'arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef';

/** Every key that settings may have. */
const full = {
  namespace: 'NATS',
  name: 'nats-cloudwatch',
  clusters: [
    {
      name: 'prod',
      labels: { a: 'b' },
      targets: [
        { name: 'h', url: 'https://h:8222', labels: { a: 'b' }, tls: { serverName: 'x.y' } },
        { dns: 'nats.internal', port: 8222, scheme: 'http', expect: 3, labels: { x: 'y' } },
      ],
      expect: {
        leafnodes: 2,
        gateways: ['edge'],
        services: [{ name: 'a', account: 'b', instances: 2 }],
        accounts: ['APP'],
        authentication: true,
      },
      maxClosedClients: 100,
      memoryLimit: '512MiB',
    },
  ],
  limits: { LEAF_003: { subscriptions: { warning: 3, critical: 'off' }, for: '10m' } },
  closeReasons: { 'Client Closed': 'planned' },
  jetstream: {
    ignore: [{ account: 'a', stream: 's', consumer: 'c' }],
    limits: [{ stream: 'x', limits: {} }],
  },
  clients: { ignore: [{ name: 'n', account: 'a' }] },
  remindAfter: { critical: '1h', warning: '2h' },
  mute: [
    {
      ...{ why: 'w', clusters: ['prod'], checks: ['server-up'], diagnoses: ['CLUSTER_101'] },
      ...{ days: ['sun'], at: '02:00', for: '2h', timezone: 'UTC' },
    },
    { why: 'w', from: '2026-12-01T20:00Z', until: '2026-12-02T20:00Z' },
  ],
  requestTimeout: '5s',
  functions: { memory: 256, timeout: '50s', architecture: 'arm64' },
  network: {
    vpcId: 'vpc-0123456789abcdef0',
    subnetIds: ['subnet-0aaaaaaaaaaaaaaa1'],
    securityGroupIds: ['sg-0123456789abcdef0'],
  },
  subscriptions: [
    {
      ...{ topic: 'findings', protocol: 'sqs', endpoint: 'arn:aws:sqs:eu-west-1:123456789012:q' },
      rawMessageDelivery: true,
      filter: { severity: ['critical'], status: ['opened'], cluster: ['prod'], check: ['server-up'] },
    },
  ],
  topics: { critical: 'arn:aws:sns:eu-west-1:123456789012:p', key: 'own' },
  dashboard: 'auto',
  logRetentionDays: 30,
  logFormat: 'text',
  logKey: key,
  roles: { path: '/m/', permissionsBoundary: 'arn:aws:iam::123456789012:policy/b' },
  tags: { t: 'v' },
  rules: ['built-in'],
  mirror: 'intended',
  publish: 'shown',
  alarms: {
    ...{ engine: 'classic', per: 'server', stacks: 1, entities: 100, prometheus: 2, strict: false },
    ...{ severities: { p1: 'critical' }, warmUp: '15m', readme: 'x.md' },
  },
};

type Path = readonly (string | number)[];

const pathsIn = (value: unknown): readonly Path[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([name, below]) => {
        const part = Array.isArray(value) ? Number(name) : name;
        return [[part], ...pathsIn(below).map((rest) => [part, ...rest])];
      });

/** A value with another one at a path. */
const withAt = (value: unknown, [part, ...rest]: Path, other: unknown): unknown => {
  if (part === undefined) return other;
  if (Array.isArray(value))
    return value.map((each, i) => (i === part ? withAt(each, rest, other) : (each as unknown)));
  const object = value as Readonly<Record<string, unknown>>;
  return { ...object, [part]: withAt(object[part], rest, other) };
};

function problemsOf(settings: unknown): readonly SettingsProblem[] {
  try {
    understand(settings, 'settings.yaml');
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

const foreign = /invalid|too (small|big)|undefined|unrecognized|\[object|NaN/i;

it('settings with every key are taken', () => {
  expect(problemsOf(full)).toEqual([]);
});

describe('a value of another kind is told in our words, once at its place', () => {
  const wrong = [null, 2.5, -1, '', 'APP', true, [], [5], { x: 1 }];
  // Rules are slow to translate.
  const quick = { ...full, rules: [] };
  const tops = Object.keys(full);
  it.each(tops)('%s', (top) => {
    const paths = pathsIn(full).filter(([first]) => first === top);
    const problems = paths.flatMap((path) =>
      wrong.flatMap((value) => {
        const found = problemsOf(withAt(top === 'rules' ? full : quick, path, value));
        const shown = found.map((each) => `${path.join('.')} = ${JSON.stringify(value)}: ${each.message}`);
        const places = found.map((each) => each.path.join('.'));
        const isTwice = places.some((place, i) => places.indexOf(place) !== i);
        return [...(isTwice ? shown : []), ...shown.filter((text) => foreign.test(text))];
      }),
    );
    expect(problems).toEqual([]);
  });
});

describe('what is meant is told', () => {
  it.each([
    [['clusters', 0, 'expect', 'accounts'], 'APP', 'expected a list, received "APP": write [APP]'],
    [
      ['clusters', 0, 'targets'],
      { name: 'h' },
      'expected a list, received keys with values: write "- " before it',
    ],
    [
      ['subscriptions', 0, 'topic'],
      'critcal',
      'expected critical, warning or findings, received "critcal"; did you mean "critical"?',
    ],
    [
      ['functions', 'memory'],
      '256MB',
      'expected megabytes, a whole number from 128 to 10240 without a unit, such as 512',
    ],
    [['alarms', 'entities'], '100', 'expected a number, received "100": write it without quotes, 100'],
    [['alarms', 'strict'], 'true', 'expected true or false, received "true": write it without quotes, true'],
    [['tags', 't'], 4711, 'expected text, received 4711: write it in quotes, "4711"'],
    [['roles'], 'x', 'expected keys with values: path, permissionsBoundary, received "x"'],
    [['mute', 0, 'why'], 'w'.repeat(201), 'expected at most 200 characters, received 201'],
    [
      ['clusters', 0, 'labels'],
      { '1a': 'b' },
      'expected the name of a label: letters, digits and "_", no digit first',
    ],
  ] as const)('%s: %o', (path, value, message) => {
    expect(problemsOf(withAt(full, path, value)).map((each) => each.message)).toEqual([message]);
  });
});
