import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Validations, type App, type CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { appOf, fleet } from './synth.ts';

const written = (app: App, file: string): unknown =>
  JSON.parse(readFileSync(path.join(app.outdir, file), 'utf8'));

/** Why each rule is acknowledged, the same wherever it is. */
const reasonsIn = (app: App): Readonly<Record<string, string>> =>
  Object.assign(
    {},
    ...app.node
      .findAll()
      .flatMap(({ node }) =>
        node.metadata
          .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
          .map(({ data }) => data as object),
      ),
  ) as Readonly<Record<string, string>>;

const alarmOf = (stack: Stack, name: string) =>
  new CfnAlarm(stack, `Named ${name.slice(0, 20)}`, {
    alarmName: name,
    metricName: 'up',
    namespace: 'NATS',
    period: 60,
    statistic: 'Maximum',
    threshold: 1,
    comparisonOperator: 'LessThanThreshold',
    evaluationPeriods: 1,
  });

type Report = {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly unknown[];
    readonly suppressedViolations?: readonly {
      readonly acknowledgedAt: string;
      readonly acknowledgedId: string;
    }[];
  }[];
};

/** Synthesizes with the packs AWS Solutions and Serverless of cdk-nag beside CDK's own rules. */
function judged(app: App) {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  app.synth();
  const { pluginReports } = written(app, 'validation-report.json') as Report;
  const needed = pluginReports.flatMap(({ suppressedViolations = [] }) =>
    suppressedViolations.map(({ acknowledgedAt, acknowledgedId }) => `${acknowledgedAt} ${acknowledgedId}`),
  );
  return { violations: pluginReports.flatMap(({ violations }) => violations), needed: new Set(needed) };
}

/** Everything acknowledged in an app: where, and which rule. */
const acknowledged = (app: App): ReadonlySet<string> =>
  new Set(
    app.node
      .findAll()
      .flatMap(({ node }) =>
        node.metadata
          .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
          .flatMap(({ data }) => Object.keys(data as object).map((id) => `${node.path} ${id}`)),
      ),
  );

/** Ids of all rules of the packs, which each of them asks of any resource. */
function rulesOfPacks(): ReadonlySet<string> {
  const { app, checksStack } = appOf(fleet(1), checks);
  const ids = new Set<string>();
  type Rule = { readonly ruleSuffixOverride?: string; readonly rule: { readonly name: string } };
  for (const pack of [new AwsSolutionsChecks(app), new ServerlessChecks(app)]) {
    const { readPackName: name } = pack;
    const asked = pack as unknown as {
      applyRule: (rule: Rule) => void;
      checkResource: (node: CfnResource) => void;
    };
    asked.applyRule = ({ ruleSuffixOverride, rule }) =>
      ids.add(`${name}::${name}-${ruleSuffixOverride ?? rule.name}`);
    asked.checkResource(alarmOf(checksStack, name));
  }
  return ids;
}

const queue = 'it is the dead-letter queue of subscriptions';
const unlimited = 'PutMetricData and the network interfaces of Lambda cannot be limited to resources';
const notRepeated =
  'a run that failed is not to be kept: the next one resends what it left, and a watchdog tells of it';
const justified = {
  always: {
    'AwsSolutions::AwsSolutions-DDB3': 'memory is rebuilt by the next runs; there is nothing to recover',
    'AwsSolutions::AwsSolutions-IAM5[Resource::*]': unlimited,
    'Serverless::Serverless-LambdaAsyncFailureDestination': notRepeated,
    'Serverless::Serverless-LambdaDLQ': notRepeated,
    'Serverless::Serverless-LambdaStarPermissions': unlimited,
    'Serverless::Serverless-LambdaTracing':
      'a run asks servers of NATS, which are not traced; its log has what it found and how long it took',
  },
  ofQueue: { 'AwsSolutions::AwsSolutions-SQS3': queue, 'Serverless::Serverless-SQSRedrivePolicy': queue },
  ofMail: {
    'Serverless::Serverless-SNSRedrivePolicy':
      'people read it: SNS takes what a mail server or phone network does not deliver for delivered',
  },
} as const;

const vpc = { vpcId: 'vpc-0123456789abcdef0', subnetIds: ['subnet-0aaaaaaaaaaaaaaa1'] };
const deployments = [
  ['the example', 'infra/settings.yaml', { ...justified.ofQueue, ...justified.ofMail }],
  ['rules as queries', fleet(1, { alarms: { engine: 'promql' } }), {}],
  [
    'a network that is made, chat and JSON logs',
    fleet(1, {
      network: { ...vpc, create: true, routeTableIds: ['rtb-0123456789abcdef0'] },
      subscriptions: [{ topic: 'findings', protocol: 'slack', endpoint: 'T0AB12CD3/C0AB12CD3' }],
      logFormat: 'json',
    }),
    {},
  ],
] as const;

describe('the stacks', () => {
  describe.each(deployments)('of %s', (_, file, more) => {
    let reasons: Readonly<Record<string, string>>;
    let made: ReadonlySet<string>;
    let violations: readonly unknown[];
    let needed: ReadonlySet<string>;
    beforeAll(() => {
      const { app } = appOf(file, checks);
      made = acknowledged(app);
      reasons = reasonsIn(app);
      ({ violations, needed } = judged(app));
    });

    it('pass the rules of cdk-nag, AWS Solutions and Serverless, and those of CDK itself', () => {
      expect(violations).toEqual([]);
    });

    it('acknowledge what a rule would refuse and nothing else', () => {
      expect([...made].toSorted()).toEqual([...needed].toSorted());
    });

    it('say why, of each acknowledgement', () => {
      expect(reasons).toEqual({ ...justified.always, ...more });
    });
  });

  it('acknowledge rules that a pack has', () => {
    const known = rulesOfPacks();
    const ids = Object.values(justified).flatMap((each) => Object.keys(each));
    expect(ids.filter((id) => !known.has(id.replace(/\[.*\]$/, '')))).toEqual([]);
    expect([known.has('AwsSolutions::AwsSolutions-NOPE99'), known.size > 100]).toEqual([false, true]);
  });

  it('would be caught acknowledging a rule that there is not, or that takes no offence', () => {
    const { app, checksStack } = appOf(fleet(1), checks);
    const dead = ['AwsSolutions::AwsSolutions-NOPE99', 'AwsSolutions::AwsSolutions-S1'];
    for (const id of dead) Validations.of(checksStack).acknowledge({ id, reason: 'none' });
    const { needed } = judged(app);
    expect([...acknowledged(app)].filter((each) => !needed.has(each))).toEqual(
      dead.map((id) => `${checksStack.node.path} ${id}`),
    );
  });
});

describe('cdk.json', () => {
  it('makes what CDK knows CloudFormation to refuse an error at synth, for everybody who deploys', () => {
    const fits = appOf(fleet(1), checks);
    alarmOf(fits.checksStack, 'x'.repeat(255));
    expect(() => fits.app.synth()).not.toThrow();
    const tooLong = appOf(fleet(1), checks);
    alarmOf(tooLong.checksStack, 'x'.repeat(256));
    expect(() => tooLong.app.synth()).toThrow('AlarmName: length 256 exceeds maximum 255');
  });

  it('decides every flag whose default is not what CDK recommends, so that no synth warns of them', () => {
    type Flag = {
      readonly userValue?: unknown;
      readonly recommendedValue: unknown;
      readonly unconfiguredBehavesLike?: { readonly v2?: unknown };
    };
    const { app } = appOf(fleet(1), checks);
    app.synth();
    const { artifacts } = written(app, 'manifest.json') as {
      artifacts: Record<string, { type: string; properties: { flags: Record<string, Flag> } }>;
    };
    const report = Object.values(artifacts).find(({ type }) => type === 'cdk:feature-flag-report');
    const flags = Object.entries(report?.properties.flags ?? {});
    const undecided = flags.filter(
      ([, { userValue, recommendedValue, unconfiguredBehavesLike }]) =>
        userValue === undefined && (unconfiguredBehavesLike?.v2 ?? false) !== recommendedValue,
    );
    expect(undecided.map(([name]) => name)).toEqual([]);
    expect(flags.length).toBeGreaterThan(50);
  });
});
