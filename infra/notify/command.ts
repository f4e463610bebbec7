import type { SNSClient } from '@aws-sdk/client-sns';
import { parseCommandLine, UsageError } from '../command-line.ts';
import { ensureRegion } from '../deployed/region.ts';
import { loadSettings } from '../settings.ts';
import { preview } from './preview.ts';
import { send } from './send.ts';

export const usage = `Usage: npm run notify -- --dry-run | --send [options]

  --dry-run          shows one example of every message as each reader gets it:
                     needs no AWS
  --send             sends test messages through the deployed topics, and then
                     their ends
  --settings <file>  as for the deployment (infra/settings.yaml)
  --help

Exit code: 0 shown or sent; 1 something was not sent; 2 the input cannot be
used.
`;

const options = {
  'dry-run': { type: 'boolean', default: false },
  send: { type: 'boolean', default: false },
} as const;

export type World = {
  /** Called for `--send` alone. */
  readonly sns: () => Promise<SNSClient>;
  readonly now: () => number;
  /** Of lines. */
  readonly width: number;
};

/**
 * @returns what to print and the exit code
 * @throws UsageError, SettingsError
 */
export async function notify(
  argv: readonly string[],
  { sns, now, width }: World,
): Promise<{ readonly lines: readonly string[]; readonly code: 0 | 1 }> {
  const { values, positionals } = parseCommandLine(argv, options);
  if (values.help) return { lines: usage.trimEnd().split('\n'), code: 0 };
  if (positionals.length > 0) throw new UsageError(`notify takes no ${positionals.join(' ')}`);
  if (values.json) throw new UsageError('notify has no --json');
  if (values['dry-run'] === values.send) throw new UsageError('expected one of --dry-run and --send');
  const loaded = loadSettings(values.settings ?? 'infra/settings.yaml');
  if (values['dry-run']) return { lines: preview(loaded, now(), width), code: 0 };
  const client = await sns();
  await ensureRegion(client);
  const { done, failed } = await send(client, loaded, now);
  return {
    lines: [...done.map((each) => `sent: ${each}`), ...failed.map((each) => `not sent: ${each}`)],
    code: failed.length === 0 ? 0 : 1,
  };
}
