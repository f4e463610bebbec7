import { SettingsError } from '../../lambdas/settings.ts';
import { UsageError } from '../command-line.ts';
import { account } from './account.ts';
import { doctor, usage } from './command.ts';

try {
  const { text, code } = await doctor(process.argv.slice(2), {
    account,
    now: () => Date.now(),
    width: process.stdout.isTTY ? Math.max(process.stdout.columns, 40) : 80,
  });
  process.stdout.write(text);
  process.exitCode = code;
} catch (error) {
  const isMistake = error instanceof UsageError || error instanceof SettingsError;
  process.stderr.write(`${isMistake ? error.message : String(error)}\n`);
  if (error instanceof UsageError) process.stderr.write(`\n${usage}`);
  process.exitCode = isMistake ? 2 : 3;
}
