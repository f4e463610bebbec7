import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CloudWatchClient, ListDashboardsCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { askCloudFormation, liveStacks, makeBucket } from '../infra/live-stacks.ts';
import { appOf, unvalidated } from '../infra/synth.ts';
import { awsEndpoint, unsigned, type AwsEndpoint } from '../infra/unsigned.ts';
import type { Moto } from '../services/moto.ts';
import { borrowMoto } from '../services/shared-moto.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';

let moto: Moto;
let bucket: string;
beforeAll(async () => {
  moto = await borrowMoto();
  bucket = `cdk-hnb659fds-assets-${moto.account}-${moto.region}`;
  await makeBucket(awsEndpoint(moto), bucket);
});
afterAll(() => moto.stop());

const cluster = (name: string, servers: number) => ({
  name,
  targets: Array.from({ length: servers }, (_, i) => ({
    name: `hub${i + 1}`,
    url: `http://${name}${i + 1}:8222`,
  })),
});

type Assets = {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
};

/** Gives CloudFormation the stack of alarms, as `cdk deploy` does: moto takes a second deployment from no CDK. */
async function deploy(action: 'CreateStack' | 'UpdateStack', settings: object) {
  const file = path.join(temporaryFolder('fleet-changes'), 'settings.yaml');
  writeFileSync(file, JSON.stringify({ name: 'changing', ...settings }));
  const { app, specs } = appOf(file, checks, unvalidated, null);
  const { directory } = app.synth();
  const read = (name: string) => readFileSync(path.join(directory, name), 'utf8');
  const aws = awsEndpoint(moto);
  const { files } = JSON.parse(read('changing-alarms.assets.json')) as Assets;
  for (const { source, destinations } of Object.values(files))
    for (const { objectKey } of Object.values(destinations))
      await unsigned(aws, 's3', `/${bucket}/${objectKey}`, { method: 'PUT', body: read(source.path) });
  const { Description, Resources } = JSON.parse(read('changing-alarms.template.json')) as {
    readonly Description: string;
    readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
  };
  await askCloudFormation(aws, {
    Action: action,
    StackName: 'changing-alarms',
    TemplateBody: JSON.stringify({ Description, Resources }),
  });
  const stacks = await liveStacks(aws, 'changing-');
  return {
    nested: stacks.filter(({ name }) => name !== 'changing-alarms').length,
    asked: Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudFormation::Stack').length,
    dashboards: await dashboardsOf(aws),
    alarms: stacks
      .flatMap(({ template }) => Object.values(template.Resources))
      .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
      .map(({ Properties }) => String(Properties?.['AlarmName']))
      .toSorted(),
    specified: specs
      .map(({ name }) => name)
      .filter((name) => !name.endsWith('/not-running'))
      .toSorted(),
  };
}

async function dashboardsOf(aws: AwsEndpoint): Promise<readonly string[]> {
  const { DashboardEntries = [] } = await new CloudWatchClient(aws.client).send(
    new ListDashboardsCommand({}),
  );
  return DashboardEntries.map(({ DashboardName = '' }) => DashboardName).filter((name) =>
    name.startsWith('changing-'),
  );
}

describe('CloudFormation', () => {
  it.each([
    ['of two clusters', 'CreateStack', { clusters: [cluster('prod', 3), cluster('edge', 2)] }],
    ['without one of them', 'UpdateStack', { clusters: [cluster('prod', 3)] }],
    [
      'with alarms for the cluster',
      'UpdateStack',
      { clusters: [cluster('prod', 3)], alarms: { per: 'cluster' } },
    ],
  ] as const)(
    'given settings %s has each of their alarms in one stack, a dashboard a cluster, and no others anywhere',
    async (_, action, settings) => {
      const { alarms, specified, nested, asked, dashboards } = await deploy(action, settings);
      expect(alarms).toEqual(specified);
      expect(nested).toBe(asked);
      expect(dashboards.toSorted()).toEqual(
        settings.clusters.map(({ name }) => `changing-${name}`).toSorted(),
      );
    },
  );
});
