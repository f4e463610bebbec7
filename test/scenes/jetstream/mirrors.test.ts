import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { natsVersions } from '../../services/nats-server.ts';
import { startCluster, type Client, type Cluster } from './cluster.ts';
import { addStream, fill } from './content.ts';
import {
  connected,
  copyOfShop,
  deliveriesCut,
  deliveriesMended,
  hasAll,
  neverConnected,
  originDeleted,
  originOf,
  sharingAccounts,
  type CopyKind,
} from './mirrors.ts';
import { leaderRow } from './rows.ts';

const kinds: readonly CopyKind[] = ['mirror', 'source'];
const named = (kind: CopyKind, what: string) => `${kind}-${what}`.toUpperCase();

describe.each(natsVersions)('a copy of a stream of nats-server %s', (version) => {
  let cluster: Cluster;
  let client: Client;
  let shop: Client;
  beforeAll(async () => {
    cluster = await startCluster({ version, accounts: sharingAccounts() });
    client = await cluster.client();
    shop = await cluster.client('shop');
    await addStream(cluster, shop, 'SALES', { num_replicas: 3 });
    await fill(shop, 'SALES', 10);
  });
  afterAll(() => cluster.stop());

  const look = async (copy: string) => {
    const row = await leaderRow(cluster, copy);
    const { lag, active = 0, error } = originOf(row) ?? {};
    return { lag, isNever: active === -1, error, messages: row?.state.messages };
  };

  it.each(kinds)('as a %s of what is nowhere has never been connected, and no lag', async (kind) => {
    const copy = named(kind, 'never');
    await neverConnected(cluster, client, { origin: 'SALES', copy, kind });
    await expect.poll(() => look(copy)).toEqual({ lag: 0, isNever: true, error: undefined, messages: 0 });
  });

  it.each(kinds)('as a %s whose origin was deleted has no lag and names no error', async (kind) => {
    const origin = named(kind, 'origin');
    const copy = named(kind, 'orphan');
    await addStream(cluster, client, origin);
    await fill(client, origin, 10);
    await connected(cluster, client, { origin, copy, kind });
    await originDeleted(cluster, client, { origin, copy, kind });
    await expect.poll(() => look(copy)).toEqual({ lag: 0, isNever: false, error: undefined, messages: 10 });
  });

  it('that stands while its origin moves has no lag, no error, and fewer messages than the origin', async () => {
    const copies = kinds.map((kind) => ({ origin: 'SALES', copy: named(kind, 'of-shop'), kind }));
    for (const each of copies) await copyOfShop(cluster, client, each);
    const before = (await leaderRow(cluster, 'SALES'))?.state.messages ?? 0;
    for (const each of copies) await deliveriesCut(cluster, shop, each);
    for (const { copy } of copies)
      await expect
        .poll(() => look(copy))
        .toEqual({ lag: 0, isNever: false, error: undefined, messages: before });
    for (const each of copies) await deliveriesMended(cluster, each);
  });

  it.each(kinds)(
    'as a %s in good health has all, and says no more than that when it is quiet',
    async (kind) => {
      const origin = named(kind, 'busy');
      const copy = named(kind, 'copy');
      await addStream(cluster, client, origin);
      await connected(cluster, client, { origin, copy, kind });
      await fill(client, origin, 10);
      await hasAll(cluster, { origin, copy });
      await expect.poll(() => look(copy)).toEqual({ lag: 0, isNever: false, error: undefined, messages: 10 });
      // A mirror's place in its origin is not told, even by 2.15.
      await expect
        .poll(async () => originOf(await leaderRow(cluster, copy))?.seq)
        .toBe(version === '2.15.1' && kind === 'source' ? 10 : undefined);
    },
  );
});
