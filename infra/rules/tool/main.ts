import { SettingsError } from '../../../lambdas/settings.ts';
import { AlarmError } from '../../alarms/alarm-spec.ts';
import { readArguments, usage, UsageError, type Arguments } from './arguments.ts';
import { checkCommand } from './check-command.ts';
import { explainCommand } from './explain-command.ts';
import type { Output } from './output.ts';
import { testCommand } from './test-command.ts';
import { timelineCommand } from './timeline-command.ts';
import { ToolError } from './tool-error.ts';

const commands: Readonly<Record<Arguments['command'], (given: Arguments) => Output | Promise<Output>>> = {
  check: checkCommand,
  test: testCommand,
  timeline: timelineCommand,
  explain: explainCommand,
};

// Whoever reads may have read enough: `| head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  const given = readArguments(process.argv.slice(2));
  if (given === null) process.stdout.write(usage);
  else {
    const { lines, code } = await commands[given.command](given);
    for (const { to, text } of lines) process[to].write(`${text}\n`);
    process.exitCode = code;
  }
} catch (error) {
  const isOfInput = [UsageError, ToolError, SettingsError, AlarmError].some((kind) => error instanceof kind);
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`${(isOfInput ? undefined : stack) ?? message}\n`);
  if (error instanceof UsageError) process.stderr.write(`\n${usage}`);
  // Node's own 1 would be read as a test that failed.
  process.exitCode = 2;
}
