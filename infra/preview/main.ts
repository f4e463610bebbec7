import { writeFileSync } from 'node:fs';
import { SettingsError } from '../../lambdas/settings.ts';
import { UsageError } from '../command-line.ts';
import { preview, usage } from './command.ts';

const isTold = process.stderr.isTTY;

try {
  const made = await preview(
    process.argv.slice(2),
    { info: () => {}, warn: (message) => process.stderr.write(`warning: ${message}\n`) },
    (looked, of) => isTold && process.stderr.write(`\rlook ${looked} of ${of}${looked === of ? '\n' : ''}`),
  );
  if (made !== null) writeFileSync(made.file, made.html);
  process.stdout.write(made === null ? usage : `${made.said}\n`);
} catch (error) {
  const isMistake = error instanceof UsageError || error instanceof SettingsError;
  process.stderr.write(`${isMistake ? error.message : String(error)}\n`);
  if (error instanceof UsageError) process.stderr.write(`\n${usage}`);
  process.exitCode = isMistake ? 2 : 1;
}
