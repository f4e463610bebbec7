import { SettingsError } from '../../../lambdas/settings.ts';
import { AlarmError } from '../../cloudwatch/alarm-spec.ts';
import { UsageError } from '../../command-line.ts';
import { folded } from '../../lines.ts';
import { readArguments, usage, type Arguments } from '../arguments.ts';
import { checkCommand } from './check.ts';
import { explainCommand } from './explain.ts';
import { toStderr, toStdout, type Output } from '../output.ts';
import { testCommand } from './test.ts';
import { timelineCommand } from './timeline.ts';
import { ToolError } from '../tool-error.ts';

const commands: Readonly<
  Record<Arguments['command'], (given: Arguments, width: number) => Output | Promise<Output>>
> = {
  check: checkCommand,
  test: testCommand,
  timeline: timelineCommand,
  explain: explainCommand,
};

/** Does what the command line asks for; what is wrong with it, or with us, is reported too. */
export async function command(argv: readonly string[], width = Infinity): Promise<Output> {
  try {
    const given = readArguments(argv);
    return given === null
      ? { lines: toStdout([usage.trimEnd()]), code: 0 }
      : within(width, await commands[given.command](given, width), given);
  } catch (error) {
    const isOfInput = [UsageError, ToolError, SettingsError, AlarmError].some(
      (kind) => error instanceof kind,
    );
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    const said = (isOfInput ? undefined : stack) ?? message;
    // Node's own 1 would be read as a test that failed.
    return { lines: toStderr(error instanceof UsageError ? [said, '', usage.trimEnd()] : [said]), code: 2 };
  }
}

/** Lines as long as a terminal is wide; a document is for programs. */
const within = (width: number, { lines, code }: Output, { json }: Arguments): Output =>
  json || width === Infinity
    ? { lines, code }
    : {
        lines: lines.flatMap(({ to, text }) =>
          text.split('\n').flatMap((line) => folded(line, width).map((part) => ({ to, text: part }))),
        ),
        code,
      };
