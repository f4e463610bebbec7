import { createHash } from 'node:crypto';
import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packText } from '../../../lambdas/adapters/memory/codec.ts';
import { dynamoMemory } from '../../../lambdas/adapters/memory/dynamodb.ts';
import { memoryTable } from '../../../lambdas/environment.ts';
import type { Memory } from '../../../lambdas/ports.ts';
import { awsEndpoint } from '../../infra/unsigned.ts';
import { countingClient, createMemoryTable } from '../../services/dynamodb-units.ts';
import type { Moto } from '../../services/moto.ts';
import { borrowMoto } from '../../services/shared-moto.ts';
import { claimed, emptyOutbox, minute, outbox } from './laws.ts';

let moto: Moto;
let client: DynamoDBClient;
let tables = 0;
beforeAll(async () => {
  moto = await borrowMoto();
  client = new DynamoDBClient(awsEndpoint(moto).client);
});
afterAll(async () => {
  client.destroy();
  await moto.stop();
});

const newTable = async (): Promise<string> => {
  const table = `based-${(tables += 1)}`;
  await createMemoryTable(moto, table);
  return table;
};
/** As a process opens it that has just begun. */
const open = (table: string, through = client): Memory =>
  dynamoMemory(through, table, { now: () => minute + 2 * 86_400_000 });
const at = (n: number): number => minute + n * 60_000;

const own = 'connection-count#eu';
const idOf = (slot: '' | 'a' | 'b') => ({ [memoryTable.key]: { S: slot === '' ? own : `${own}#${slot}` } });
type Item = Record<string, AttributeValue>;
const item = async (table: string, slot: '' | 'a' | 'b' = ''): Promise<Item | undefined> =>
  (await client.send(new GetItemCommand({ TableName: table, Key: idOf(slot) }))).Item;
const put = (table: string, Item: Item) => client.send(new PutItemCommand({ TableName: table, Item }));

const noise = (bytes: number, seed: string): string =>
  createHash('shake256', { outputLength: bytes }).update(seed).digest('base64');
/** Four units of what stays, and a minute that changes. */
const stateAt = (n: number): string => JSON.stringify({ kept: noise(3_600, 'kept'), minute: n });
/** Nothing stays. */
const loudAt = (n: number): string => JSON.stringify({ all: noise(3_600, `minute ${n}`) });

async function saveAll(memory: Memory, from: number, to: number, state = stateAt): Promise<void> {
  for (let n = from; n <= to; n += 1) await (await claimed(memory, at(n))).save(state(n), emptyOutbox);
}

/** A table whose memory has a base of minute 1, and what has changed by minute 2. */
async function based(): Promise<string> {
  const table = await newTable();
  await saveAll(open(table), 0, 2);
  expect((await item(table))?.['since']).toEqual({ N: String(at(1)) });
  return table;
}

describe('a state larger than a write unit of which little changes', () => {
  it('is written as a whole twice, then a unit a minute', async () => {
    const table = await newTable();
    const counted = countingClient(moto);
    const memory = open(table, counted.client);
    const perMinute: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      const sum = () => [...counted.units().values()].reduce((all, { write }) => all + write, 0);
      const before = sum();
      await saveAll(memory, n, n);
      perMinute.push(sum() - before);
    }
    const read = Object.fromEntries([...counted.units()].map(([id, { read: units }]) => [id, units]));
    counted.stop();
    // The item held the whole when its minute was taken, and when it was replaced.
    const whole = 4;
    expect(perMinute).toEqual([whole, 3 * whole, 1, 1, 1, 1, 1, 1]);
    // A process that goes on has the base.
    expect(read).toEqual({ [own]: 8, [`${own}#a`]: 0 });
  });

  it('is the same, word for word, for the next run of this process and of another', async () => {
    const table = await newTable();
    const memory = open(table);
    for (let n = 0; n < 5; n += 1) {
      await saveAll(memory, n, n);
      const seen = [await claimed(memory, at(n + 1)), await claimed(open(table), at(n + 1))];
      expect(seen.map(({ saved, unreadable }) => [saved, unreadable])).toEqual([
        [stateAt(n), null],
        [stateAt(n), null],
      ]);
    }
  });

  it('keeps its outbox beside what changed', async () => {
    const table = await based();
    const run = await claimed(open(table), at(3));
    await run.save(stateAt(3), outbox);
    expect(await claimed(open(table), at(4))).toMatchObject({ saved: stateAt(3), outbox });
    await run.clearOutbox();
    expect(await claimed(open(table), at(4))).toMatchObject({ saved: stateAt(3), outbox: emptyOutbox });
  });

  it('has a new base after a day, in another item, so that none expires before it is replaced', async () => {
    const table = await based();
    const baseAfter = async (n: number) => {
      await saveAll(open(table), n, n);
      const { base, since } = (await item(table)) ?? {};
      return [base?.S, since?.N];
    };
    expect(await baseAfter(24 * 60)).toEqual(['a', String(at(1))]);
    expect(await baseAfter(24 * 60 + 1)).toEqual(['b', String(at(24 * 60 + 1))]);
    const [first, second] = [await item(table, 'a'), await item(table, 'b')];
    expect([first?.['claimed'], second?.['claimed']]).toEqual([
      { N: String(at(1)) },
      { N: String(at(24 * 60 + 1)) },
    ]);
    const small = await item(table);
    expect(Number(second?.['expires']?.N) - Number(small?.['expires']?.N)).toBe(86_400);
    expect((await claimed(open(table), at(24 * 60 + 2))).saved).toBe(stateAt(24 * 60 + 1));
  });
});

it('a state that is another one each minute is kept whole, without a base', async () => {
  const table = await newTable();
  await saveAll(open(table), 0, 5, loudAt);
  expect([await item(table, 'a'), Object.keys((await item(table)) ?? {}).sort()]).toEqual([
    undefined,
    ['claimant', 'claimed', 'expires', 'id', 'state'],
  ]);
  expect((await claimed(open(table), at(6))).saved).toBe(loudAt(5));
});

it('a state that has begun to change is kept whole again, and has a base again when it is quiet', async () => {
  const table = await based();
  await saveAll(open(table), 3, 20, loudAt);
  const loud = Object.keys((await item(table)) ?? {});
  await saveAll(open(table), 21, 22);
  const quiet = Object.keys((await item(table)) ?? {});
  expect([loud.includes('state'), loud.includes('delta')]).toEqual([true, false]);
  expect([quiet.includes('state'), quiet.includes('delta')]).toEqual([false, true]);
  expect((await claimed(open(table), at(23))).saved).toBe(stateAt(22));
});

describe('a run that writes a new base', () => {
  /** Of the process that ends at its `nth` write, before or after AWS has done it. */
  function dying(nth: number, when: 'before' | 'after'): DynamoDBClient {
    const dies = new DynamoDBClient({ ...awsEndpoint(moto).client, maxAttempts: 1 });
    let writes = 0;
    dies.middlewareStack.add(
      (next, { commandName }) =>
        async (request) => {
          if (commandName !== 'UpdateItemCommand') return next(request);
          writes += 1;
          if (writes === nth && when === 'before') throw new Error('killed');
          const reply = await next(request);
          if (writes === nth) throw new Error('killed');
          return reply;
        },
      { step: 'initialize', name: 'dies' },
    );
    return dies;
  }
  const day = 24 * 60 + 1;
  const kills = [1, 2, 3].flatMap((nth) => (['before', 'after'] as const).map((when) => ({ nth, when })));

  it.each(kills)(
    'and is killed $when its write $nth loses nothing that was saved before, and mixes nothing',
    async ({ nth, when }) => {
      const table = await based();
      const through = dying(nth, when);
      const run = await claimed(open(table, through), at(day));
      await expect(run.save(stateAt(day), outbox)).rejects.toThrow('killed');
      through.destroy();
      const isDone = nth === 3 && when === 'after';
      const next = await claimed(open(table), at(day + 1));
      expect([next.saved, next.outbox, next.unreadable]).toEqual(
        isDone ? [stateAt(day), outbox, null] : [stateAt(2), emptyOutbox, null],
      );
      await next.save(stateAt(day + 1), emptyOutbox);
      expect(await claimed(open(table), at(day + 2))).toMatchObject({
        saved: stateAt(day + 1),
        unreadable: null,
      });
    },
  );

  it.each([
    ['before its first write', 1],
    ['after it took its minute', 2],
    ['after it wrote its base', 3],
  ])('and that a later run overtakes %s is refused, and leaves the memory whole', async (_what, nth) => {
    const table = await based();
    const through = new DynamoDBClient(awsEndpoint(moto).client);
    let writes = 0;
    through.middlewareStack.add(
      (next, { commandName }) =>
        async (request) => {
          writes += commandName === 'UpdateItemCommand' ? 1 : 0;
          if (writes === nth && commandName === 'UpdateItemCommand')
            await saveAll(open(table), day + 1, day + 1);
          return next(request);
        },
      { step: 'initialize', name: 'is overtaken' },
    );
    const slow = await claimed(open(table, through), at(day));
    await expect(slow.save(stateAt(day), outbox)).rejects.toThrow(/saves nothing/);
    through.destroy();
    expect(await claimed(open(table), at(day + 2))).toMatchObject({
      saved: stateAt(day + 1),
      outbox: emptyOutbox,
      unreadable: null,
    });
  });

  it('of which another process holds the base before goes on from the new one', async () => {
    const table = await based();
    const other = open(table);
    await saveAll(other, 3, 3);
    await saveAll(open(table), day, day);
    expect((await claimed(other, at(day + 1))).saved).toBe(stateAt(day));
  });

  it('keeps the state whole where a base of a time to come stands in its way', async () => {
    const table = await based();
    await put(table, { ...idOf('b'), claimed: { N: String(at(3 * day)) }, text: { B: packText('ahead') } });
    await saveAll(open(table), day, day);
    expect(Object.keys((await item(table)) ?? {})).toContain('state');
    expect((await claimed(open(table), at(day + 1))).saved).toBe(stateAt(day));
  });
});

describe('a memory of which a part is damaged', () => {
  const of = new Date(at(1)).toISOString();
  const other = new Date(at(0)).toISOString();
  const damages: readonly (readonly [string, (table: string) => Promise<unknown>, string])[] = [
    [
      'whose base is gone',
      (table) => client.send(new DeleteItemCommand({ TableName: table, Key: idOf('a') })),
      `delta: its base a of ${of} is not there`,
    ],
    [
      'whose base is an older one',
      async (table) => put(table, { ...(await item(table, 'a')), claimed: { N: String(at(0)) } }),
      `delta: its base a of ${of} is now of ${other}`,
    ],
    [
      'whose base is of no time',
      async (table) => put(table, { ...(await item(table, 'a')), claimed: { N: '1e30' } }),
      `delta: its base a of ${of} is now of a time that no calendar has`,
    ],
    [
      'whose base is another text',
      async (table) => put(table, { ...(await item(table, 'a')), text: { B: packText(loudAt(1)) } }),
      'delta: ',
    ],
    [
      'whose base is no gzip',
      async (table) => put(table, { ...(await item(table, 'a')), text: { B: Buffer.from('plain') } }),
      `delta: its base a of ${of}: incorrect header check`,
    ],
    [
      'whose base is text',
      async (table) => put(table, { ...(await item(table, 'a')), text: { S: 'plain' } }),
      `delta: its base a of ${of}: is not binary`,
    ],
    [
      'whose difference was cut off',
      async (table) => {
        const small = (await item(table)) ?? {};
        return put(table, { ...small, delta: { B: small['delta']?.B?.subarray(0, -3) ?? new Uint8Array() } });
      },
      'delta: ',
    ],
    [
      'whose difference is gone',
      async (table) => {
        const { delta, ...small } = (await item(table)) ?? {};
        expect(delta).toBeDefined();
        return put(table, small);
      },
      'delta: is not there',
    ],
    [
      'that does not say of which base',
      async (table) => {
        const { base, ...small } = (await item(table)) ?? {};
        expect(base).toEqual({ S: 'a' });
        return put(table, small);
      },
      'delta: does not say of which base',
    ],
  ];

  it.each(damages)('%s is forgotten with a warning, once, its outbox apart', async (_what, damage, why) => {
    const table = await based();
    await (await claimed(open(table), at(3))).save(stateAt(3), outbox);
    await damage(table);
    const first = await claimed(open(table), at(4));
    expect([first.saved, first.outbox]).toEqual([null, outbox]);
    expect(first.unreadable).toContain(`memory ${own} in table ${table}: ${why}`);
    await first.save(stateAt(4), emptyOutbox);
    await saveAll(open(table), 5, 7);
    expect(await claimed(open(table), at(8))).toMatchObject({ saved: stateAt(7), unreadable: null });
  });

  it('as an older release left it goes on', async () => {
    const table = await newTable();
    await put(table, {
      ...idOf(''),
      claimed: { N: String(at(0)) },
      claimant: { S: 'another' },
      state: { B: packText(stateAt(0)) },
      outbox: { B: packText(JSON.stringify(outbox)) },
      expires: { N: '4102444800' },
    });
    const run = await claimed(open(table), at(1));
    expect(run).toMatchObject({ saved: stateAt(0), outbox, unreadable: null });
    await run.save(stateAt(1), emptyOutbox);
    expect((await claimed(open(table), at(2))).saved).toBe(stateAt(1));
  });
});
