import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { memoryId } from '../../lambdas/adapters/memory/codec.ts';
import { memoryTable } from '../../lambdas/environment.ts';
import { formatDuration, minutes } from '../../lambdas/durations.ts';
import { inline, plural } from '../../lambdas/engine/format.ts';
import { memoryTableOf } from '../deployed/memory-table.ts';
import { mostNamed, type Complaint, type Examination } from './examination.ts';

/** A run in progress, and one that was lost. */
const mayBeLate = 2;

/** When each check last finished a run of each cluster, as its memory says. */
export const runs: Examination = {
  name: 'runs',
  async look({ loaded: { settings }, checks, account, table: named, now }) {
    const table = named ?? (await memoryTableOf(account.dynamo, settings.name));
    const wanted = checks.flatMap((check) => settings.clusters.map(({ name }) => ({ check, cluster: name })));
    const last = await Promise.all(
      wanted.map(async ({ check, cluster }) => {
        const { Item } = await account.dynamo.send(
          new GetItemCommand({
            TableName: table,
            Key: { [memoryTable.key]: { S: memoryId({ check: check.id, cluster }) } },
            ProjectionExpression: 'claimed',
          }),
        );
        const claimed = Item?.['claimed']?.N;
        return { check, cluster, age: claimed === undefined ? null : now - Number(claimed) };
      }),
    );
    const late = last.filter(({ check, age }) => age === null || age > mayBeLate * check.every + minutes(1));
    const how = (all: typeof late) =>
      `${ago(all)}: ${inline(
        all.map(({ cluster }) => cluster),
        mostNamed,
      )}`;
    const byCheck = [...Map.groupBy(late, ({ check }) => check.id)].map(([id, all]) => ({
      id,
      how: how(all),
    }));
    const alike = [...Map.groupBy(byCheck, (each) => each.how)];
    return {
      seen: `${plural(last.length - late.length, 'check and cluster', 'checks and clusters')} ran in time`,
      complaints: alike.map(([what, all]) =>
        complaint(
          what,
          all.map(({ id }) => id),
          settings.name,
        ),
      ),
    };
  },
};

function ago(all: readonly { readonly age: number | null }[]): string {
  const ages = all.flatMap(({ age }) => age ?? []);
  if (ages.length === 0) return 'never finished a run';
  return `last finished a run ${formatDuration(Math.max(...ages))} ago${ages.length < all.length ? ', or never' : ''}`;
}

/** Of checks that stopped alike, one: what they share has failed. */
const complaint = (how: string, checks: readonly string[], deployment: string): Complaint => ({
  what: `${inline(checks, mostNamed)} ${how}`,
  todo: `read the log /aws/lambda/${deployment}-${checks[0]}; ${checks.length === 1 ? 'is its schedule' : 'are their schedules'} enabled?`,
});
