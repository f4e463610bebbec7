import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSettings } from '../../infra/settings.ts';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { alarmSpecs } from '../../infra/alarms/alarm-specs.ts';
import { cdk } from '../infra/deploy.ts';
import { liveStacks } from '../infra/live-stacks.ts';
import { awsEndpoint, unsigned } from '../infra/unsigned.ts';
import type { Moto } from '../services/moto.ts';
import { borrowMoto } from '../services/shared-moto.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';

const folder = temporaryFolder('half-way');
const file = path.join(folder, 'settings.yaml');
writeFileSync(
  file,
  JSON.stringify({
    name: 'halfway',
    clusters: [{ name: 'prod', targets: [{ name: 'hub1', url: 'http://hub1:8222' }] }],
    subscriptions: [{ topic: 'critical', protocol: 'https', endpoint: 'https://pager.internal' }],
  }),
);

let moto: Moto;
beforeAll(async () => {
  moto = await borrowMoto();
  await cdk(moto, folder, ['bootstrap', `aws://${moto.account}/${moto.region}`]);
});
afterAll(() => moto.stop());

const run = (...args: readonly string[]) =>
  cdk(moto, path.resolve('.'), [
    ...args,
    '--context',
    `settings=${file}`,
    '--output',
    path.join(folder, 'out'),
  ]);
const stacks = async () => (await liveStacks(awsEndpoint(moto), 'halfway-')).map(({ name }) => name);
const alarms = async () =>
  (await liveStacks(awsEndpoint(moto), 'halfway-'))
    .flatMap(({ template }) => Object.values(template.Resources))
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => String(Properties?.['AlarmName']));

describe('a deployment that stopped half-way', () => {
  it('has all that runs, and no alarm on a cluster, where it stopped after its first stack', async () => {
    await run('deploy', 'halfway-checks', '--exclusively', '--require-approval', 'never');
    expect(await stacks()).toEqual(['halfway-checks']);
  });

  it('is whole when it is run again', async () => {
    await run('deploy', '--all', '--require-approval', 'never');
    const specs = alarmSpecs({ checks, ...loadSettings(file) });
    expect((await alarms()).toSorted()).toEqual(specs.map(({ name }) => name).toSorted());
  });

  it('leaves nothing but what the page on upgrades names, when it is destroyed', async () => {
    await run('destroy', '--all', '--force');
    const aws = awsEndpoint(moto);
    const { Functions } = JSON.parse(await unsigned(aws, 'lambda', '/2015-03-31/functions/')) as {
      Functions: unknown[];
    };
    const { client } = aws;
    const { Topics } = await new SNSClient(client).send(new ListTopicsCommand());
    const { TableNames } = await new DynamoDBClient(client).send(new ListTablesCommand());
    const { QueueUrls = [] } = await new SQSClient(client).send(new ListQueuesCommand());
    const { logGroups } = await new CloudWatchLogsClient(client).send(new DescribeLogGroupsCommand());
    expect({ stacks: await stacks(), Functions, Topics, TableNames, QueueUrls, logGroups }).toEqual({
      stacks: [],
      Functions: [],
      Topics: [],
      TableNames: [],
      QueueUrls: [],
      logGroups: [],
    });
  });
});
