import { createHash } from 'node:crypto';
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoMemory } from '../../../lambdas/adapters/memory/dynamodb.ts';
import { gzippedBytes, packText } from '../../../lambdas/adapters/memory/codec.ts';
import { memoryTable } from '../../../lambdas/environment.ts';
import { RunTwiceError, type Memory } from '../../../lambdas/ports.ts';
import { awsEndpoint } from '../../infra/unsigned.ts';
import { createMemoryTable } from '../../services/dynamodb-units.ts';
import type { Moto } from '../../services/moto.ts';
import { borrowMoto } from '../../services/shared-moto.ts';
import { aMemory, claimed, datapoint, emptyOutbox, key, minute, nextMinute, outbox } from './laws.ts';

let moto: Moto;
let client: DynamoDBClient;
let tables = 0;

const connect = (): DynamoDBClient =>
  new DynamoDBClient({ ...awsEndpoint(moto).client, retryMode: 'standard' });

beforeAll(async () => {
  moto = await borrowMoto();
  client = connect();
});
afterAll(async () => {
  client.destroy();
  await moto.stop();
});

async function createTable(): Promise<string> {
  const TableName = `memory-${(tables += 1)}`;
  await createMemoryTable(moto, TableName);
  return TableName;
}

const now = Date.UTC(2026, 10, 20, 12, 0, 7, 900);
const open = (table: string, through = client): Memory => dynamoMemory(through, table, { now: () => now });

const id = { [memoryTable.key]: { S: 'connection-count#eu' } };
const item = async (table: string): Promise<Record<string, AttributeValue> | undefined> =>
  (await client.send(new GetItemCommand({ TableName: table, Key: id }))).Item;
const store = (table: string, attributes: Record<string, AttributeValue>) =>
  client.send(new PutItemCommand({ TableName: table, Item: { ...id, ...attributes } }));

describe('memory in DynamoDB', () => {
  aMemory(async () => open(await createTable()));

  it('is one item a check and cluster, which expires 30 days after the last write', async () => {
    const table = await createTable();
    await (await claimed(open(table), minute)).save('{"kept":1}', outbox);
    expect(await item(table)).toEqual({
      ...id,
      claimed: { N: String(minute) },
      claimant: { S: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
      state: { B: new Uint8Array(packText('{"kept":1}')) },
      outbox: { B: new Uint8Array(packText(JSON.stringify(outbox))) },
      expires: { N: String(Date.UTC(2026, 11, 20, 12, 0, 7) / 1000) },
    });
  });

  it('is as it was after a run that ended without saving', async () => {
    const table = await createTable();
    await open(table).claim(key, minute);
    expect(await item(table)).toBeUndefined();
  });

  it('remembers an item that has expired and is still there', async () => {
    const table = await createTable();
    await store(table, {
      claimed: { N: String(minute) },
      state: { B: packText('{"kept":1}') },
      expires: { N: '1' },
    });
    expect((await claimed(open(table), nextMinute)).saved).toBe('{"kept":1}');
  });

  it('saves once when the reply gets lost and the request is sent again', async () => {
    const table = await createTable();
    const lossy = connect();
    let attempts = 0;
    lossy.middlewareStack.add(
      (next, { commandName }) =>
        async (request) => {
          const reply = await next(request);
          if (commandName !== 'UpdateItemCommand') return reply;
          attempts += 1;
          if (attempts === 1) throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
          return reply;
        },
      { step: 'deserialize', priority: 'high', name: 'loses the first reply' },
    );
    await (await claimed(open(table, lossy), minute)).save('{"kept":1}', outbox);
    lossy.destroy();
    const next = await claimed(open(table), nextMinute);
    expect([attempts, next.saved, next.outbox]).toEqual([2, '{"kept":1}', outbox]);
  });

  it('tells a run from one that saved its minute before', async () => {
    const memory = open(await createTable());
    const [first, second] = [await claimed(memory, minute), await claimed(memory, minute)];
    await first.save('{"first":1}', outbox);
    await expect(second.save('{"second":1}', emptyOutbox)).rejects.toThrow(RunTwiceError);
  });

  describe('of a time that has not come', () => {
    const inFiveMinutes = now + 5 * 60_000;
    const claimedFor = (claimedAt: number, more: Record<string, AttributeValue> = {}) => ({
      claimed: { N: String(claimedAt) },
      claimant: { S: 'another' },
      state: { B: packText('{"kept":1}') },
      outbox: { B: packText(JSON.stringify(outbox)) },
      ...more,
    });

    it('is taken over as on a first run, with what it left unsent, and says why', async () => {
      const table = await createTable();
      await store(table, claimedFor(Date.UTC(2027, 0, 31, 12, 0)));
      const claim = await claimed(open(table), minute);
      expect(claim).toMatchObject({
        saved: null,
        outbox,
        unreadable:
          `memory connection-count#eu in table ${table}: ` +
          'its last run was for 2027-01-31 12:00 UTC, 71 d 23 h ahead of this clock',
        isAhead: true,
      });
      await claim.save('{"new":1}', emptyOutbox);
      expect(await claimed(open(table), nextMinute)).toMatchObject({ saved: '{"new":1}', unreadable: null });
    });

    it('up to five minutes ahead is a later run, and further ahead is not', async () => {
      const table = await createTable();
      const given = async (claimedAt: number) => {
        await store(table, claimedFor(claimedAt));
        return (await open(table).claim(key, minute)) !== null;
      };
      expect([await given(inFiveMinutes), await given(inFiveMinutes + 1)]).toEqual([false, true]);
    });

    it('is taken over by one of two runs, and by no event that comes again', async () => {
      const table = await createTable();
      await store(table, claimedFor(inFiveMinutes + 60_000));
      const memory = open(table);
      const runs = [await claimed(memory, minute), await claimed(memory, minute)];
      const saves = await Promise.allSettled(runs.map((run, i) => run.save(`{"run":${i}}`, emptyOutbox)));
      expect(saves.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(await memory.claim(key, minute)).toBeNull();
    });
  });

  it('says that a state is unreadable and gives the outbox all the same', async () => {
    const table = await createTable();
    await store(table, {
      claimed: { N: String(minute) },
      state: { B: Buffer.from('{"plain":true}') },
      outbox: { B: packText(JSON.stringify(outbox)) },
    });
    expect(await claimed(open(table), nextMinute)).toMatchObject({
      saved: null,
      outbox,
      unreadable: `memory connection-count#eu in table ${table}: state: incorrect header check`,
    });
  });

  it('says that a state that was cut off is unreadable', async () => {
    const table = await createTable();
    const state = packText(JSON.stringify({ kept: 'long enough to be cut' })).subarray(0, -4);
    await store(table, { claimed: { N: String(minute) }, state: { B: state } });
    expect(await claimed(open(table), nextMinute)).toMatchObject({
      saved: null,
      unreadable: `memory connection-count#eu in table ${table}: state: unexpected end of file`,
    });
  });

  it('says that an outbox is unreadable and gives the state all the same', async () => {
    const table = await createTable();
    const datapoints = [{ ...datapoint, value: null }];
    await store(table, {
      claimed: { N: String(minute) },
      state: { B: packText('{"kept":1}') },
      outbox: { B: packText(JSON.stringify({ datapoints, messages: [] })) },
    });
    const claim = await claimed(open(table), nextMinute);
    expect(claim).toMatchObject({ saved: '{"kept":1}', outbox: emptyOutbox });
    expect(claim.unreadable).toContain(`table ${table}: outbox: unexpected shape at "datapoints.0.value"`);
  });

  it('takes back what was unreadable with the next save', async () => {
    const table = await createTable();
    await store(table, { claimed: { N: String(minute) }, state: { S: 'text' }, outbox: { S: 'text' } });
    const claim = await claimed(open(table), nextMinute);
    expect(claim.unreadable).toBe(
      `memory connection-count#eu in table ${table}: state: is not binary; outbox: is not binary`,
    );
    await claim.save('{"new":1}', outbox);
    expect(await claimed(open(table), nextMinute + 60_000)).toMatchObject({
      saved: '{"new":1}',
      outbox,
      unreadable: null,
    });
  });

  it('refuses a save after the item was deleted', async () => {
    const table = await createTable();
    await (await claimed(open(table), minute)).save('{"kept":1}', emptyOutbox);
    const run = await claimed(open(table), nextMinute);
    await client.send(new DeleteItemCommand({ TableName: table, Key: id }));
    await expect(run.save('{"late":1}', outbox)).rejects.toThrow(/saves nothing/);
  });

  it('saves 300 KB of gzipped state beside an outbox', async () => {
    const table = await createTable();
    const state = incompressible(300_000);
    await (await claimed(open(table), minute)).save(state, outbox);
    expect((await claimed(open(table), nextMinute)).saved).toBe(state);
  });

  it('names both sizes where state and outbox do not fit into an item together', async () => {
    const table = await createTable();
    const state = incompressible(410_000);
    const run = await claimed(open(table), minute);
    await expect(run.save(state, emptyOutbox)).rejects.toThrow(
      `memory connection-count#eu: state (${gzippedBytes(state)} bytes gzipped) and outbox`,
    );
  });

  it('names the table that is not there', async () => {
    await expect(open('no-such-table').claim(key, minute)).rejects.toThrow(
      /memory connection-count#eu in table no-such-table: its claim failed: ResourceNotFoundException/,
    );
  });
});

/** JSON text that takes about so many bytes when gzipped. */
function incompressible(bytes: number): string {
  return JSON.stringify(createHash('shake256', { outputLength: bytes }).digest('base64'));
}
