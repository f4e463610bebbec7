import { parseArgs, type ParseArgsConfig } from 'node:util';
import { nearest } from '../lambdas/engine/nearest.ts';

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

const meant = (name: string, names: readonly string[]): string => {
  const near = nearest(name, names);
  return near === null ? '' : `; did you mean --${near}?`;
};

/** @throws UsageError for options that are none of these, or lack their value */
export function parseCommandLine<T extends Options>(argv: readonly string[], own: T) {
  const asked = { args: [...argv], allowPositionals: true, options: { ...common, ...own } } as const;
  const { tokens } = parseArgs({ ...asked, strict: false, tokens: true });
  const unknown = tokens.flatMap((token) =>
    token.kind === 'option' && !Object.hasOwn(asked.options, token.name) ? [token] : [],
  );
  if (unknown.length > 0) {
    const names = Object.keys(asked.options);
    throw new UsageError(
      unknown.map(({ name, rawName }) => `no option ${rawName}${meant(name, names)}`).join('\n'),
    );
  }
  try {
    return parseArgs(asked);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
