import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { bundle } from '../../infra/stacks/bundle.ts';
import { understand } from '../../infra/settings.ts';
import { environment } from '../../lambdas/environment.ts';
import { awsEndpoint } from '../infra/unsigned.ts';
import { createMemoryTable } from '../services/dynamodb-units.ts';
import type { Moto } from '../services/moto.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';

/** What a check's function needs, made without `cdk deploy`, which takes ten seconds: for what it does once it is there. */
export async function undeployedFunction(
  moto: Moto,
  check: string,
  settings: unknown,
  { files = {}, queueArn }: { files?: Readonly<Record<string, string>>; queueArn?: string } = {},
) {
  const folder = temporaryFolder('undeployed');
  const code = path.join(folder, 'code');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const { watch, translated } = understand(settings, path.join(folder, 'settings.yaml'));
  bundle(code, watch, translated.plan);

  const table = 'memory';
  const { client } = awsEndpoint(moto);
  const sns = new SNSClient(client);
  await createMemoryTable(moto, table);
  const { TopicArn: topicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'findings' }));
  if (queueArn !== undefined)
    await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: queueArn }));
  sns.destroy();
  return {
    code,
    table,
    environment: {
      ...moto.env,
      [environment.check]: check,
      [environment.table]: table,
      [environment.findingsTopic]: topicArn,
    },
  };
}
