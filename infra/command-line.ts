import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/** A command line that cannot be understood, with what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a command needs is not there, and what to do: how its line is written is not the question. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** Options that every command has. */
const common = {
  settings: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies Options;

/** @throws UsageError for options that are none of these, or lack their value */
export function parseCommandLine<T extends Options>(argv: readonly string[], own: T) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: { ...common, ...own } });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
