import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { days, minutes, parseDuration } from '../../lambdas/durations.ts';
import { parseCommandLine, UsageError } from '../command-line.ts';
import { memoryTableOf } from '../deployed/memory-table.ts';
import { ensureRegion } from '../deployed/region.ts';
import { folded } from '../lines.ts';
import { loadSettings } from '../settings.ts';
import { dynamoMutes } from '../../lambdas/adapters/memory/mutes.ts';
import { begin, end, list, muteLine } from './mute.ts';

export const usage = `Usage: npm run mute -- CLUSTER SPAN --why TEXT
       npm run mute -- CLUSTER --end
       npm run mute -- --list

Mutes messages about a cluster, findings and alarms: they are kept, and what is
still open is told when it ends. Whether functions run, and messages are
delivered, is never muted.

  SPAN               from now on, 1m to 15d: 2h, 1h30m
  --why <text>       for who wonders why it is silent
  --end              ends it now
  --list             what is muted, by command and by settings
  --settings <file>  as for the deployment (infra/settings.yaml)
  --table <name>     the memory table, where the deployment is in a stack of
                     your own
  --help

Exit code: 0 done; 1 AWS refused; 2 the input cannot be used.
`;

/** As in settings. A mute rule's description takes 1,024. */
const mostWhy = 200;

const options = {
  why: { type: 'string' },
  end: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  table: { type: 'string' },
} as const;

export type World = {
  readonly cloudWatch: () => CloudWatchClient;
  readonly dynamo: () => DynamoDBClient;
  readonly now: () => number;
  /** In columns; infinite where another program reads, which has a line a mute. */
  readonly width: number;
};

/**
 * @returns the lines to print, none longer than the world is wide
 * @throws UsageError, SettingsError
 */
export const mute = async (argv: readonly string[], world: World): Promise<readonly string[]> =>
  (await answer(argv, world)).flatMap((line) => folded(line, world.width));

async function answer(argv: readonly string[], world: World): Promise<readonly string[]> {
  const { values, positionals } = parseCommandLine(argv, options);
  if (values.help) return usage.trimEnd().split('\n');
  if (values.json) throw new UsageError('mute has no --json');
  const [cluster, spanText, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`expected a cluster and a span, not ${more.join(' ')} besides`);
  if (values.list && (cluster !== undefined || values.end)) throw new UsageError('--list stands alone');
  if (!values.list && cluster === undefined) throw new UsageError('expected a cluster, or --list');
  const loaded = loadSettings(values.settings ?? 'infra/settings.yaml');
  const { settings } = loaded;
  const tools = async () => {
    const dynamo = world.dynamo();
    await ensureRegion(dynamo);
    const table = values.table ?? (await memoryTableOf(dynamo, settings.name));
    return { mutes: dynamoMutes(dynamo, table), cloudWatch: world.cloudWatch(), now: world.now };
  };
  if (cluster === undefined) return list(loaded, await tools());
  const names = settings.clusters.map(({ name }) => name);
  const unknown = new UsageError(`no cluster "${cluster}"; there are ${names.join(', ')}`);
  if (values.end) {
    if (spanText !== undefined || values.why !== undefined)
      throw new UsageError('--end takes a cluster alone');
    const ended = await end(cluster, await tools());
    if (ended === null && !names.includes(cluster)) throw unknown;
    return [
      ended === null
        ? `${cluster} is not muted by command`
        : `${cluster} is muted no more; the next run tells what is open`,
    ];
  }
  if (!names.includes(cluster)) throw unknown;
  const span = spanText === undefined ? null : parseDuration(spanText);
  if (span === null || span < minutes(1) || span > days(15))
    throw new UsageError(
      `expected a span from 1m to 15d such as 2h${spanText === undefined ? '' : `, received ${spanText}`}`,
    );
  if (values.why === undefined || values.why.trim() === '') throw new UsageError('expected --why, in words');
  if (values.why.length > mostWhy)
    throw new UsageError(`expected --why in up to ${mostWhy} characters, received ${values.why.length}`);
  return [muteLine(await begin({ cluster, spanMs: span, why: values.why }, loaded, await tools()))];
}
