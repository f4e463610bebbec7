import { SettingsError } from '../../lambdas/settings.ts';
import { AlarmError } from '../cloudwatch/alarm-spec.ts';
import { UsageError } from '../command-line.ts';
import { cost, usage } from './command.ts';

try {
  process.stdout.write(`${cost(process.argv.slice(2)).join('\n')}\n`);
} catch (error) {
  const isMistake =
    error instanceof UsageError || error instanceof SettingsError || error instanceof AlarmError;
  process.stderr.write(`${isMistake ? error.message : String(error)}\n`);
  if (error instanceof UsageError) process.stderr.write(`\n${usage}`);
  process.exitCode = isMistake ? 2 : 1;
}
