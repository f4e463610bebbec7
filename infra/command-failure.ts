import { SettingsError } from '../lambdas/settings.ts';
import { EnvironmentError, UsageError } from './command-line.ts';

type Failing = {
  readonly usage: string;
  /** Whether it lies in what the command was given, beside its command line and settings. */
  readonly isMistake?: (error: unknown) => boolean;
  /** The exit code where it does not. */
  readonly code?: number;
};

/** Tells why a command ended, with its usage where the command line is at fault, and sets the exit code: 2 for a mistake. */
export function tellFailure(error: unknown, { usage, isMistake = () => false, code = 1 }: Failing): void {
  const isOfInput =
    [UsageError, EnvironmentError, SettingsError].some((kind) => error instanceof kind) || isMistake(error);
  process.stderr.write(`${isOfInput ? (error as Error).message : String(error)}\n`);
  if (error instanceof UsageError) process.stderr.write(`\n${usage}`);
  process.exitCode = isOfInput ? 2 : code;
}
