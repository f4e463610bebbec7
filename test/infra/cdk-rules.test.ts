import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Validations, type App, type Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { appOf, fleet } from './synth.ts';

const written = (app: App, file: string): unknown =>
  JSON.parse(readFileSync(path.join(app.outdir, file), 'utf8'));

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

/** Synthesizes with the AWS Solutions rules beside CDK's own. */
function judged(app: App) {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
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

const deployments = [
  ['evaluated in a function', 'infra/settings.yaml', ['AwsSolutions-SQS3']],
  ['as queries', fleet(1, { alarms: { engine: 'promql' } }), []],
] as const;

describe('the stacks', () => {
  describe.each(deployments)('with rules %s', (_, file, ofQueue) => {
    let made: ReadonlySet<string>;
    let violations: readonly unknown[];
    let needed: ReadonlySet<string>;
    beforeAll(() => {
      const { app } = appOf(file, checks);
      made = acknowledged(app);
      ({ violations, needed } = judged(app));
    });

    it('pass the AWS Solutions rules of cdk-nag and the rules of CDK itself', () => {
      expect(violations).toEqual([]);
    });

    it('acknowledge what a rule would refuse and nothing else', () => {
      expect(made).toEqual(needed);
      expect(made.size).toBe(checks.length + 1 + ofQueue.length);
      expect(new Set([...needed].map((each) => each.split('::').slice(1).join('::')))).toEqual(
        new Set(['AwsSolutions-DDB3', 'AwsSolutions-IAM5[Resource::*]', ...ofQueue]),
      );
    });
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
  const alarmOf = (stack: Stack, name: string) =>
    new CfnAlarm(stack, 'Named', {
      alarmName: name,
      metricName: 'up',
      namespace: 'NATS',
      period: 60,
      statistic: 'Maximum',
      threshold: 1,
      comparisonOperator: 'LessThanThreshold',
      evaluationPeriods: 1,
    });

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
