import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SettingsError } from '../../lambdas/settings.ts';
import { UsageError } from '../command-line.ts';
import { mute, usage } from './command.ts';

try {
  const lines = await mute(process.argv.slice(2), {
    cloudWatch: () => new CloudWatchClient(),
    dynamo: () => new DynamoDBClient(),
    now: () => Date.now(),
  });
  process.stdout.write(`${lines.join('\n')}\n`);
} catch (error) {
  const isMistake = error instanceof UsageError || error instanceof SettingsError;
  process.stderr.write(`${isMistake ? error.message : String(error)}\n`);
  if (error instanceof UsageError) process.stderr.write(`\n${usage}`);
  process.exitCode = isMistake ? 2 : 1;
}
