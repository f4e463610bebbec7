import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoOpenBoard } from '../../../lambdas/adapters/memory/open-board.ts';
import type { OpenBoard } from '../../../lambdas/ports.ts';
import { awsEndpoint } from '../../infra/unsigned.ts';
import { createMemoryTable } from '../../services/dynamodb-units.ts';
import type { Moto } from '../../services/moto.ts';
import { borrowMoto } from '../../services/shared-moto.ts';

const table = 'open-board';
const checks = [
  { id: 'a', group: 'jetstream' },
  { id: 'b', group: 'jetstream' },
  { id: 'alone', group: 'servers' },
] as const;

let moto: Moto;
let client: DynamoDBClient;
let board: OpenBoard;
beforeAll(async () => {
  moto = await borrowMoto();
  await createMemoryTable(moto, table);
  client = new DynamoDBClient(awsEndpoint(moto).client);
  board = dynamoOpenBoard(client, table, { checks, now: () => Date.now() });
});
afterAll(async () => {
  client.destroy();
  await moto.stop();
});

describe('what checks have open, noted in DynamoDB', () => {
  it('is known of a group once each of its checks has noted its own, and of no other group', async () => {
    const of = (check: string) => ({ check, cluster: 'c1' });
    expect([
      await board.note(of('a'), { critical: 1, warning: 2 }),
      await board.note(of('alone'), { critical: 5 }),
      await board.note(of('b'), { critical: 0, warning: 3 }),
      await board.note(of('a'), { critical: 0, warning: 0 }),
    ]).toEqual([null, { critical: 5 }, { critical: 1, warning: 5 }, { critical: 0, warning: 3 }]);
  });

  it('is that of each cluster alone', async () => {
    expect(await board.note({ check: 'a', cluster: 'c2' }, { critical: 1 })).toBeNull();
  });

  it('leaves the later of two checks that close at once to see that both have', async () => {
    const of = (check: string) => ({ check, cluster: 'c3' });
    await board.note(of('a'), { critical: 1 });
    await board.note(of('b'), { critical: 1 });
    const seen = await Promise.all([
      board.note(of('a'), { critical: 0 }),
      board.note(of('b'), { critical: 0 }),
    ]);
    expect(seen).toContainEqual({ critical: 0 });
  });

  it('fails by the name of item and table', async () => {
    const nowhere = dynamoOpenBoard(client, 'no-table', { checks, now: () => Date.now() });
    await expect(nowhere.note({ check: 'a', cluster: 'c1' }, {})).rejects.toThrow(
      /^item open#c1 in table no-table: its note failed: /,
    );
  });
});
