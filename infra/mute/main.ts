import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { tellFailure } from '../command-failure.ts';
import { mute, usage } from './command.ts';

try {
  const lines = await mute(process.argv.slice(2), {
    cloudWatch: () => new CloudWatchClient(),
    dynamo: () => new DynamoDBClient(),
    now: () => Date.now(),
  });
  process.stdout.write(`${lines.join('\n')}\n`);
} catch (error) {
  tellFailure(error, { usage });
}
