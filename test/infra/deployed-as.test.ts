import { describe, expect, it } from 'vitest';
import { checks as allChecks } from '../../lambdas/checks/catalogue.ts';
import { checks } from './catalogue.ts';
import { refusal, smallest } from './settings-file.ts';
import { fleet, ofType, readableOfType, synthesize, type Synthesized } from './synth.ts';

const of = (more: object, catalogue = checks) => synthesize(fleet(1, more), catalogue);
const chat = { topic: 'critical', protocol: 'slack', endpoint: 'T0AB12CD3/C0AB12CD3' };

describe('roles', () => {
  const made = (more: object) =>
    readableOfType(of({ subscriptions: [chat], ...more }), 'AWS::IAM::Role').map(
      ({ Description, Path, PermissionsBoundary }) => [Description, Path, PermissionsBoundary],
    );
  const all = [
    'What chat channels may do with Amazon Q Developer: nothing',
    'Lets schedules start the NATS checks',
    ...checks.map(({ id }) => `What NATS check ${id} may do`),
  ];

  it('stand in the root, and nothing bounds them, where settings say nothing', () => {
    expect(made({})).toEqual(all.map((role) => [role, undefined, undefined]));
  });

  it('all have the path and the permissions boundary of the settings', () => {
    const [path, permissionsBoundary] = ['/nats/', 'arn:aws:iam::123456789012:policy/boundary'];
    expect(made({ roles: { path, permissionsBoundary } })).toEqual(
      all.map((role) => [role, path, permissionsBoundary]),
    );
  });
});

describe('logs', () => {
  const key = 'arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef';
  const [name] = checks.map(({ id }) => `nats-cloudwatch-${id}`);
  const made = (more: object) => {
    const stacks = of(more);
    return {
      group: readableOfType(stacks, 'AWS::Logs::LogGroup')[0],
      writes: readableOfType(stacks, 'AWS::Lambda::Function')[0]?.['LoggingConfig'],
    };
  };

  it('are text of 30 days, encrypted with a key of AWS, where settings say nothing', () => {
    expect(made({})).toEqual({
      group: { LogGroupName: `/aws/lambda/${name}`, RetentionInDays: 30 },
      writes: { LogGroup: '<serverupLogs>' },
    });
  });

  it('are JSON, kept as long and encrypted with the key that settings say', () => {
    expect(made({ logRetentionDays: 7, logFormat: 'json', logKey: key })).toEqual({
      group: { LogGroupName: `/aws/lambda/${name}`, RetentionInDays: 7, KmsKeyId: key },
      writes: { LogGroup: '<serverupLogs>', LogFormat: 'JSON' },
    });
  });
});

it.each(['arm64', 'x86_64'])('functions run on %s where settings say so', (architecture) => {
  const made = ofType(of({ functions: { architecture } }), 'AWS::Lambda::Function');
  expect(made.map(({ Architectures }) => Architectures)).toEqual(checks.map(() => [architecture]));
});

describe('tags', () => {
  const tags = { team: 'platform', 'cost center': '4711' };
  const tagsIn = (stacks: readonly Synthesized[]) =>
    stacks.flatMap(({ resources }) =>
      Object.values(resources).map(({ Type, Properties }) => {
        const list = (Properties['Tags'] ?? []) as { Key: string; Value: string }[];
        return [Type, Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]))] as const;
      }),
    );

  it('are on all that AWS lets be tagged', () => {
    const stacks = of({
      tags,
      subscriptions: [{ topic: 'critical', protocol: 'https', endpoint: 'https://pager' }],
    });
    const without = tagsIn(stacks).filter(([, found]) => found['cost center'] !== '4711');
    expect([...new Set(without.map(([type]) => type))].sort()).toEqual([
      'AWS::Lambda::EventInvokeConfig',
      'AWS::SNS::Subscription',
      'AWS::SNS::TopicPolicy',
      'AWS::SQS::QueuePolicy',
      'AWS::Scheduler::Schedule',
    ]);
  });

  it('leave an alarm its own and those of its cluster', () => {
    const clusters = [
      { name: 'prod', labels: { team: 'messaging' }, targets: [{ name: 'hub1', url: 'http://hub1:8222' }] },
    ];
    const alarm = tagsIn(of({ tags, clusters })).find(
      ([type, { rule }]) => type === 'AWS::CloudWatch::Alarm' && rule === 'NatsServerDown',
    );
    expect(alarm?.[1]).toEqual({
      'cost center': '4711',
      check: 'server-up',
      cluster: 'prod',
      diagnosis: 'SERVER_001',
      rule: 'NatsServerDown',
      server_id: 'hub1',
      severity: 'critical',
      team: 'messaging',
    });
  });

  it('leave no alarm with more tags than AWS takes, and the labels of rules the room that is left', () => {
    const many = (prefix: string, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, 'x']));
    const clusters = [
      {
        name: 'prod',
        labels: many('c', 14),
        targets: [{ name: 'hub1', url: 'http://hub1:8222', labels: many('t', 10) }],
      },
    ];
    const rules = `groups: [{ name: g, rules: [{ alert: A, expr: 'up == 0', labels: ${JSON.stringify(many('r', 5))} }] }]`;
    const stacks = synthesize(fleet(1, { tags: many('d', 20), clusters }), allChecks, rules);
    const counts = tagsIn(stacks)
      .filter(([type, { rule }]) => type === 'AWS::CloudWatch::Alarm' && rule === 'A')
      .map(([, found]) => Object.keys(found).length);
    expect(counts).toEqual([50]);
  });
});

describe('what cannot be deployed so is refused by its path:', () => {
  const labels = (count: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`l${i}`, 'x'])));
  const tags = (count: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`d${i}`, 'x'])));
  const labelled = (own: number, ofTarget: number) =>
    `clusters: [{ name: prod, labels: ${labels(own)}, targets: [{ name: hub1, url: "http://h:8222", labels: ${labels(ofTarget).replaceAll('l', 't')} }] }]\n`;

  it.each<[what: string, text: string, message: string]>([
    [
      'a tag of ours',
      `${smallest}tags: { severity: high }`,
      'tags.severity: alarms have a tag of this name of their own: choose another one',
    ],
    [
      'a tag of AWS',
      `${smallest}tags: { "aws:owner": me }`,
      'tags.aws:owner: tags whose names begin with aws: are set by AWS alone',
    ],
    [
      'a name that no tag has',
      `${smallest}tags: { "a*b": me }`,
      'tags.a*b: expected a name that AWS takes: letters, digits, spaces and _.:/=+@-, at most 128 characters',
    ],
    [
      'a value that no tag has',
      `${smallest}tags: { owner: "a*b" }`,
      'tags.owner: expected what an AWS tag takes: letters, digits, spaces and _.:/=+@-, at most 256',
    ],
    ['too many tags', `${smallest}tags: ${tags(21)}`, 'tags: expected at most 20 tags, received 21'],
    [
      'more tags than labels leave room for',
      `${labelled(20, 20)}tags: ${tags(6)}`,
      'tags: expected at most 5 tags, received 6: an alarm has 50 tags, and a server has 40 labels with those of its cluster',
    ],
    [
      'a path that is none',
      `${smallest}roles: { path: nats }`,
      'roles.path: expected a path that begins and ends with "/", such as /monitoring/',
    ],
    [
      'a boundary that is no policy',
      `${smallest}roles: { permissionsBoundary: boundary }`,
      'roles.permissionsBoundary: expected the ARN of a policy, such as arn:aws:iam::123456789012:policy/boundary',
    ],
    ['another log format', `${smallest}logFormat: xml`, 'logFormat: expected text or json, received "xml"'],
    [
      'an alias for a key',
      `${smallest}logKey: alias/logs`,
      'logKey: expected the ARN of a key, such as arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef',
    ],
    [
      'another processor',
      `${smallest}functions: { architecture: arm }`,
      'functions.architecture: expected arm64 or x86_64, received "arm"; did you mean "arm64"?',
    ],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toBe(`settings.yaml:\n  ${message}`);
  });

  it.each([
    ['a tag without a value', `${smallest}tags: { owner: "" }`],
    ['20 tags', `${smallest}tags: ${tags(20)}`],
    ['as many tags as labels leave room for', `${labelled(20, 20)}tags: ${tags(5)}`],
    ['roles in the root', `${smallest}roles: { path: / }`],
    [
      'a boundary of AWS',
      `${smallest}roles: { permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess" }`,
    ],
  ])('but not %s', (_, text) => {
    expect(refusal(text)).toBe('accepted');
  });
});
