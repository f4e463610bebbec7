import { SettingsError } from '../../lambdas/settings.ts';
import { UsageError } from '../command-line.ts';
import { notify, usage } from './command.ts';

try {
  const { lines, code } = await notify(process.argv.slice(2), {
    sns: async () => new (await import('@aws-sdk/client-sns')).SNSClient(),
    now: () => Date.now(),
    width: process.stdout.isTTY ? Math.max(process.stdout.columns, 40) : 80,
  });
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = code;
} catch (error) {
  const isMistake = error instanceof UsageError || error instanceof SettingsError;
  process.stderr.write(`${isMistake ? error.message : String(error)}\n`);
  if (error instanceof UsageError) process.stderr.write(`\n${usage}`);
  process.exitCode = isMistake ? 2 : 1;
}
